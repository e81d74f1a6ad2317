import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { makeTree } from '../workspace/tree.ts';
import { journal, reviewed, reviewProject, told, write } from './review-project.ts';

const TIMEOUT = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s';\n";
const INDEX = `${TIMEOUT}CREATE INDEX users_email_idx ON users (email);\n`;
const NEW_TABLE = `${TIMEOUT}CREATE TABLE users (id int PRIMARY KEY, email text);\n`;
const BLOCKING = 'create-index-blocking';

describe('which migrations are reviewed', () => {
  it('the newest of the project, unless something is said', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': INDEX });
    expect(told(await reviewed(root))).toEqual([`drizzle/0001_b.sql ${BLOCKING}`]);
    expect((await reviewed(join(root, 'drizzle'))).findings[0]?.file).toBe('0001_b.sql');
  });

  it('the config is not executed where its text says where they are', async () => {
    const root = reviewProject(
      { '0000_a': INDEX },
      {
        'drizzle.config.ts': "throw new Error('run');\nexport default { out: './drizzle' }; // out: './x'\n",
      },
    );
    expect(told(await reviewed(root))).toEqual([`drizzle/0000_a.sql ${BLOCKING}`]);
  });

  it('drizzle-kit reads a config that has to be run', async () => {
    const root = reviewProject(
      { '0000_a': INDEX },
      {
        'drizzle.config.ts':
          "const out = ['./dri', 'zzle'].join('');\nexport default { dialect: 'postgresql', schema: './s.ts', out };\n",
      },
    );
    expect(told(await reviewed(root))).toEqual([`drizzle/0000_a.sql ${BLOCKING}`]);
  });

  it('with --all every one by itself: a table of an earlier file is not new', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': INDEX });
    const outcome = await reviewed(root, { all: true });
    expect(outcome.files).toBe(2);
    expect(told(outcome)).toEqual([`drizzle/0001_b.sql ${BLOCKING}`]);
  });

  it('with files of the journal missing, the others: what is missing is said', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': INDEX, '0002_c': 'SELECT 1;' });
    for (const tag of ['0000_a', '0002_c']) rmSync(join(root, `drizzle/${tag}.sql`));
    for (const options of [{ all: true }, {}]) {
      const outcome = await reviewed(root, options);
      expect(outcome.files).toBe(1);
      expect(told(outcome).filter((line) => line.includes('0001_b'))).toHaveLength(1);
      const missing = outcome.findings.filter(({ rule }) => rule === 'edited-or-missing-applied');
      expect(missing.map(({ severity, message }) => [severity, message.split(':')[0]])).toEqual([
        ['error', 'The journal names 0000_a, but there is no 0000_a.sql'],
        ['error', 'The journal names 0002_c, but there is no 0002_c.sql'],
      ]);
    }
  });

  it('files that no journal names, where those that it names are gone', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE }, { 'drizzle/0001_b.sql': INDEX });
    rmSync(join(root, 'drizzle/0000_a.sql'));
    const { files, findings } = await reviewed(root, { all: true });
    expect([files, findings.map(({ rule }) => rule)]).toEqual([
      1,
      ['edited-or-missing-applied', 'journal-empty', BLOCKING],
    ]);
  });

  it('files that are named, in the order of their journal, as one batch: what one makes is new to the next', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': INDEX });
    const both = await reviewed(root, { files: ['drizzle/0001_b.sql', 'drizzle/0000_a.sql'] });
    expect([both.files, told(both)]).toEqual([2, []]);
    expect(told(await reviewed(root, { files: ['drizzle/0001_b.sql'] }))).toHaveLength(1);
  });

  it('a folder stands for its SQL files', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': INDEX });
    expect((await reviewed(root, { files: ['drizzle'] })).files).toBe(2);
  });

  it('files need no project', async () => {
    const root = makeTree({ 'x.sql': INDEX });
    expect(told(await reviewed(root, { files: ['x.sql'] }))).toEqual([`x.sql ${BLOCKING}`]);
  });

  it('nothing where there is no migration yet', async () => {
    const root = reviewProject({});
    expect(await reviewed(root)).toMatchObject({ files: 0, findings: [], stopping: [] });
  });

  it('the schema before a migration is known from its snapshot', async () => {
    const widening = `${TIMEOUT}ALTER TABLE users ALTER COLUMN name SET DATA TYPE varchar(200);`;
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': widening });
    // The newest one has no snapshot, which is told too.
    const chain = 'drizzle/meta/0001_snapshot.json snapshot-chain';
    write(root, { 'drizzle/meta/0000_snapshot.json': snapshotOf('varchar(100)') });
    expect(told(await reviewed(root))).toEqual([chain]);
    write(root, { 'drizzle/meta/0000_snapshot.json': snapshotOf('integer') });
    expect(told(await reviewed(root))).not.toEqual([chain]);
  });

  it('a newest migration that the migrator would skip is told', async () => {
    const root = reviewProject({ '0000_a': NEW_TABLE, '0001_b': NEW_TABLE.replace('users', 'teams') });
    write(root, { 'drizzle/meta/_journal.json': journal(['0000_a', '0001_b'], [2000, 1000]) });
    const [finding] = (await reviewed(root)).findings;
    expect(finding).toMatchObject({
      rule: 'journal-when-not-increasing',
      severity: 'error',
      file: 'drizzle/meta/_journal.json',
      fix: '"when": 2001',
    });
    const journalText = readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8');
    expect(journalText.split('\n')[finding!.line - 1]).toContain('0001_b');
  });
});

