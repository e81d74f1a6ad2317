import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runDocsCommand } from '../../src/commands/docs.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { runReviewCommand } from '../../src/commands/review.ts';
import { startTypeormChild } from '../../src/orm/typeorm/child/child.ts';
import { reviewProject } from '../commands/review-project.ts';
import { makeTree } from '../workspace/tree.ts';

/** Where the repository tries to write, and what it tries to read. */
const OUTSIDE = '/tmp/tp-hostile-work';
const SECRET = '/tmp/tp-hostile-secret';
const SHOWN = 'this must be shown nowhere';

const SCHEMA = `import { integer, pgTable } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id').primaryKey() });
`;
const USERS = 'CREATE TABLE users (id integer PRIMARY KEY);';

/** Migrations that leave the database, each in another way. */
const REACHING: readonly string[] = [
  `COPY (SELECT 1) TO PROGRAM 'touch ${OUTSIDE}';`,
  `DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${OUTSIDE}'''; END $$;`,
  `CREATE TABLE t (a text DEFAULT pg_read_file('${SECRET}')); INSERT INTO t DEFAULT VALUES;`,
  `SELECT lo_export(lo_from_bytea(0, 'x'), '${OUTSIDE}');`,
];

const common = { enforce: false, config: undefined, say: (): void => undefined };
let roots: string[] = [];

function project(
  files: Readonly<Record<string, string>>,
  migrations: Readonly<Record<string, string>>,
): string {
  const root = reviewProject(migrations, { 'src/schema.ts': SCHEMA, ...files });
  roots.push(root);
  return root;
}

beforeAll(() => writeFileSync(SECRET, SHOWN));
beforeEach(() => rmSync(OUTSIDE, { force: true }));
afterAll(() => {
  rmSync(SECRET);
  for (const root of roots) rmSync(root, { recursive: true, force: true });
  roots = [];
});

/** What a command says, whether it ends well or not. */
async function said(command: Promise<unknown>): Promise<string> {
  const outcome = await command.catch((error: unknown) => ({
    ...(error as object),
    message: (error as Error).message,
  }));
  const text = JSON.stringify(outcome);
  expect(text).not.toContain(SHOWN);
  expect(existsSync(OUTSIDE)).toBe(false);
  return text;
}

describe.each(['pglite', 'embedded'])('a repository that wants to reach the host, on %s', (engine) => {
  it.each(REACHING)('does not by a migration: %s', async (sql) => {
    const cwd = project({}, { '0000_init': USERS, '0001_reach': sql });
    expect(await said(runRehearseCommand({ ...common, cwd, engine }))).toContain('unsafe-server-function');
  });

  it('does not by its history', async () => {
    const history = {
      '0000_init': USERS,
      '0001_reach': REACHING.join('\n'),
      '0002_more': 'CREATE TABLE b ();',
    };
    const cwd = project({}, history);
    expect(await said(runRehearseCommand({ ...common, cwd, engine }))).toContain('not-rehearsed');
  });

  it('does not by a dump', async () => {
    const dump = `INSERT INTO users VALUES (length(pg_read_file('${SECRET}')));`;
    const cwd = project({ 'seed.sql': dump }, { '0000_init': USERS, '0001_more': 'CREATE TABLE b ();' });
    expect(await said(runRehearseCommand({ ...common, cwd, engine, seedDump: 'seed.sql' }))).toContain(
      'dump-invalid',
    );
  });
});

it('is reviewed without being run', async () => {
  const cwd = project({}, Object.fromEntries(REACHING.map((sql, index) => [`000${index}_reach`, sql])));
  const outcome = await runReviewCommand({
    ...common,
    cwd,
    files: [],
    since: undefined,
    all: true,
    failOn: 'error',
    cache: false,
  });
  const rules = outcome.findings.map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === 'unsafe-server-function')).toHaveLength(REACHING.length);
  expect(existsSync(OUTSIDE)).toBe(false);
});

describe('a repository whose config never ends', () => {
  const looping = {
    'drizzle.config.ts': "export default { dialect: 'postgresql' };\nwhile (true);\n",
    'package.json': JSON.stringify({ name: 'shop', type: 'module', tableplan: { timeout: '1s' } }),
  };
  const run = { ...common, dryRun: true, typecheck: false, tests: false, rehearse: true };

  it.each([
    ['migration', (cwd: string) => runMigrationCommand({ ...run, cwd, words: ['b', 'x:int'] })],
    ['rehearse', (cwd: string) => runRehearseCommand({ ...common, cwd })],
    [
      'docs',
      (cwd: string) => runDocsCommand({ ...common, cwd, check: true, dryRun: false, backfill: false }),
    ],
  ])('ends %s all the same, and says which file', async (_, command) => {
    const cwd = project(looping, { '0000_init': USERS });
    await expect(command(cwd)).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: 'Reading drizzle.config.ts did not end within 1 second and was stopped',
      at: { file: join(cwd, 'drizzle.config.ts') },
    });
  });
});

describe('a migration and a dump that never end', () => {
  const limits = {
    'package.json': JSON.stringify({ name: 'shop', type: 'module', tableplan: { timeout: '4s' } }),
  };

  it.each([
    ['The migration 0000_init', { '0000_init': 'SELECT pg_sleep(1e9);', '0001_more': 'CREATE TABLE b ();' }],
    [
      'The rehearsal of drizzle/0001_slow.sql',
      { '0000_init': USERS, '0001_slow': 'DO $$ BEGIN LOOP END LOOP; END $$;' },
    ],
  ])('are named: %s', async (during, migrations) => {
    const cwd = project(limits, migrations);
    await expect(runRehearseCommand({ ...common, cwd })).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringContaining(during) as string,
    });
  });

  it('are told by file and line, without the values of the dump', async () => {
    const dump =
      "INSERT INTO users VALUES (1);\nINSERT INTO users SELECT 2 FROM pg_sleep(1e9) WHERE 'private' <> '';";
    const cwd = project(
      { ...limits, 'seed.sql': dump },
      { '0000_init': USERS, '0001_more': 'CREATE TABLE b ();' },
    );
    const refused = runRehearseCommand({ ...common, cwd, seedDump: 'seed.sql' });
    await expect(refused).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringContaining('Loading the dump') as string,
      at: { file: 'seed.sql' },
    });
    await expect(refused).rejects.not.toThrow('private');
  });
});

it('a data source whose import never ends is ended, and named', async () => {
  const root = makeTree({ 'data-source.js': 'while (true);' }, 'tableplan hostile-');
  roots.push(root);
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  const dataSourcePath = join(root, 'data-source.js');
  const child = startTypeormChild({
    root: resolve('.'),
    repoRoot: resolve('.'),
    dataSourcePath,
    preload: [],
    env: {},
    cache: undefined,
    engine: () => Promise.reject(new Error('not asked for')),
    limits: { timeoutMs: 2000, memoryBytes: 1 },
  });
  const refusal = {
    code: 'limit-exceeded',
    message: 'Loading the data source did not end within 2 seconds and was stopped',
    at: { file: dataSourcePath },
  };
  await expect(child.load({})).rejects.toMatchObject(refusal);
  await expect(child.connect()).rejects.toMatchObject(refusal);
});
