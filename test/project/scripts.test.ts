import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPackageJson } from '../../src/project/package-json.ts';
import { generateScripts, migrateScriptName } from '../../src/orm/drizzle/locate/scripts.ts';
import { makeTree } from '../workspace/tree.ts';

async function read(
  command: string,
  files: Record<string, string> = {},
  others: Record<string, string> = {},
) {
  const root = makeTree({
    ...files,
    'package.json': JSON.stringify({ scripts: { 'db:generate': command, ...others } }),
  });
  const [script] = await generateScripts(root);
  return { script, root };
}

const configs: readonly (readonly [string, string | undefined])[] = [
  ['drizzle-kit generate', undefined],
  ['drizzle-kit generate --config=src/db/drizzle.config.ts', 'src/db/drizzle.config.ts'],
  ['drizzle-kit generate --config src/db/drizzle.config.ts --name init', 'src/db/drizzle.config.ts'],
  ['drizzle-kit generate -c "my configs/drizzle.config.ts"', 'my configs/drizzle.config.ts'],
  ['npx drizzle-kit@latest generate -c a.config.ts', 'a.config.ts'],
  ['pnpm exec drizzle-kit generate --config=a.config.ts', 'a.config.ts'],
  ['bunx --bun drizzle-kit generate --config=a.config.ts', 'a.config.ts'],
  ['node --env-file=.env ./node_modules/drizzle-kit/bin.cjs generate --config=a.config.ts', 'a.config.ts'],
  ['tsc && drizzle-kit generate --config=a.config.ts && prettier --write drizzle', 'a.config.ts'],
];

for (const [command, config] of configs) {
  it(`reads ${command}`, async () => {
    expect((await read(command)).script).toMatchObject({ name: 'db:generate', config });
  });
}

for (const command of [
  'drizzle-kit migrate',
  'drizzle-kit check && npm run generate',
  'echo "drizzle-kit generate"',
  'prisma generate',
  'pnpm --filter @shop/db drizzle-kit generate',
]) {
  it(`does not take ${command} for a script that generates here`, async () => {
    expect((await read(command)).script).toBeUndefined();
  });
}

const environments: readonly (readonly [string, Record<string, string>])[] = [
  ['NODE_ENV=development drizzle-kit generate', { NODE_ENV: 'development' }],
  ['cross-env DB=one OTHER="a b" drizzle-kit generate', { DB: 'one', OTHER: 'a b' }],
  ['export DB=one && drizzle-kit generate', { DB: 'one' }],
  ['dotenv -e .env.local -- drizzle-kit generate', { TP_URL: 'local' }],
  ['dotenv -- drizzle-kit generate', { TP_URL: 'plain', TP_ONLY: 'plain' }],
  ['dotenv -e .env.local -e .env -- drizzle-kit generate', { TP_URL: 'local', TP_ONLY: 'plain' }],
  ['dotenvx run -f .env.local -- drizzle-kit generate', { TP_URL: 'local' }],
  ['env-cmd -f .env.local drizzle-kit generate', { TP_URL: 'local' }],
  [
    'node --env-file=.env --env-file=.env.local node_modules/.bin/drizzle-kit generate',
    { TP_URL: 'local', TP_ONLY: 'plain' },
  ],
  ['tsx --env-file .env node_modules/.bin/drizzle-kit generate', { TP_URL: 'plain', TP_ONLY: 'plain' }],
  ['bunx drizzle-kit generate', { TP_URL: 'local', TP_ONLY: 'plain' }],
  ['pnpm with-env drizzle-kit generate', { TP_URL: 'local' }],
  ['dotenv -e .env.missing -- drizzle-kit generate', {}],
];

for (const [command, env] of environments) {
  it(`takes the environment of ${command}`, async () => {
    const { script } = await read(
      command,
      { '.env': 'TP_URL=plain\nTP_ONLY=plain\n', '.env.local': 'TP_URL="local" # comment\n' },
      { 'with-env': 'dotenv -e .env.local --' },
    );
    expect(script?.env).toEqual(env);
  });
}

