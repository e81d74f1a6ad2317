import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { readSources } from '../../src/project/sources.ts';
import { makeProject } from './project-tree.ts';

/** What was read, relative to the project: entries, and the files that they lead to. */
async function read(files: Record<string, string | object>, schema: string | string[], folder = '.') {
  const root = join(makeProject({ 'package.json': {}, ...files }), folder);
  const sources = await readSources(root, schema);
  const shown = (paths: readonly string[]): string[] => paths.map((path) => relative(root, path)).toSorted();
  return {
    root,
    sources,
    entries: shown(sources.entries),
    files: shown(sources.files.map(({ path }) => path)),
  };
}

it('reads a file', async () => {
  const { entries, sources, root } = await read({ 'src/schema.ts': 'x' }, './src/schema.ts');
  expect(entries).toEqual(['src/schema.ts']);
  expect(sources.files).toEqual([{ path: join(root, 'src/schema.ts'), text: 'x' }]);
  expect(sources.globMatches(join(root, 'src/other.ts'))).toBe(false);
});

it('reads the direct children of a folder', async () => {
  const { entries, sources, root } = await read(
    {
      'src/db/a.ts': '',
      'src/db/b.ts': '',
      'src/db/deep/c.ts': '',
      'src/db/readme.md': '',
      'src/db/types.d.ts': '',
    },
    './src/db',
  );
  expect(entries).toEqual(['src/db/a.ts', 'src/db/b.ts']);
  expect(sources.globMatches(join(root, 'src/db/new.ts'))).toBe(true);
  expect(sources.globMatches(join(root, 'src/db/deep/new.ts'))).toBe(false);
  expect(sources.globMatches(join(root, 'src/db/new.sql'))).toBe(false);
});

it('knows relations in a file of their own, which the config leaves out', async () => {
  const relations = (from: string) =>
    `import { relations } from 'drizzle-orm';\nimport { a } from '${from}';\nexport const aRelations = relations(a, () => ({}));\n`;
  const { entries, files } = await read(
    {
      'src/db/schema/a.ts': '',
      'src/db/schema/b.test.ts': relations('./a'),
      'src/db/relations.ts': relations('./schema/a'),
      'src/db/other.ts': relations('./elsewhere'),
      'src/db/query.ts': "import { a } from './schema/a';\n",
    },
    './src/db/schema/a.ts',
  );
  expect(entries).toEqual(['src/db/schema/a.ts']);
  expect(files).toEqual(['src/db/relations.ts', 'src/db/schema/a.ts']);
});

it('knows the index beside the files that a glob loads, with the endings that Node wants', async () => {
  const { entries, files } = await read(
    {
      'src/db/a.table.ts': '',
      'src/db/index.ts': "export * from './a.table.js';\n",
      'src/other/b.table.ts': '',
      'src/other/index.ts': "console.log('no barrel');\n",
    },
    './src/**/*.table.ts',
  );
  expect(entries).toEqual(['src/db/a.table.ts', 'src/other/b.table.ts']);
  expect(files).toEqual(['src/db/a.table.ts', 'src/db/index.ts', 'src/other/b.table.ts']);
});

const globs: readonly (readonly [string, string[], string, boolean])[] = [
  ['./src/db/*.schema.ts', ['src/db/a.schema.ts'], 'src/db/new.schema.ts', true],
  [
    './src/**/*.schema.ts',
    ['src/db/a.schema.ts', 'src/db/users/u.schema.ts'],
    'src/db/new/new.schema.ts',
    true,
  ],
  ['src/db/{a,b}*.ts', ['src/db/a.schema.ts', 'src/db/b.ts'], 'src/db/c.ts', false],
  ['./src/*', ['src/db/a.schema.ts', 'src/db/b.ts'], 'src/db/new.ts', true],
];

for (const [pattern, expected, newFile, seen] of globs) {
  it(`reads what ${pattern} matches, and knows whether it would match a new file`, async () => {
    const { entries, sources, root } = await read(
      {
        'src/db/a.schema.ts': '',
        'src/db/b.ts': '',
        'src/db/users/u.schema.ts': '',
        'src/db/node_modules/x.schema.ts': '',
      },
      pattern,
    );
    expect(entries).toEqual(expected);
    expect(sources.globMatches(join(root, newFile))).toBe(seen);
  });
}

it('reads a glob that leaves the package, and an absolute one', async () => {
  const files = { 'shared/a.ts': '', 'app/package.json': {} };
  const first = await read(files, '../shared/*.ts', 'app');
  expect(first.entries).toEqual(['../shared/a.ts']);
  expect(first.sources.globMatches(join(first.root, '../shared/b.ts'))).toBe(true);
  const second = await readSources(first.root, join(first.root, '../shared/*.ts'));
  expect(second.entries).toEqual(first.sources.entries);
  expect(second.globMatches(join(first.root, '../shared/b.ts'))).toBe(true);
});