function snapshotOf(type: string): string {
  const column = { name: 'name', type, primaryKey: false, notNull: false };
  const users = {
    name: 'users',
    schema: '',
    columns: { name: column },
    indexes: {},
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: {},
    policies: {},
    checkConstraints: {},
    isRLSEnabled: false,
  };
  return JSON.stringify({
    id: 'a',
    prevId: 'b',
    version: '7',
    dialect: 'postgresql',
    tables: { 'public.users': users },
    enums: {},
    schemas: {},
    sequences: {},
    roles: {},
    policies: {},
    views: {},
    _meta: { columns: {}, schemas: {}, tables: {} },
  });
}

describe('what cannot be reviewed', () => {
  it('a file that is not there, with what to do', async () => {
    const root = makeTree({});
    await expect(reviewed(root, { files: ['no.sql'] })).rejects.toMatchObject({
      code: 'usage',
      exitCode: 2,
      message: expect.stringContaining('no.sql') as string,
      hint: expect.stringContaining('path of a migration') as string,
    });
  });

  it('a file that is no UTF-8', async () => {
    const root = makeTree({});
    writeFileSync(join(root, 'x.sql'), Buffer.from('DROP TABLE a;', 'utf16le'));
    writeFileSync(join(root, 'y.sql'), Buffer.from([0xff, 0xfe, 0x44]));
    await expect(reviewed(root, { files: ['y.sql'] })).rejects.toMatchObject({ code: 'usage' });
  });

  it('files together with --all', async () => {
    await expect(reviewed(makeTree({}), { files: ['a.sql'], all: true })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('migrations of another database', async () => {
    const root = reviewProject({});
    write(root, {
      'drizzle/meta/_journal.json': journal([]).replace('"postgresql"', '"mysql"'),
    });
    await expect(reviewed(root)).rejects.toMatchObject({ code: 'dialect-not-supported' });
  });
});

describe('what stops', () => {
  it('warnings, unless only errors are to', async () => {
    const root = reviewProject({ '0000_a': INDEX });
    expect((await reviewed(root)).stopping).toHaveLength(1);
    expect((await reviewed(root, { failOn: 'error' })).stopping).toHaveLength(0);
  });

  it('nothing that is allowed with a reason', async () => {
    const root = reviewProject({
      '0000_a': `${TIMEOUT}-- tableplan:allow ${BLOCKING} ten rows\nCREATE INDEX i ON users (email);`,
    });
    const { stopping, allowed } = await reviewed(root);
    expect(stopping).toEqual([]);
    expect(allowed).toMatchObject([{ rule: BLOCKING, allowed: 'ten rows', file: 'drizzle/0000_a.sql' }]);
  });
});

describe('the settings in package.json', () => {
  const withSettings = (tableplan: unknown, sql = 'CREATE INDEX i ON users (email);'): string =>
    reviewProject({ '0000_a': sql }, { 'package.json': JSON.stringify({ name: 'shop', tableplan }) });

  it('assumeTimeouts silences what is said about timeouts', async () => {
    expect(told(await reviewed(withSettings({})))).toContain('drizzle/0000_a.sql missing-lock-timeout');
    expect(told(await reviewed(withSettings({ assumeTimeouts: true })))).toEqual([
      `drizzle/0000_a.sql ${BLOCKING}`,
    ]);
  });

  it('postgresVersion is that of the server, and the flag is stronger', async () => {
    const sql = `${TIMEOUT}ALTER TABLE users ADD COLUMN a int DEFAULT 1;`;
    const root = withSettings({ postgresVersion: 10 }, sql);
    expect(told(await reviewed(root))).toContain('drizzle/0000_a.sql constant-default-old-pg');
    expect(told(await reviewed(root, { postgresVersion: 16 }))).toEqual([]);
  });

  it('what is wrong in them is named, all at once', async () => {
    const root = withSettings({ postgresVersion: '16', safty: 'enforce' });
    await expect(reviewed(root)).rejects.toMatchObject({
      code: 'config-invalid',
      exitCode: 2,
      message: expect.stringMatching(/postgresVersion.*safty|safty.*postgresVersion/) as string,
    });
  });
});

describe('what was found is kept', () => {
  const cacheOf = (root: string): string => join(root, 'node_modules/.cache/tableplan/review.json');

  it('and told again the same way, by content: not where the file lies', async () => {
    const root = reviewProject({ '0000_a': INDEX });
    const first = await reviewed(root);
    const kept = readFileSync(cacheOf(root), 'utf8');
    expect(await reviewed(root)).toEqual(first);
    expect(readFileSync(cacheOf(root), 'utf8')).toBe(kept);
    write(root, { 'copy.sql': INDEX });
    expect(told(await reviewed(root, { files: ['copy.sql'] }))).toEqual([`copy.sql ${BLOCKING}`]);
    expect(readFileSync(cacheOf(root), 'utf8')).toBe(kept);
  });

  it('an edited file, another version or a table that is new now is judged anew', async () => {
    const root = reviewProject({ '0000_a': INDEX });
    await reviewed(root);
    write(root, { 'drizzle/0000_a.sql': NEW_TABLE });
    expect(told(await reviewed(root))).toEqual([]);
    write(root, { 'drizzle/0000_a.sql': `${TIMEOUT}ALTER TABLE users ADD COLUMN a int DEFAULT 1;` });
    expect(told(await reviewed(root))).toEqual([]);
    expect(told(await reviewed(root, { postgresVersion: 10 }))).not.toEqual([]);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['with a changed byte', (text: string) => text.replace('warning', 'waxning')],
    ['empty', () => ''],
  ])('a cache that is %s is made anew', async (_, damage) => {
    const root = reviewProject({ '0000_a': INDEX });
    const first = await reviewed(root);
    const kept = readFileSync(cacheOf(root), 'utf8');
    writeFileSync(cacheOf(root), damage(kept));
    expect(await reviewed(root)).toEqual(first);
    expect(readFileSync(cacheOf(root), 'utf8')).toBe(kept);
  });

  it('not with --no-cache', async () => {
    const root = reviewProject({ '0000_a': INDEX });
    await reviewed(root, { cache: false });
    expect(existsSync(cacheOf(root))).toBe(false);
  });

  it('whole, when several runs write at once', async () => {
    const root = reviewProject({ '0000_a': INDEX });
    const names = Array.from({ length: 12 }, (_, index) => `f${index}.sql`);
    write(root, Object.fromEntries(names.map((name, index) => [name, `${INDEX}-- ${index}`])));
    await Promise.all(names.map((name) => reviewed(root, { files: [name] })));
    expect(readdirSync(join(root, 'node_modules/.cache/tableplan'))).toEqual(['review.json']);
    expect(told(await reviewed(root, { files: names }))).toHaveLength(12);
  });
});

describe('SQL files that no journal names', () => {
  it('are reviewed, and it is said that nothing runs them', async () => {
    const root = reviewProject({}, { 'drizzle/0001_a.sql': INDEX, 'drizzle/0002_b.sql': INDEX });
    const findings = (await reviewed(root, { all: true })).findings;
    expect(findings.map(({ rule, severity, file }) => [rule, severity, file])).toEqual([
      ['journal-empty', 'error', 'drizzle/0001_a.sql'],
      [BLOCKING, 'warning', 'drizzle/0001_a.sql'],
      [BLOCKING, 'warning', 'drizzle/0002_b.sql'],
    ]);
    expect((await reviewed(root)).files).toBe(1);
  });
});

describe('the command', () => {
  const run = (cwd: string, ...args: string[]) =>
    spawnSync(process.execPath, ['--import', TSX, resolve('src/cli.ts'), 'review', ...args], {
      cwd,
      encoding: 'utf8',
      env: consumerEnv(),
    });
  const TSX = resolve('node_modules/tsx/dist/esm/index.mjs');

  it('ends with 0, 1 or 2, and tells in every format', () => {
    const root = reviewProject({ '0000_a': INDEX });
    const text = run(root);
    expect([text.status, text.stdout]).toEqual([1, expect.stringContaining('drizzle/0000_a.sql:2:1')]);
    const json = run(root, '--json', '--fail-on', 'error');
    expect([json.status, JSON.parse(json.stdout)]).toMatchObject([
      0,
      { status: 'ok', findings: [{ rule: BLOCKING, line: 2, column: 1 }], allowed: [] },
    ]);
    const unknown = run(root, 'no.sql', '--format', 'json');
    expect([unknown.status, JSON.parse(unknown.stdout)]).toMatchObject([
      2,
      { status: 'error', error: { code: 'usage' } },
    ]);
    const version = run(root, '--postgres', 'new');
    expect([version.status, version.stdout]).toEqual([2, '']);
  });

  it('names files from the top of the repository where a code host reads them', () => {
    const top = makeTree({ 'packages/db/package.json': '{}', 'packages/db/a.sql': INDEX });
    execFileSync('git', ['init', '-q'], { cwd: top });
    const root = join(top, 'packages/db');
    expect(run(root, 'a.sql', '--format', 'github').stdout).toMatch(
      /^::warning file=packages\/db\/a\.sql,line=2,col=1,/,
    );
    expect(run(root, 'a.sql', '--format', 'sarif').stdout).toContain('"uri": "packages/db/a.sql"');
  });
});
