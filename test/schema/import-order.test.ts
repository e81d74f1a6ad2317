import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importOrderOf, kindOf, USUAL_ORDER } from '../../src/schema/import-order.ts';
import type { WantedImport } from '../../src/schema/import-line.ts';
import { editImports } from '../../src/schema/imports.ts';
import { parseFile } from '../../src/schema/parse.ts';
import { readStyle } from '../../src/schema/style.ts';
import { column, edit, foreignKey, table } from './drizzle/memory-project.ts';

/** `@app/…` is the project's own alias here, as its tsconfig would say. */
const resolve = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return `${posix.join(posix.dirname(from), specifier)}.ts`;
  return /^@app\/|^@\//.test(specifier) ? `/p/src/${specifier.replace(/^@(app)?\//, '')}.ts` : undefined;
};
const parse = (text: string) => parseFile('/p/src/db/a.ts', text, resolve);
const line = (module: string, imported = 'x') => `import { ${imported} } from '${module}';\n`;
const wanted = (module: string, isOwn = false): WantedImport => ({
  module,
  name: 'fresh',
  alias: 'fresh',
  isType: false,
  isOwn,
});

function edited(
  text: string,
  imports: readonly WantedImport[],
  neighbours: readonly string[] = [text],
): string {
  const style = { ...readStyle(neighbours.join('\n')), importOrder: importOrderOf(neighbours.map(parse)) };
  return editImports(parse(text), imports, new Set(), style);
}

it.each([
  ['drizzle-orm/pg-core', false, 'orm'],
  ['typeorm', false, 'orm'],
  ['uuid', false, 'package'],
  ['@nestjs/common', false, 'package'],
  ['@/db/users', false, 'alias'],
  ['~/db/users', false, 'alias'],
  ['#db/users', false, 'alias'],
  ['@app/db/users', true, 'alias'],
  ['src/db/users', true, 'alias'],
  ['./users', true, 'relative'],
  ['../users', false, 'relative'],
  ['..', true, 'relative'],
])('%s (a file of the project: %s) is of the kind %s', (module, isOwn, kind) => {
  expect(kindOf(module, isOwn)).toBe(kind);
});

describe('the imports of a new file are sorted', () => {
  const all = [
    wanted('./x'),
    wanted('@app/y', true),
    wanted('@nestjs/common'),
    wanted('drizzle-orm/pg-core'),
    wanted('@/z', true),
  ];
  const modules = (text: string) =>
    [...text.matchAll(/from '([^']+)'|^$/gm)].map(([, module = '']) => module);

  it('packages, aliases, files nearby', () => {
    expect(modules(edited('', all)).filter(Boolean)).toEqual([
      'drizzle-orm/pg-core',
      '@nestjs/common',
      '@/z',
      '@app/y',
      './x',
    ]);
  });

  it('as the neighbours have them, with their blank lines', () => {
    const neighbour =
      line('@nestjs/common') + line('drizzle-orm') + '\n' + line('./b', 'b') + '\n' + line('@app/c', 'c');
    expect(
      modules(edited('', all, [neighbour]))
        .join(' ')
        .trim(),
    ).toBe('@nestjs/common drizzle-orm/pg-core  ./x  @/z @app/y');
  });

  it('a scoped package is no file of the project', () => {
    const neighbour = line('drizzle-orm') + line('@nestjs/common') + '\n' + line('@/b');
    const text = edited('', [wanted('@/z', true), wanted('@nestjs/common')], [neighbour]);
    expect(text).toBe(line('@nestjs/common', 'fresh') + '\n' + line('@/z', 'fresh'));
  });
});