it('reads a list, each file once', async () => {
  expect((await read({ 'a.ts': '', 'b/c.ts': '' }, ['./a.ts', './b', './b/*.ts'])).entries).toEqual([
    'a.ts',
    'b/c.ts',
  ]);
});

it('names the patterns where all of them match nothing', async () => {
  const error = {
    code: 'config-invalid',
    message: expect.stringContaining('"./b.ts", "./src/missing/*.ts"'),
  };
  await expect(read({ 'a.ts': '' }, ['./b.ts', './src/missing/*.ts'])).rejects.toMatchObject(error);
  await expect(read({ 'empty/readme.md': '' }, './empty')).rejects.toMatchObject({ code: 'config-invalid' });
});

it('goes on without an entry of a list that matches nothing, as drizzle-kit does', async () => {
  const { entries } = await read({ 'a.ts': '' }, ['./a.ts', './gone.ts', './src/missing/*.ts', './none/']);
  expect(entries).toEqual(['a.ts']);
});

it('knows a file that is reached through a link by its own name, and that it must stay', async () => {
  const root = makeProject({
    'package.json': {},
    'shared/users.ts': "import './teams';\nimport './roles';",
    'shared/teams.ts': '',
    'app/deep/roles.ts': '',
    'app/own.ts': "import './users'",
  });
  symlinkSync('../shared/users.ts', join(root, 'app/users.ts'));
  symlinkSync('../app/deep/roles.ts', join(root, 'shared/roles.ts'));
  const sources = await readSources(root, './app/*.ts');
  const [users, own] = [join(root, 'shared/users.ts'), join(root, 'app/own.ts')];
  expect(sources.entries).toEqual([own, users]);
  expect(sources.files.map(({ path }) => relative(root, path)).toSorted()).toEqual([
    'app/deep/roles.ts',
    'app/own.ts',
    'shared/teams.ts',
    'shared/users.ts',
  ]);
  expect(sources.resolveImport(own, './users')).toBe(users);
  expect(sources.resolveImport(users, './roles')).toBe(join(root, 'app/deep/roles.ts'));
  expect([sources.mustStay(users), sources.mustStay(own)]).toEqual([true, false]);
  expect(sources.globMatches(join(root, 'shared/new.ts'))).toBe(false);
  expect((await readSources(root, ['./app/own.ts'])).mustStay(own)).toBe(true);
});

it('sees through a linked folder, new files in it too', async () => {
  const root = makeProject({ 'package.json': {}, 'shared/db/users.ts': '', 'src/x.ts': '' });
  symlinkSync('../shared/db', join(root, 'src/db'));
  const users = join(root, 'shared/db/users.ts');
  for (const pattern of ['./src/db/*.ts', './src/db']) {
    const sources = await readSources(root, pattern);
    expect(sources.entries).toEqual([users]);
    expect(sources.globMatches(join(root, 'shared/db/new.ts'))).toBe(true);
    expect(sources.mustStay(users)).toBe(false);
  }
});

it('leaves compiled output beside its source alone', async () => {
  const files = {
    'src/a.ts': "import './b.js';",
    'src/a.js': '',
    'src/a.d.ts': '',
    'src/a.js.map': '',
    'src/b.ts': '',
    'src/b.js': '',
    'src/own.js': '',
  };
  const found = await read(files, './src');
  expect([found.entries, found.files]).toEqual([
    ['src/a.ts', 'src/b.ts', 'src/own.js'],
    ['src/a.ts', 'src/b.ts', 'src/own.js'],
  ]);
});

const imports: readonly (readonly [string, string, string])[] = [
  ['without an ending', './users', 'src/users.ts'],
  ['with the .js of NodeNext', './users.js', 'src/users.ts'],
  ['with the .ts', './users.ts', 'src/users.ts'],
  ['of .mjs for .mts', './more.mjs', 'src/more.mts'],
  ['of a folder', './tables', 'src/tables/index.ts'],
  ['of a folder above', '..', 'index.ts'],
  ['of a name with a dot', './users.schema', 'src/users.schema.ts'],
  ['by the paths of the tsconfig', '@/users', 'src/users.ts'],
  ['by an exact path of the tsconfig', '~db', 'src/tables/index.ts'],
  ['by the imports of the package.json', '#db/users', 'src/users.ts'],
];

const importable = {
  'package.json': { imports: { '#db/*': './src/*.ts' } },
  'tsconfig.json':
    '{ "compilerOptions": { "paths": { "@/*": ["./src/*"], "~db": ["./src/tables/index.ts"] /* comment */ }, }, }',
  'index.ts': '',
  'src/users.ts': '',
  'src/more.mts': '',
  'src/users.schema.ts': '',
  'src/tables/index.ts': '',
};