it('leaves what the environment says already as it is', async () => {
  process.env.TP_SET = 'by the shell';
  const { script } = await read('dotenv -- drizzle-kit generate', {
    '.env': 'TP_SET=by the file\nTP_NEW=1\n',
  });
  expect(script?.env).toEqual({ TP_NEW: '1' });
});

it('knows where a script that changes the folder runs', async () => {
  const first = await read('cd packages/db && drizzle-kit generate');
  expect(first.script?.folder).toBe(join(first.root, 'packages/db'));
  const second = await read('pnpm -C packages/db exec drizzle-kit generate');
  expect(second.script?.folder).toBe(join(second.root, 'packages/db'));
});

it('takes flags that stand in for a config', async () => {
  const { script } = await read(
    "drizzle-kit generate --dialect=postgresql --schema './src/schema.ts' --out=./migrations --breakpoints=false --name x",
  );
  expect(script?.overrides).toEqual({
    dialect: 'postgresql',
    schema: './src/schema.ts',
    out: './migrations',
    breakpoints: false,
  });
});

it("takes drizzle-kit's --prefix, not npm's", async () => {
  const { script, root } = await read(
    'npm --prefix packages/db exec drizzle-kit generate --prefix timestamp',
  );
  expect(script?.overrides).toEqual({ prefix: 'timestamp' });
  expect(script?.folder).toBe(join(root, 'packages/db'));
});

it.each([
  { 'db:migrate': 'bun run wait && bun run db:migrate:raw', 'db:migrate:raw': 'drizzle-kit migrate' },
  { 'db:migrate:raw': 'drizzle-kit migrate', 'db:migrate': 'sh scripts/migrate.sh' },
  { raw: 'drizzle-kit migrate', 'db:migrate': 'dotenv -e .env -- npm run raw' },
])('takes the script that people type, not the one that it runs: %j', (scripts) => {
  expect(migrateScriptName({ scripts })).toBe('db:migrate');
});

it('finds the script that applies migrations, by its command before its name', () => {
  expect(
    migrateScriptName({ scripts: { migrate: 'node other.js', 'db:up': 'dotenv -- drizzle-kit migrate' } }),
  ).toBe('db:up');
  expect(migrateScriptName({ scripts: { 'db:migrate': 'tsx src/db/migrate.ts' } })).toBe('db:migrate');
  expect(migrateScriptName({ scripts: { 'migration:run': 'tsx migrate.ts' } })).toBe('migration:run');
  expect(migrateScriptName({ scripts: { migrate: 'plop migration', start: 'node .' } })).toBeUndefined();
});

it('names a package.json that is no JSON', async () => {
  const root = makeTree({ 'package.json': '{ "scripts": {,} }' });
  await expect(readPackageJson(root)).rejects.toMatchObject({
    code: 'config-invalid',
    at: { file: join(root, 'package.json') },
  });
});

it('reads a package.json with a byte order mark', async () => {
  const root = makeTree({ 'package.json': '\uFEFF{"name":"x"}' });
  expect(await readPackageJson(root)).toEqual({ name: 'x' });
});

it('says where a package.json stops being JSON, and quotes nothing of it', async () => {
  const root = makeTree({ 'package.json': 'nobody may read this' });
  await expect(readPackageJson(root)).rejects.toMatchObject({
    message: 'package.json is not JSON (line 1, column 1).',
    at: { line: 1, column: 1 },
  });
});

it('takes of a package.json what has the form of one', async () => {
  const odd = {
    name: 5,
    packageManager: {},
    scripts: { a: 'b', c: 1 },
    dependencies: ['x'],
    workspaces: ['p'],
  };
  expect(await readPackageJson(makeTree({ 'package.json': JSON.stringify(odd) }))).toEqual({
    scripts: { a: 'b' },
    workspaces: ['p'],
  });
  await expect(readPackageJson(makeTree({ 'package.json': '[]' }))).rejects.toThrow('is not an object');
});
