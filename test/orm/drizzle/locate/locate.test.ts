import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateDrizzle } from '../../../../src/orm/drizzle/locate/locate.ts';
import { makeTree } from '../../../workspace/tree.ts';
import { CONFIG, kitFiles, makeProject } from '../../../project/project-tree.ts';

it('finds a single package with all that it is worked on with', async () => {
  const root = makeProject({
    'package.json': {
      scripts: {
        'db:generate': 'drizzle-kit generate',
        'db:migrate': 'drizzle-kit migrate',
        test: 'vitest run',
      },
    },
    'package-lock.json': '{}',
    'drizzle.config.ts': CONFIG,
    'tsconfig.json': '{}',
  });
  const project = await locateDrizzle(root);
  expect(project).toMatchObject({
    root,
    repoRoot: root,
    configPath: join(root, 'drizzle.config.ts'),
    script: { name: 'db:generate' },
    migrateScript: { name: 'db:migrate' },
    packageManager: 'npm',
    tsconfigPath: join(root, 'tsconfig.json'),
    testScript: 'test',
    drizzleKit: {
      version: '0.31.11',
      packageDir: join(root, 'node_modules/drizzle-kit'),
      binPath: join(root, 'node_modules/drizzle-kit/bin.cjs'),
    },
  });
  expect(project.run('db:migrate')).toBe('npm run db:migrate');
});

it('finds it from any folder inside, also through a link, with spaces in its path', async () => {
  const root = makeProject(
    { 'package.json': {}, 'drizzle.config.ts': CONFIG, 'src/deep/er/x.ts': '' },
    'tableplan with spaces & ümlauts-',
  );
  expect((await locateDrizzle(join(root, 'src/deep/er'))).root).toBe(root);
  const link = join(makeTree({}), 'link');
  symlinkSync(root, link);
  expect((await locateDrizzle(join(link, 'src'))).root).toBe(root);
});

for (const name of [
  'drizzle.config.js',
  'drizzle.config.mjs',
  'drizzle.config.cjs',
  'drizzle.config.mts',
  'drizzle.config.json',
  'drizzle-pg.config.ts',
  'drizzle.prod.config.ts',
]) {
  it(`knows ${name} for a config`, async () => {
    const root = makeProject({ 'package.json': {}, [name]: CONFIG });
    expect((await locateDrizzle(root)).configPath).toBe(join(root, name));
  });
}

it.each([
  ['in the folder', {}],
  [
    'in the scripts',
    {
      scripts: {
        generate: 'drizzle-kit generate',
        'generate:test': 'drizzle-kit generate --config=drizzle.config.test.ts',
      },
    },
  ],
])("takes drizzle-kit's own default before other configs %s", async (_where, json) => {
  const root = makeProject({
    'package.json': json,
    'drizzle.config.ts': CONFIG,
    'drizzle.config.test.ts': CONFIG,
    'drizzle-tenant.config.ts': CONFIG,
  });
  expect((await locateDrizzle(root)).configPath).toBe(join(root, 'drizzle.config.ts'));
});

it('takes the .ts before the .js, as drizzle-kit does', async () => {
  const root = makeProject({ 'package.json': {}, 'drizzle.config.js': CONFIG, 'drizzle.config.ts': CONFIG });
  expect((await locateDrizzle(root)).configPath).toBe(join(root, 'drizzle.config.ts'));
});

const inSubfolder = {
  'package.json': { scripts: { generate: 'DB=one drizzle-kit generate --config=src/db/drizzle.config.ts' } },
  'src/db/drizzle.config.ts': CONFIG,
  'src/db/deep/x.ts': '',
  'src/api/x.ts': '',
};

for (const folder of ['.', 'src', 'src/api', 'src/db', 'src/db/deep']) {
  it(`runs a config in a subfolder where its script does, when started in ${folder}`, async () => {
    const root = makeProject(inSubfolder);
    expect(await locateDrizzle(join(root, folder))).toMatchObject({
      root,
      configPath: join(root, 'src/db/drizzle.config.ts'),
      script: { name: 'generate', env: { DB: 'one' } },
    });
  });
}

it('finds a config in a subfolder that no script names', async () => {
  const root = makeProject({ 'package.json': {}, 'src/db/drizzle.config.ts': CONFIG, 'src/api/x.ts': '' });
  expect(await locateDrizzle(root)).toMatchObject({
    root,
    configPath: join(root, 'src/db/drizzle.config.ts'),
  });
  expect((await locateDrizzle(join(root, 'src/api'))).configPath).toBe(
    join(root, 'src/db/drizzle.config.ts'),
  );
});

