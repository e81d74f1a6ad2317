import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { addToBarrel, type BarrelAddition, barrelText } from '../../../src/schema/barrel-edit.ts';
import { type BarrelModel, readBarrel } from '../../../src/schema/barrel-model.ts';
import { removeFromBarrel, removeOwnExports } from '../../../src/schema/barrel-remove.ts';
import { planBarrel } from '../../../src/schema/drizzle/barrel.ts';
import { applyEdits as splice } from '../../../src/schema/text-edit.ts';

/** Resolves like a project whose sources lie in /p/src and are also called @/. */
function resolverFor(files: readonly string[]) {
  return (from: string, specifier: string): string | undefined => {
    const base = specifier.startsWith('@/')
      ? `/p/src/${specifier.slice(2)}`
      : specifier.startsWith('.')
        ? new URL(specifier, `file://${from}`).pathname
        : undefined;
    const bare = base?.replace(/\.js$/, '');
    return [`${bare}.ts`, `${bare}/index.ts`, base].find(
      (path) => path !== undefined && files.includes(path),
    );
  };
}

const tables = ['users', 'posts', 'orders', 'accounts', 'products', 'enums', 'relations'];
const allFiles = tables.flatMap((name) => [`/p/src/db/${name}.ts`, `/p/src/db/${name}/${name}.schema.ts`]);

function model(text: string, path = '/p/src/db/index.ts'): BarrelModel {
  return readBarrel(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest), resolverFor(allFiles));
}

function add(text: string, more: Partial<BarrelAddition> = {}): string {
  const addition: BarrelAddition = {
    file: '/p/src/db/products.ts',
    values: ['products'],
    types: [],
    isSchemaFile: (path) => !path.includes('relations'),
    fallback: { quote: "'", semicolon: ';', eol: '\n' },
    ...more,
  };
  return splice(text, addToBarrel(model(text), addition));
}

const nested = { file: '/p/src/db/products/products.schema.ts' };