for (const [what, specifier, file] of imports) {
  it(`follows an import ${what}`, async () => {
    const { files, sources, root } = await read(
      { ...importable, 'src/schema.ts': `export * from '${specifier}';` },
      './src/schema.ts',
    );
    expect(files).toEqual([file, 'src/schema.ts'].toSorted());
    expect(sources.resolveImport(join(root, 'src/schema.ts'), specifier)).toBe(join(root, file));
  });
}

it('follows imports of every form, directly or not, round in a circle, and no package', async () => {
  const { files, sources, root } = await read(
    {
      'a.ts': `import { pgTable } from 'drizzle-orm/pg-core';\nimport type { B } from "./b";\nimport './side';\nexport {\n  c,\n} from './c';\nconst d = require('./d');\nconst e = await import('./e');\nimport * as missing from './missing';`,
      'b.ts': "export * from './f'",
      'c.ts': '',
      'd.ts': '',
      'e.ts': '',
      'f.ts': "export * from './a'",
      'side.ts': '',
      'node_modules/drizzle-orm/pg-core.ts': '',
    },
    'a.ts',
  );
  expect(files).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts', 'side.ts']);
  expect(sources.resolveImport(join(root, 'a.ts'), 'drizzle-orm/pg-core')).toBeUndefined();
  expect(sources.resolveImport(join(root, 'a.ts'), './missing')).toBeUndefined();
});

it('follows the paths of the tsconfigs that a solution refers to', async () => {
  const { files } = await read(
    {
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
      'tsconfig.app.json': { compilerOptions: { composite: true, paths: { '@/*': ['./src/*'] } } },
      'src/schema.ts': "import '@/users'",
      'src/users.ts': '',
    },
    'src/schema.ts',
  );
  expect(files).toEqual(['src/schema.ts', 'src/users.ts']);
});

it('goes on without a tsconfig that is broken', async () => {
  expect(
    (await read({ 'tsconfig.json': { extends: './nowhere.json' }, 'a.ts': "import '@/b'" }, 'a.ts')).files,
  ).toEqual(['a.ts']);
});

const workspacePackages: readonly (readonly [string, object, string, string])[] = [
  [
    'by exports',
    { exports: { './schema': { types: './dist/schema.d.ts', default: './src/schema.ts' } } },
    '@shop/db/schema',
    'src/schema.ts',
  ],
  [
    'by exports that name compiled output alone',
    { exports: { './schema': { types: './dist/schema.d.ts', import: './dist/schema.js' } } },
    '@shop/db/schema',
    'src/schema.ts',
  ],
  ['by a pattern of exports', { exports: { './*': './src/*.ts' } }, '@shop/db/schema', 'src/schema.ts'],
  ['by main', { main: './src/schema.ts' }, '@shop/db', 'src/schema.ts'],
  ['by nothing', {}, '@shop/db', 'src/index.ts'],
  ['by its path', {}, '@shop/db/src/schema', 'src/schema.ts'],
];

for (const [what, manifest, specifier, file] of workspacePackages) {
  it(`follows imports into a package of the workspace ${what}`, async () => {
    const root = makeProject({
      'package.json': { workspaces: ['packages/*'] },
      'packages/db/package.json': { name: '@shop/db', ...manifest },
      'packages/db/src/schema.ts': "export * from './users.js'",
      'packages/db/src/index.ts': "export * from './users.js'",
      'packages/db/src/users.ts': '',
      'packages/db/dist/schema.js': '',
      'packages/app/package.json': {},
      'packages/app/schema.ts': `export * from '${specifier}'`,
    });
    mkdirSync(join(root, 'node_modules/@shop'));
    symlinkSync('../../packages/db', join(root, 'node_modules/@shop/db'));
    const sources = await readSources(join(root, 'packages/app'), './schema.ts');
    expect(sources.files.map(({ path }) => relative(root, path)).toSorted()).toEqual(
      ['packages/app/schema.ts', `packages/db/${file}`, 'packages/db/src/users.ts'].toSorted(),
    );
    expect(sources.resolveImport(join(root, 'packages/app/schema.ts'), specifier)).toBe(
      join(root, 'packages/db', file),
    );
  });
}

it('reads a thousand files that import each other', async () => {
  const tables = Array.from({ length: 1000 }, (_, index) => [
    `src/db/t${index}.ts`,
    `import { pgTable } from 'drizzle-orm/pg-core';\nimport { x } from '@/db/t${(index + 1) % 1000}';\nimport { y } from './t${(index + 2) % 1000}.js';\n`,
  ]);
  const root = makeProject({
    'package.json': {},
    'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
    ...Object.fromEntries(tables),
  });
  const sources = await readSources(root, './src/db');
  expect(sources.files).toHaveLength(1000);
});
