import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drizzleKit } from '../round-trip/project.ts';
import { makeTree } from '../workspace/tree.ts';
import { commitAll, git, journal, reviewed, reviewProject, told, write } from './review-project.ts';

const TIMEOUT = "SET LOCAL lock_timeout = '2s';\n";
const TABLE = `${TIMEOUT}CREATE TABLE users (id int PRIMARY KEY, email text);\n`;
const INDEX = `${TIMEOUT}CREATE INDEX users_email_idx ON users (email);\n`;

function committed(): string {
  const root = reviewProject({ '0000_a': TABLE, '0001_b': INDEX });
  commitAll(root);
  return root;
}

describe('since a ref', () => {
  it('only the migrations that were added are reviewed, committed or not', async () => {
    const root = committed();
    expect(await reviewed(root, { since: 'main' })).toMatchObject({ files: 0, findings: [] });
    write(root, {
      'drizzle/0002_c.sql': INDEX.replaceAll('email', 'id'),
      'drizzle/meta/_journal.json': journal(['0000_a', '0001_b', '0002_c']),
    });
    expect(told(await reviewed(root, { since: 'main' }))).toEqual([
      'drizzle/0002_c.sql create-index-blocking',
    ]);
  });

  it('what the ref has got since the branch left it is not the branch’s doing', async () => {
    const root = committed();
    git(root, 'checkout', '-qb', 'feature');
    git(root, 'checkout', '-q', 'main');
    write(root, {
      'drizzle/0002_c.sql': INDEX.replaceAll('email', 'id'),
      'drizzle/meta/_journal.json': journal(['0000_a', '0001_b', '0002_c']),
    });
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'more');
    git(root, 'checkout', '-q', 'feature');
    expect(await reviewed(root, { since: 'main' })).toMatchObject({ files: 0, findings: [] });
  });

  it('an older migration that was edited is an error, at the statement that changed', async () => {
    const root = committed();
    write(root, { 'drizzle/0000_a.sql': TABLE.replace('email text', 'email varchar') });
    const { findings, stopping } = await reviewed(root, { since: 'main', failOn: 'error' });
    expect(findings).toMatchObject([
      {
        rule: 'edited-or-missing-applied',
        severity: 'error',
        file: 'drizzle/0000_a.sql',
        line: 2,
        column: 1,
      },
    ]);
    expect(stopping).toHaveLength(1);
  });

  it('a comment in an older migration is no edit', async () => {
    const root = committed();
    write(root, { 'drizzle/0001_b.sql': INDEX.replace('CREATE', '-- tableplan:allow x y\nCREATE') });
    expect(told(await reviewed(root, { since: 'main' }))).toEqual([]);
  });

  it('an older migration that is gone, out of the journal or dated anew is an error', async () => {
    const gone = committed();
    rmSync(join(gone, 'drizzle/0001_b.sql'));
    write(gone, { 'drizzle/meta/_journal.json': journal(['0000_a']) });
    const out = committed();
    write(out, { 'drizzle/meta/_journal.json': journal(['0000_a']) });
    const anew = committed();
    write(anew, {
      'drizzle/meta/_journal.json': journal(['0000_a', '0001_b'], [1_700_000_000_000, 1_800_000_000_000]),
    });
    for (const root of [gone, out, anew]) {
      const { findings } = await reviewed(root, { since: 'main' });
      expect(findings.map(({ rule }) => rule)).toEqual(['edited-or-missing-applied']);
    }
  });

  it('a new migration that is dated before an older one is an error', async () => {
    const root = committed();
    write(root, {
      'drizzle/0002_c.sql': TABLE.replace('users', 'teams'),
      'drizzle/meta/_journal.json': journal(
        ['0000_a', '0001_b', '0002_c'],
        [1_700_000_000_000, 1_700_000_000_001, 5],
      ),
    });
    expect(told(await reviewed(root, { since: 'main' }))).toEqual([
      'drizzle/meta/_journal.json journal-when-not-increasing',
    ]);
  });

  it.each([
    '--output=/tmp/pwned',
    '-h',
    '',
    'a b',
    'main\n',
    'nowhere',
    'HEAD:package.json',
    '^HEAD',
    'main..HEAD',
    'HEAD...',
    'HEAD^!',
    'HEAD^@',
    ':/one',
    '--exec=x',
  ])('the ref %j is refused', async (since) => {
    await expect(reviewed(committed(), { since })).rejects.toMatchObject({ code: 'usage', exitCode: 2 });
  });

  it('outside a repository it says so', async () => {
    const root = reviewProject({ '0000_a': TABLE });
    await expect(reviewed(root, { since: 'main' })).rejects.toMatchObject({ code: 'usage' });
    await expect(reviewed(makeTree({}), { since: 'main' })).rejects.toMatchObject({
      code: 'project-not-found',
    });
  });
});

describe('the schema since a ref', () => {
  const SCHEMA =
    "import { integer, pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer('id').primaryKey(), email: text('email') });\n";

  function generated(): string {
    const root = reviewProject({}, { 'src/schema.ts': SCHEMA });
    rmSync(join(root, 'drizzle'), { recursive: true });
    drizzleKit(root, 'generate', '--name', 'init');
    commitAll(root);
    return root;
  }

  it('a change without its migration is an error that says what drizzle-kit would generate', async () => {
    const root = generated();
    write(root, {
      'src/schema.ts': SCHEMA.replace("email: text('email')", "email: text('email'), age: integer('age')"),
    });
    const before = readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8');
    expect((await reviewed(root, { since: 'main' })).findings).toMatchObject([
      {
        rule: 'schema-without-migration',
        severity: 'error',
        file: 'src/schema.ts',
        message: expect.stringContaining('ADD COLUMN "age" integer') as string,
      },
    ]);
    expect(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8')).toBe(before);
    drizzleKit(root, 'generate', '--name', 'age');
    expect(told(await reviewed(root, { since: 'main' }))).not.toContain(
      'src/schema.ts schema-without-migration',
    );
  });

  it('a comment in it is no change', async () => {
    const root = generated();
    write(root, { 'src/schema.ts': `// users\n${SCHEMA}` });
    expect(told(await reviewed(root, { since: 'main' }))).toEqual([]);
  });

  it('a config that cannot be run is told, and stops nothing', async () => {
    const root = generated();
    write(root, {
      'drizzle.config.ts':
        "throw new Error('no secrets here');\nexport default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };\n",
    });
    const { findings, stopping } = await reviewed(root, { since: 'main' });
    expect(findings).toMatchObject([{ rule: 'schema-without-migration', severity: 'info' }]);
    expect(stopping).toEqual([]);
  });
});