describe('a new file is added in the form of its neighbours', () => {
  it.each([
    [
      'sorted stars',
      "export * from './orders';\nexport * from './users';\n",
      "export * from './orders';\nexport * from './products';\nexport * from './users';\n",
    ],
    [
      'unsorted stars',
      "export * from './users';\nexport * from './orders';\n",
      "export * from './users';\nexport * from './orders';\nexport * from './products';\n",
    ],
    [
      'relations stay last',
      "export * from './users';\nexport * from './orders';\nexport * from './relations';\n",
      "export * from './users';\nexport * from './orders';\nexport * from './products';\nexport * from './relations';\n",
    ],
    [
      'suffix, double quotes, no semicolons, no newline at the end',
      'export * from "./users.js"',
      'export * from "./users.js"\nexport * from "./products.js"',
    ],
    [
      'CRLF',
      "export * from './orders';\r\nexport * from './users';\r\n",
      "export * from './orders';\r\nexport * from './products';\r\nexport * from './users';\r\n",
    ],
    [
      'an alias',
      "export * from '@/db/users';\n",
      "export * from '@/db/users';\nexport * from '@/db/products';\n",
    ],
    ['an empty file', '', "export * from './products';\n"],
    [
      'a comment behind a line',
      "export * from './users'; // people\n\nexport const x = 1;\n",
      "export * from './users'; // people\nexport * from './products';\n\nexport const x = 1;\n",
    ],
    [
      'a name',
      "export { orders } from './orders';\nexport { users } from './users';\n",
      "export { orders } from './orders';\nexport { products } from './products';\nexport { users } from './users';\n",
    ],
    [
      'names sorted while files are not',
      "export { accounts } from './users';\nexport { users } from './orders';\n",
      "export { accounts } from './users';\nexport { products } from './products';\nexport { users } from './orders';\n",
    ],
  ])('%s', (_, before, after) => {
    expect(add(before)).toBe(after);
  });

  it('keeps comment groups, and sorts inside the group', () => {
    const before =
      "// auth\nexport * from './accounts';\n\n// shop\nexport * from './orders';\nexport * from './posts';\nexport * from './users';\n";
    expect(add(before)).toBe(
      before.replace("export * from './users'", "export * from './products';\nexport * from './users'"),
    );
  });

  it('lists row types where the neighbours do', () => {
    const types = ['Product', 'NewProduct'];
    expect(add("export { users, type User, type NewUser } from './users';\n", { types })).toContain(
      "export { products, type Product, type NewProduct } from './products';\n",
    );
    expect(add("export { users } from './users';\nexport type { User } from './users';\n", { types })).toBe(
      "export { users } from './users';\nexport type { User } from './users';\nexport { products } from './products';\nexport type { Product, NewProduct } from './products';\n",
    );
    expect(add("export { users } from './users';\n", { types })).toBe(
      "export { users } from './users';\nexport { products } from './products';\n",
    );
  });

  it('lists relations and zod schemas only where it lists others', () => {
    const values = ['products', 'productsRelations', 'insertProductSchema'];
    expect(add("export { users } from './users';\n", { values })).toContain(
      "export { products } from './products';\n",
    );
    expect(add("export { users, usersRelations } from './users';\n", { values })).toContain(
      'export { products, productsRelations, insertProductSchema } from',
    );
    expect(add("export { users } from './users';\n", { values: ['productsRelations'] })).toBe(
      "export { users } from './users';\n",
    );
  });

  it('edits import, export list and object together', () => {
    const before = `import { accounts } from './accounts/accounts.schema';
import { users } from './users/users.schema';

export { accounts, users };

export const schema = {
  accounts,
  users, // people
};
`;
    expect(add(before, nested)).toBe(`import { accounts } from './accounts/accounts.schema';
import { products } from './products/products.schema';
import { users } from './users/users.schema';

export { accounts, products, users };

export const schema = {
  accounts,
  products,
  users, // people
};
`);
  });

  it('edits an object of namespaces', () => {
    const before =
      "import * as users from './users';\nimport * as orders from './orders';\n\nexport const schema = { ...users, ...orders } as const;\n";
    expect(add(before)).toBe(
      "import * as users from './users';\nimport * as orders from './orders';\nimport * as products from './products';\n\nexport const schema = { ...users, ...orders, ...products } as const;\n",
    );
  });

  it('adds to the line that names the file already', () => {
    expect(
      add("export { users } from './users';\n", { file: '/p/src/db/users.ts', values: ['profiles'] }),
    ).toBe("export { profiles, users } from './users';\n".replace('profiles, users', 'users, profiles'));
    expect(add("export * from './users';\n", { file: '/p/src/db/users.ts', values: ['profiles'] })).toBe(
      "export * from './users';\n",
    );
    expect(
      add("export {\n  accounts,\n  users\n} from './users';\n", {
        file: '/p/src/db/users.ts',
        values: ['profiles'],
      }),
    ).toBe("export {\n  accounts,\n  profiles,\n  users\n} from './users';\n");
    expect(
      add("export {\n  users,\n  accounts // logins\n} from './users';\n", {
        file: '/p/src/db/users.ts',
        values: ['profiles'],
      }),
    ).toBe("export {\n  users,\n  accounts, // logins\n  profiles\n} from './users';\n");
  });

  it('appends to a schema file that ends with an export of another', () => {
    const before = "export const users = pgTable('users', {});\n\nexport * from './accounts';\n";
    expect(add(before)).toBe(`${before}export * from './products';\n`);
  });

  it('writes a new index as the other folders have it', () => {
    const like = model("export * from './users.schema';\n", '/p/src/db/users/index.ts');
    const addition = {
      ...nested,
      values: ['products'],
      types: [],
      isSchemaFile: () => true,
      fallback: { quote: "'", semicolon: ';', eol: '\n' },
    } as const;
    expect(barrelText('/p/src/db/products/index.ts', like, addition)).toBe(
      "export * from './products.schema';",
    );
  });
});