const monorepo = {
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
  'package.json': { private: true, scripts: { 'db:generate': 'pnpm --filter @shop/db generate' } },
  'packages/db/package.json': { name: '@shop/db', scripts: { generate: 'drizzle-kit generate' } },
  'packages/db/drizzle.config.ts': CONFIG,
  'apps/web/package.json': { name: 'web' },
  'apps/web/turbo.json': '{}',
  'apps/web/src/x.ts': '',
};

for (const folder of ['.', 'packages/db', 'apps/web', 'apps/web/src']) {
  it(`finds the one package with a config in a monorepo, when started in ${folder}`, async () => {
    const root = makeProject(monorepo);
    const project = await locateDrizzle(join(root, folder));
    expect(project).toMatchObject({
      root: join(root, 'packages/db'),
      repoRoot: root,
      packageManager: 'npm',
      drizzleKit: { version: '0.31.11' },
    });
  });
}

it("runs a package's config at the top where the top's script does so", async () => {
  const root = makeProject({
    'package.json': {
      workspaces: ['packages/*'],
      scripts: { generate: 'drizzle-kit generate --config packages/db/drizzle.config.ts' },
    },
    'packages/db/package.json': {},
    'packages/db/drizzle.config.ts': CONFIG,
  });
  for (const folder of ['.', 'packages/db'])
    expect(await locateDrizzle(join(root, folder))).toMatchObject({ root, script: { name: 'generate' } });
});

const two = { ...monorepo, 'apps/web/drizzle.config.ts': CONFIG };

it('asks which of several configs is meant, with the flag for each', async () => {
  const root = makeProject(two);
  await expect(locateDrizzle(root)).rejects.toMatchObject({
    code: 'project-ambiguous',
    exitCode: 3,
    missing: [
      { field: 'config', supply: '--config apps/web/drizzle.config.ts' },
      { field: 'config', supply: '--config packages/db/drizzle.config.ts' },
    ],
  });
  expect((await locateDrizzle(root, { config: 'packages/db/drizzle.config.ts' })).root).toBe(
    join(root, 'packages/db'),
  );
  expect((await locateDrizzle(join(root, 'apps/web/src'))).root).toBe(join(root, 'apps/web'));
});

it('asks too where two lie side by side, and quotes what a shell would split', async () => {
  const root = makeProject({
    'package.json': {},
    'my db/drizzle-a.config.ts': CONFIG,
    'my db/drizzle-b.config.ts': CONFIG,
  });
  await expect(locateDrizzle(root)).rejects.toMatchObject({
    code: 'project-ambiguous',
    missing: [
      { supply: "--config 'my db/drizzle-a.config.ts'" },
      { supply: "--config 'my db/drizzle-b.config.ts'" },
    ],
  });
});

it('takes the config that the only generate script names', async () => {
  const root = makeProject({
    'package.json': { scripts: { g: 'drizzle-kit generate -c drizzle-b.config.ts' } },
    'drizzle-a.config.ts': CONFIG,
    'drizzle-b.config.ts': CONFIG,
  });
  expect((await locateDrizzle(root)).configPath).toBe(join(root, 'drizzle-b.config.ts'));
});

it('does without a config where the script passes everything as flags', async () => {
  const root = makeProject({
    'package.json': { scripts: { g: 'drizzle-kit generate --dialect postgresql --schema src/s.ts' } },
  });
  expect(await locateDrizzle(root)).toMatchObject({
    root,
    configPath: undefined,
    script: { overrides: { dialect: 'postgresql', schema: 'src/s.ts' } },
  });
});

it('looks into no build output, no dot folder and no node_modules', async () => {
  const root = makeProject({
    'package.json': {},
    'dist/drizzle.config.js': CONFIG,
    '.next/drizzle.config.js': CONFIG,
    'node_modules/x/drizzle.config.js': CONFIG,
  });
  await expect(locateDrizzle(root)).rejects.toMatchObject({ code: 'project-not-found' });
});

it('is not stopped by a broken package.json in a fixture below', async () => {
  const root = makeProject({
    'package.json': {},
    'test/fixtures/package.json': '{',
    'db/drizzle.config.ts': CONFIG,
  });
  expect((await locateDrizzle(root)).configPath).toBe(join(root, 'db/drizzle.config.ts'));
});