describe('an import of a file goes', () => {
  const head = line('drizzle-orm') + line('@nestjs/common');

  it.each([
    [
      'among the aliases',
      line('@/a') + line('@/m') + line('./b'),
      '@/c',
      [line('@/a'), 'NEW', line('@/m'), line('./b')],
    ],
    ['behind the aliases', line('@/a') + line('./b'), '@/c', [line('@/a'), 'NEW', line('./b')]],
    ['before the files nearby', line('./b'), '@/c', ['NEW', line('./b')]],
    [
      'behind the aliases that are no sorted list',
      line('@/z') + line('@/a') + line('./b'),
      '@/c',
      [line('@/z'), line('@/a'), 'NEW', line('./b')],
    ],
    ['at the end', line('@/a'), './c', [line('@/a'), 'NEW']],
    ['among the files nearby', line('../a') + line('./d'), './c', [line('../a'), 'NEW', line('./d')]],
  ])('%s', (_, body, module, parts) => {
    const after = head + parts.join('').replace('NEW', line(module, 'fresh')) + '\nconst y = x;\n';
    expect(edited(`${head}${body}\nconst y = x;\n`, [wanted(module, true)])).toBe(after);
  });

  it('before the aliases where this project has files nearby above them', () => {
    const neighbour = line('drizzle-orm') + line('./a') + line('@/b');
    expect(edited(line('drizzle-orm') + line('@/b'), [wanted('./c', true)], [neighbour])).toBe(
      line('drizzle-orm') + line('./c', 'fresh') + line('@/b'),
    );
  });
});

it('a package goes behind the packages, not behind the files', () => {
  expect(edited(line('drizzle-orm') + line('uuid') + line('./b'), [wanted('zod')])).toBe(
    line('drizzle-orm') + line('uuid') + line('zod', 'fresh') + line('./b'),
  );
  expect(edited(line('./b'), [wanted('zod')])).toBe(line('zod', 'fresh') + line('./b'));
});

it('files that show no order have the usual one', () => {
  expect(importOrderOf([])).toEqual(USUAL_ORDER);
});

it('a new table in a file of its own imports aliases before what lies beside it', () => {
  const users = `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nimport { stamps } from '@/lib/stamps';\n\nimport { tenants } from './tenants';\n\nexport const users = pgTable('users', {\n  id: uuid('id').primaryKey(),\n  tenant: uuid('tenant').references(() => tenants.id),\n  ...stamps,\n});\n`;
  const tenants = `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nimport { stamps } from '@/lib/stamps';\n\nexport const tenants = pgTable('tenants', {\n  id: uuid('id').primaryKey(),\n  ...stamps,\n});\n`;
  const texts = {
    '/p/src/db/users.ts': users,
    '/p/src/db/tenants.ts': tenants,
    '/p/src/lib/stamps.ts': `import { timestamp } from 'drizzle-orm/pg-core';\n\nexport const stamps = { createdAt: timestamp('created_at').notNull() };\n`,
  };
  const id = column('id', 'uuid', { notNull: true });
  const created = column('created_at', 'timestamp', { notNull: true });
  const tables = ['users', 'tenants'].map((each) =>
    table(each, [id, created], { primaryKey: { name: `${each}_pkey`, named: false, columns: ['id'] } }),
  );
  const added = table('notes', [id, column('user', 'uuid'), created], {
    primaryKey: { name: 'notes_pkey', named: false, columns: ['id'] },
    foreignKeys: [foreignKey('notes', 'users', 'user')],
  });
  const { text } = edit(texts, [{ kind: 'create-table', table: added, domain: undefined }], {
    entries: ['/p/src/db/users.ts', '/p/src/db/tenants.ts'],
    globMatches: (path) => path.startsWith('/p/src/db/'),
    resolveImport: resolve,
    before: { tables, enums: [], schemas: [], views: [] },
  });
  expect(text('/p/src/db/notes.ts')).toContain(
    `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nimport { stamps } from '@/lib/stamps';\n\nimport { users } from './users';\n\n`,
  );
});

describe('a default import', () => {
  const user = { ...wanted('@/user', true), name: 'User', alias: 'User', isDefault: true };

  it('stands among those of its kind, in a line of its own', () => {
    expect(edited(line('typeorm') + line('@/a') + line('./b'), [user])).toBe(
      line('typeorm') + line('@/a') + `import User from '@/user';\n` + line('./b'),
    );
  });

  it('in a new file too, beside names of the same module', () => {
    expect(edited('', [wanted('./z', true), user, wanted('@/user', true)])).toBe(
      `import User from '@/user';\n` + line('@/user', 'fresh') + line('./z', 'fresh'),
    );
  });
});