describe('names are removed', () => {
  const remove = (text: string, names: readonly string[] | 'all', file = '/p/src/db/users.ts') =>
    splice(text, removeFromBarrel(model(text), { file, names }));

  it.each([
    [
      "export * from './orders';\nexport * from './users'; // people\nexport * from './posts';\n",
      "export * from './orders';\nexport * from './posts';\n",
    ],
    ["export * from './orders';\nexport * from './users';", "export * from './orders';"],
    ["export * from './orders';\n\n// people\nexport * from './users';\n", "export * from './orders';\n\n"],
    ["// all tables\nexport * from './users';\n", '// all tables\n'],
    [
      "import { orders } from './orders';\nimport { users } from './users';\nexport { orders, users };\nexport const schema = { orders, users };\n",
      "import { orders } from './orders';\nexport { orders };\nexport const schema = { orders };\n",
    ],
    [
      "import * as users from './users';\nimport * as posts from './posts';\nexport const schema = {\n  ...posts,\n  ...users\n};\n",
      "import * as posts from './posts';\nexport const schema = {\n  ...posts\n};\n",
    ],
  ])('%j', (before, after) => {
    expect(remove(before, 'all')).toBe(after);
  });

  it("from the file's own export list", () => {
    const text = 'const users = 1, posts = 2;\nexport { users, posts };\n';
    expect(splice(text, removeOwnExports(model(text), ['users']))).toBe(
      'const users = 1, posts = 2;\nexport { posts };\n',
    );
  });

  it('from a line that has others', () => {
    expect(remove("export { users, profiles, type User } from './users';\n", ['users', 'User'])).toBe(
      "export { profiles } from './users';\n",
    );
    expect(
      remove("export { users } from './users';\nexport type { User } from './users';\n", ['users', 'User']),
    ).toBe('');
  });
});