const managers: readonly (readonly [string, Record<string, string | object>, string])[] = [
  ['bun', { 'bun.lock': '' }, 'bun run db:migrate'],
  ['bun', { 'bun.lockb': '' }, 'bun run db:migrate'],
  ['pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm db:migrate'],
  ['yarn', { 'yarn.lock': '' }, 'yarn db:migrate'],
  ['npm', { 'package-lock.json': '{}' }, 'npm run db:migrate'],
  ['npm', {}, 'npm run db:migrate'],
  [
    'pnpm',
    { 'package.json': { packageManager: 'pnpm@9.1.0' }, 'package-lock.json': '{}' },
    'pnpm db:migrate',
  ],
];

for (const [manager, files, run] of managers) {
  it(`sees ${manager} by ${Object.keys(files).join(' and ') || 'nothing else'}`, async () => {
    const root = makeProject({
      '.git/HEAD': '',
      'package.json': {},
      ...files,
      'packages/db/package.json': {},
      'packages/db/drizzle.config.ts': CONFIG,
    });
    const project = await locateDrizzle(join(root, 'packages/db'));
    expect([project.packageManager, project.run('db:migrate'), project.repoRoot]).toEqual([
      manager,
      run,
      root,
    ]);
  });
}

it('loads what bun loads by itself', async () => {
  const root = makeProject({
    'bun.lock': '',
    'package.json': { scripts: { g: 'A=1 drizzle-kit generate' } },
    'drizzle.config.ts': CONFIG,
    '.env': 'TP_A=1\n',
    '.env.local': 'TP_A=2\n',
  });
  expect((await locateDrizzle(root)).script?.env).toEqual({ A: '1', TP_A: '2' });
});

it('takes no test script that npm init wrote for one', async () => {
  const root = makeProject({
    'package.json': { scripts: { test: 'echo "Error: no test specified" && exit 1' } },
    'drizzle.config.ts': CONFIG,
  });
  expect((await locateDrizzle(root)).testScript).toBeUndefined();
});

it("finds the package's own drizzle-kit before the hoisted one", async () => {
  const root = makeProject({ ...monorepo, ...kitFiles('packages/db/', '0.31.5') });
  expect((await locateDrizzle(root)).drizzleKit.version).toBe('0.31.5');
});

const refusals: readonly (readonly [string, Record<string, string | object>, object])[] = [
  [
    'no project',
    { 'package.json': {} },
    { code: 'project-not-found', exitCode: 2, hint: expect.stringContaining('--cwd') },
  ],
  [
    'drizzle-orm without a config',
    { 'package.json': { dependencies: { 'drizzle-orm': '1' } } },
    { code: 'project-not-found', hint: expect.stringContaining('--config') },
  ],
  [
    'TypeORM alone',
    { 'package.json': { dependencies: { typeorm: '1' } } },
    { code: 'project-not-found', isInstalled: false },
  ],
  [
    'drizzle-kit 1.0',
    { 'drizzle.config.ts': CONFIG, ...kitFiles('', '1.0.0-rc.5') },
    { code: 'orm-not-supported', message: expect.stringContaining('1.0 comes in a later release') },
  ],
  [
    'drizzle-kit 0.30',
    { 'drizzle.config.ts': CONFIG, ...kitFiles('', '0.30.4') },
    { code: 'orm-not-supported', hint: expect.stringContaining('0.31') },
  ],
];

for (const [what, files, error] of refusals) {
  it(`says what to do about ${what}`, async () => {
    await expect(
      locateDrizzle(makeProject({ '.git/HEAD': '', 'package.json': {}, ...files })),
    ).rejects.toMatchObject(error);
  });
}

it('gives the install command where drizzle-kit is missing', async () => {
  const root = makeTree({ 'package.json': '{}', 'pnpm-lock.yaml': '', 'drizzle.config.ts': CONFIG });
  await expect(locateDrizzle(root)).rejects.toMatchObject({
    code: 'orm-not-found',
    hint: expect.stringContaining('pnpm add -D drizzle-kit@0.31'),
  });
});

it("names Yarn Plug'n'Play where that is why drizzle-kit cannot be found", async () => {
  const root = makeTree({
    'package.json': '{}',
    'yarn.lock': '',
    '.pnp.cjs': '',
    'drizzle.config.ts': CONFIG,
  });
  await expect(locateDrizzle(root)).rejects.toMatchObject({
    code: 'orm-not-found',
    hint: expect.stringContaining('nodeLinker'),
  });
});

it('names a folder or a config that is not there', async () => {
  const root = makeProject({ 'package.json': {} });
  await expect(locateDrizzle(join(root, 'nowhere'))).rejects.toMatchObject({
    code: 'project-not-found',
    hint: expect.stringContaining('--cwd'),
  });
  await expect(locateDrizzle(root, { config: 'x.ts' })).rejects.toMatchObject({
    code: 'project-not-found',
    message: expect.stringContaining('x.ts'),
  });
});