describe('which barrel', () => {
  const question = (
    files: Readonly<Record<string, string>>,
    file: string,
    entries: readonly string[],
    glob: (path: string) => boolean = () => false,
  ) => {
    const paths = Object.keys(files);
    const models = new Map(
      paths.map((path) => [
        path,
        readBarrel(path, ts.createSourceFile(path, files[path]!, ts.ScriptTarget.Latest), resolverFor(paths)),
      ]),
    );
    return planBarrel({
      file,
      entries,
      models,
      globMatches: glob,
      isSchemaFile: (path) => files[path]?.includes('pgTable') ?? false,
    });
  };
  const table = "export const t = pgTable('t', {})";

  it('the entry that names the neighbours', () => {
    const files = { '/p/src/schema.ts': "export * from './db/users';", '/p/src/db/users.ts': table };
    expect(question(files, '/p/src/db/products.ts', ['/p/src/schema.ts'])).toEqual({
      kind: 'edit',
      path: '/p/src/schema.ts',
    });
  });

  it('the second hop that names them, not the first', () => {
    const files = {
      '/p/src/schema.ts': "export * from './db';",
      '/p/src/db/index.ts': "export { users } from './users';",
      '/p/src/db/users.ts': table,
    };
    expect(question(files, '/p/src/db/products.ts', ['/p/src/schema.ts'])).toEqual({
      kind: 'edit',
      path: '/p/src/db/index.ts',
    });
  });

  it('an index of its own where every folder has one', () => {
    const files = {
      '/p/src/db/index.ts': "export * from './users';",
      '/p/src/db/users/index.ts': "export * from './users.schema';",
      '/p/src/db/users/users.schema.ts': table,
    };
    expect(question(files, '/p/src/db/products/products.schema.ts', ['/p/src/db/index.ts'])).toEqual({
      kind: 'create',
      path: '/p/src/db/products/index.ts',
      like: '/p/src/db/users/index.ts',
      parent: '/p/src/db/index.ts',
    });
  });

  it('none where a glob finds the file, or it is an entry itself, or a star names it', () => {
    const files = { '/p/src/db/users.ts': table, '/p/src/db/posts.ts': table };
    expect(question(files, '/p/src/db/products.ts', Object.keys(files), () => true)).toEqual({
      kind: 'none',
    });
    expect(question(files, '/p/src/db/users.ts', Object.keys(files))).toEqual({ kind: 'none' });
    const starred = { '/p/src/db/index.ts': "export * from './users';", '/p/src/db/users.ts': table };
    expect(question(starred, '/p/src/db/users.ts', ['/p/src/db/index.ts'])).toEqual({ kind: 'none' });
  });

  it("the application's own barrel beside a glob, when it names most neighbours", () => {
    const files = {
      '/p/src/db/index.ts': "export * from './users';\nexport * from './posts';",
      '/p/src/db/users.ts': table,
      '/p/src/db/posts.ts': table,
    };
    expect(question(files, '/p/src/db/products.ts', Object.keys(files), () => true)).toEqual({
      kind: 'edit',
      path: '/p/src/db/index.ts',
    });
    const most = { ...files, '/p/src/db/orders.ts': table };
    expect(question(most, '/p/src/db/products.ts', Object.keys(most), () => true)).toEqual({
      kind: 'edit',
      path: '/p/src/db/index.ts',
    });
    const few = { ...files, '/p/src/db/index.ts': "export * from './users';" };
    expect(question(few, '/p/src/db/products.ts', Object.keys(files), () => true)).toEqual({
      kind: 'none',
      leavesOut: '/p/src/db/index.ts',
    });
  });

  it('an empty entry, but not one of several files without any', () => {
    expect(question({ '/p/src/schema.ts': '' }, '/p/src/products.ts', ['/p/src/schema.ts'])).toEqual({
      kind: 'edit',
      path: '/p/src/schema.ts',
    });
    const files = { '/p/src/a.ts': table, '/p/src/b.ts': table };
    expect(question(files, '/p/src/c.ts', Object.keys(files))).toEqual({ kind: 'unreachable' });
  });
});

describe('a barrel with sections under comments', () => {
  const flat = [
    '// people',
    "export * from './users';",
    "export * from './accounts';",
    "export * from './posts';",
    '',
    '// shop',
    "export * from './orders';",
    '',
  ].join('\n');
  const added = (text: string, line: string, behind: string) =>
    text.replace(`${behind}\n`, `${behind}\n${line}\n`);

  it('gets a new file in the last one where nothing else tells, however many the others have', () => {
    expect(add(flat)).toBe(added(flat, "export * from './products';", "export * from './orders';"));
  });

  it('gets it where the tables stand that it refers to', () => {
    const related = ['/p/src/db/accounts.ts'];
    expect(add(flat, { related })).toBe(
      added(flat, "export * from './products';", "export * from './posts';"),
    );
  });

  it('gets it where files are called alike', () => {
    const file = '/p/src/db/post-tags.ts';
    expect(add(flat, { file, values: ['postTags'] })).toBe(
      added(flat, "export * from './post-tags';", "export * from './posts';"),
    );
  });

  it('gets it in the section of its folder, whatever it refers to', () => {
    const text = [
      '// shop',
      "export * from './products/products.schema';",
      '',
      '// people',
      "export * from './users/users.schema';",
      "export * from './accounts/accounts.schema';",
      '',
    ].join('\n');
    const file = '/p/src/db/products/prices.schema.ts';
    expect(add(text, { file, values: ['prices'], related: ['/p/src/db/users/users.schema.ts'] })).toBe(
      text.replace(
        "export * from './products/products.schema';\n",
        "export * from './products/products.schema';\nexport * from './products/prices.schema';\n",
      ),
    );
  });
});
