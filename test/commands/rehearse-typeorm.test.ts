import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type RehearseOptions,
  type RehearseOutcome,
  runRehearseCommand,
} from '../../src/commands/rehearse.ts';
import { reportRehearsed } from '../../src/report/json.ts';
import { renderRehearsed } from '../../src/report/rehearsed.ts';
import { type TestProject, type Version, VERSIONS } from '../orm/typeorm/project.ts';
import { migration, shop, type ShopOptions, USER } from './typeorm-project.ts';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

async function project(more: ShopOptions = {}): Promise<TestProject> {
  const made = await shop(more);
  projects.push(made);
  return made;
}

const rehearsed = ({ root }: TestProject, more: Partial<RehearseOptions> = {}): Promise<RehearseOutcome> =>
  runRehearseCommand({ cwd: root, enforce: false, ...more });

/** Rules with the lines of the file that they are told at. */
const told = ({ findings }: RehearseOutcome, root: string): [string, string, string][] =>
  findings
    .filter(({ severity, rule }) => severity !== 'info' || rule === 'not-rehearsed')
    .map(({ rule, severity, file, line }) => [
      rule,
      severity,
      readFileSync(`${root}/${file}`, 'utf8').split('\n')[line - 1]!.trim(),
    ]);

const NEXT = 'src/migrations/1700000000001-Next.ts';
const NAME = 'Next1700000000001';

describe.each(Object.keys(VERSIONS) as Version[])('an existing migration of TypeORM %s', (version) => {
  it('that decides by what it reads takes the branch it takes with a server, and a wrong way back is seen whole', async () => {
    const shop = await project({
      version,
      files: {
        [NEXT]: migration(
          NAME,
          `    const [{ exists, info }] = await queryRunner.query(
      "SELECT to_regclass('gone') IS NOT NULL AS exists, jsonb_build_object('email', true) AS info",
    );
    if (exists) await queryRunner.query('DROP TABLE users');
    if (info.email) await queryRunner.query('COMMENT ON TABLE users IS NULL');`,
          `    await queryRunner.query("COMMENT ON COLUMN users.email IS 'left over'");
    await queryRunner.query('ALTER TABLE users ALTER email SET STORAGE PLAIN');
    await queryRunner.query('GRANT SELECT ON users TO PUBLIC');
    await queryRunner.query('ALTER SEQUENCE users_id_seq CYCLE');
    await queryRunner.query('CREATE RULE silent AS ON DELETE TO users DO ALSO NOTHING');`,
        ),
      },
    });
    const { rehearsal } = await rehearsed(shop);
    expect(rehearsal).toMatchObject({ up: 'ok', down: 'ok', rollback: 'irreversible' });
    expect(rehearsal?.lost.map((line) => line.replace(/ (is|stays) .*/s, ''))).toEqual([
      'comment on column public.users.email',
      'privileges on table public.users',
      'rule public.users.silent',
      'sequence public.users_id_seq',
      'settings of column public.users.email',
    ]);
  });

  it('written by hand with loops, API calls and template strings is rehearsed up, down and up again', async () => {
    const shop = await project({
      version,
      user: USER.replace(
        'email: string | null;',
        "email: string | null;\n  @Column('text', { nullable: true }) a: string;\n  @Column('text', { nullable: true }) b: string;\n  @Column('int', { nullable: true }) age: number;",
      ),
      files: {
        [NEXT]: migration(
          NAME,
          `    for (const name of ['a', 'b']) {
      await queryRunner.query(\`ALTER TABLE \${TABLE} ADD \${name} text\`);
    }
    await queryRunner.addColumn(TABLE, new TableColumn({ name: 'age', type: 'int', isNullable: true }));
    // tableplan:allow create-index-blocking ten rows only
    await queryRunner.createIndex(TABLE, new TableIndex({ name: 'users_a_idx', columnNames: ['a'] }));
    await queryRunner.createIndex(TABLE, new TableIndex({ name: 'users_b_idx', columnNames: ['b'] }));`,
          `    await queryRunner.dropIndex(TABLE, 'users_b_idx');
    await queryRunner.dropIndex(TABLE, 'users_a_idx');
    for (const name of ['age', 'b', 'a']) await queryRunner.dropColumn(TABLE, name);`,
          { head: "const TABLE = 'users';\n" },
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome).toMatchObject({
      migration: NAME,
      file: NEXT,
      rollbackFile: NEXT,
      rehearsal: {
        engine: 'pglite',
        up: 'ok',
        down: 'ok',
        again: 'ok',
        rollback: 'exact',
        comparedWith: 'schema source',
      },
    });
    // The indexes, which no entity declares.
    expect(outcome.stopping.map(({ rule }) => rule)).toEqual(['unrelated-drift', 'unrelated-drift']);
    expect(outcome.rehearsal?.statements.map(({ sql }) => sql.split(' ').slice(0, 3).join(' '))).toEqual([
      'ALTER TABLE users',
      'ALTER TABLE users',
      'ALTER TABLE "users"',
      'CREATE INDEX "users_a_idx"',
      'CREATE INDEX "users_b_idx"',
    ]);
    const blocking = told(outcome, shop.root).filter(([rule]) => rule === 'create-index-blocking');
    expect(blocking).toEqual([
      ['create-index-blocking', 'warning', expect.stringContaining("name: 'users_b_idx'")],
    ]);
    // The entities have no such indexes: TypeORM would drop them.
    expect(outcome.rehearsal?.drift.map(({ object }) => object)).toEqual([
      'index public.users_a_idx',
      'index public.users_b_idx',
    ]);
    expect(renderRehearsed(outcome, { color: false })).toContain('index public.users_a_idx: not expected');
    expect(reportRehearsed(outcome)).toMatchObject({
      status: 'findings',
      migration: { name: NAME, files: [NEXT] },
    });
  });
});

/** With the index that migrations here make by hand: one that the entities do not have is drift. */
const INDEXED = USER.replace('Entity,', 'Entity, Index,').replace(
  '@Column(',
  "@Index('users_email_idx') @Column(",
);

describe('an existing migration of TypeORM', () => {
  it('is the newest, or the one that is named (and lists near names)', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(NAME, "    await queryRunner.query('CREATE TABLE t (id int PRIMARY KEY)');"),
      },
    });
    expect((await rehearsed(shop, { migration: 'Init' })).migration).toBe('Init1700000000000');
    expect((await rehearsed(shop)).migration).toBe(NAME);
    await expect(rehearsed(shop, { migration: 'Intt' })).rejects.toMatchObject({
      code: 'usage',
      exitCode: 2,
      hint: expect.stringContaining('Init') as string,
    });
  });

  it('that does nothing proves nothing', async () => {
    const shop = await project({ files: { [NEXT]: migration(NAME, '') } });
    expect(await rehearsed(shop)).toMatchObject({
      rehearsal: { statements: [], up: 'ok', down: 'ok', rollback: 'exact' },
      findings: [],
    });
  });

  it('without a way down, or whose down throws, is said to be irreversible', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('CREATE TABLE t (id int PRIMARY KEY)');",
          "    throw new Error('never');",
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome).toMatchObject({ rollbackFile: undefined, rehearsal: { up: 'ok', down: 'not run' } });
    expect(told(outcome, shop.root)).toContainEqual([
      'irreversible',
      'warning',
      expect.stringContaining('async down'),
    ]);
    expect(outcome.findings).toContainEqual(
      expect.objectContaining({ rule: 'not-rehearsed', message: '`down` throws: never.' }),
    );
  });

  it('whose way down does not lead back is an error at its down', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('CREATE TABLE t (id int PRIMARY KEY)');\n    await queryRunner.query('CREATE TABLE s (id int PRIMARY KEY)');",
          "    await queryRunner.query('DROP TABLE t');",
        ),
      },
    });
    expect(told(await rehearsed(shop), shop.root)).toContainEqual([
      'missing-or-wrong-down',
      'error',
      expect.stringContaining('async down'),
    ]);
  });

  it('that Postgres refuses fails at its line, with the SQLSTATE', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('SELECT 1');\n    await queryRunner.query(`\n      ALTER TABLE users\n        ADD nick text;\n      ALTER TABLE nowhere ADD nick text\n    `);",
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome.rehearsal?.up).toBe('failed');
    expect(told(outcome, shop.root)).toContainEqual([
      'rehearsal-failed',
      'error',
      'ALTER TABLE nowhere ADD nick text',
    ]);
    expect(outcome.stopping.map(({ message }) => message).join()).toContain('42P01');
  });

  it('whose own code fails is a finding, and its SQL up to there is judged', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('CREATE INDEX i ON users (email)');\n    (queryRunner as any).nonsense();",
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome.rehearsal).toBeUndefined();
    expect(outcome.stopping).toEqual([
      expect.objectContaining({
        rule: 'rehearsal-failed',
        message: expect.stringContaining('nonsense is not a function') as string,
      }),
    ]);
    expect(outcome.findings.map(({ rule }) => rule)).toContain('create-index-blocking');
  });

  it('that reads rows is said to hang on them', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    const rows = await queryRunner.query('SELECT id FROM users');\n    for (const { id } of rows) await queryRunner.query('UPDATE users SET email = $1 WHERE id = $2', ['x', id]);",
        ),
      },
    });
    expect(told(await rehearsed(shop), shop.root)).toContainEqual([
      'not-rehearsed',
      'info',
      "const rows = await queryRunner.query('SELECT id FROM users');",
    ]);
  });

  it('that uses keys that it has read is not blamed for those of the rehearsal', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          `    await queryRunner.query('CREATE TABLE teams (id uuid PRIMARY KEY DEFAULT gen_random_uuid())');
    await queryRunner.query('CREATE TABLE members (team_id uuid NOT NULL REFERENCES teams (id))');
    const [{ id }] = await queryRunner.query('INSERT INTO teams DEFAULT VALUES RETURNING id');
    await queryRunner.query('INSERT INTO members VALUES ($1)', [id]);`,
          "    await queryRunner.query('DROP TABLE members');\n    await queryRunner.query('DROP TABLE teams');",
        ),
      },
    });
    expect((await rehearsed(shop)).stopping).toEqual([]);
  });

  it('that leaves the entities unfulfilled drifts, and is not blamed for what older ones left out', async () => {
    const shop = await project({
      user: USER.replace(
        'email: string | null;',
        "email: string | null;\n  @Column('text', { nullable: true }) nick: string;\n  @Column('text', { nullable: true }) forgotten: string;",
      ),
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('ALTER TABLE users ADD nick varchar(20)');",
          "    await queryRunner.query('ALTER TABLE users DROP nick');",
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome.rehearsal?.drift).toEqual([
      { object: 'column public.users.nick', expected: 'text', actual: 'character varying(20)' },
    ]);
    expect(outcome.stopping.map(({ rule }) => rule)).toEqual(['unrelated-drift']);
    expect(outcome.findings).toContainEqual(
      expect.objectContaining({
        rule: 'schema-without-migration',
        message: expect.stringContaining('users.forgotten') as string,
      }),
    );
  });

  it('is run in the transaction that the project gives it', async () => {
    const concurrent = migration(
      NAME,
      "    await queryRunner.query('CREATE INDEX CONCURRENTLY users_email_idx ON users (email)');",
      "    await queryRunner.query('DROP INDEX CONCURRENTLY users_email_idx');",
      { member: 'transaction = false;' },
    );
    const each = await rehearsed(
      await project({
        user: INDEXED,
        options: "migrationsTransactionMode: 'each',",
        files: { [NEXT]: concurrent },
      }),
    );
    expect(each).toMatchObject({ rehearsal: { up: 'ok', down: 'ok', again: 'ok' }, stopping: [] });
    expect(each.findings).toContainEqual(
      expect.objectContaining({
        rule: 'concurrently-in-transaction',
        fix: 'typeorm migration:revert -t none',
      }),
    );
    const all = await project({ user: INDEXED, files: { [NEXT]: concurrent } });
    expect(told(await rehearsed(all), all.root)).toContainEqual([
      'forbidden-tx-override',
      'error',
      'transaction = false;',
    ]);
    const plain = await project({
      user: INDEXED,
      files: { [NEXT]: concurrent.replace('transaction = false;', '') },
    });
    expect((await rehearsed(plain)).stopping.map(({ rule }) => rule)).toContain(
      'concurrently-in-transaction',
    );
    const script = await project({
      user: INDEXED,
      files: {
        'package.json': JSON.stringify({
          scripts: { migrate: 'typeorm-ts-node-commonjs migration:run -t none -d src/data-source.ts' },
        }),
        [NEXT]: concurrent.replace('transaction = false;', ''),
      },
    });
    expect((await rehearsed(script)).stopping).toEqual([]);
  });

  it('may end the transaction of the migrator itself, and begin another one', async () => {
    const shop = await project({
      user: INDEXED,
      files: {
        [NEXT]: migration(
          NAME,
          `    await queryRunner.commitTransaction();
    await queryRunner.query('CREATE INDEX CONCURRENTLY users_email_idx ON users (email)');
    await queryRunner.startTransaction();
    await queryRunner.query("SELECT setval(pg_get_serial_sequence('users', 'id'), 100)");`,
          "    await queryRunner.query('DROP INDEX users_email_idx');",
        ),
      },
    });
    const outcome = await rehearsed(shop);
    expect(outcome).toMatchObject({ rehearsal: { up: 'ok', down: 'ok', again: 'ok' }, stopping: [] });
    expect(told(outcome, shop.root)).toContainEqual([
      'transaction-shape',
      'warning',
      'await queryRunner.commitTransaction();',
    ]);
  });

  it('with --fresh is run with its whole history, as a new environment does', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.query('CREATE INDEX CONCURRENTLY users_email_idx ON users (email)');",
        ),
        'src/migrations/1700000000002-Last.ts': migration(
          'Last1700000000002',
          "    await queryRunner.query('CREATE TABLE t (id int PRIMARY KEY)');",
          "    await queryRunner.query('DROP TABLE t');",
        ),
      },
    });
    const alone = await rehearsed(shop);
    expect(alone.findings.map(({ rule }) => rule)).not.toContain('fresh-history-fails');
    for (const time of ['first', 'second']) {
      const outcome = await rehearsed(shop, { fresh: true });
      expect([time, outcome.findings.find(({ rule }) => rule === 'fresh-history-fails')?.message]).toEqual([
        time,
        expect.stringContaining('[25001]') as string,
      ]);
    }
  });

  it('is rehearsed on the engine that is named, whatever API the history is written with', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(
          NAME,
          "    await queryRunner.createTable(new Table({ name: 'teams', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }] }));",
        ),
        'src/migrations/1700000000002-Last.ts': migration(
          'Last1700000000002',
          "    await queryRunner.query('ALTER TABLE teams ADD title text');",
          "    await queryRunner.query('ALTER TABLE teams DROP title');",
        ),
      },
    });
    expect((await rehearsed(shop, { engine: 'embedded' })).rehearsal).toMatchObject({
      engine: 'embedded',
      up: 'ok',
      down: 'ok',
      again: 'ok',
      rollback: 'exact',
      statements: [{ locks: [{ relation: 'teams', mode: 'AccessExclusiveLock' }] }],
    });
  });

  it('has the rows of a dump to be rehearsed with', async () => {
    const shop = await project({
      files: {
        'seed.sql': "INSERT INTO users (id, email) VALUES (1, 'a'), (2, 'a');\n",
        [NEXT]: migration(NAME, "    await queryRunner.query('ALTER TABLE users ADD UNIQUE (email)');"),
      },
    });
    const outcome = await rehearsed(shop, { seedDump: 'seed.sql' });
    expect(outcome.rehearsal?.seeded).toMatchObject([{ table: 'users', count: 2 }]);
    expect(outcome.stopping.map(({ rule }) => rule)).toContain('rows-refused');
  });

  it('tells of a data source that synchronises', async () => {
    const shop = await project({ options: 'synchronize: true,' });
    expect(told(await rehearsed(shop), shop.root)).toContainEqual([
      'synchronize',
      'warning',
      'synchronize: true,',
    ]);
  });
});

it('has the extensions that its migrations take for granted, and says so', async () => {
  const shop = await project({
    files: {
      'src/migrations/1700000000001-Names.ts': migration(
        'Names1700000000001',
        "    await queryRunner.query('CREATE TABLE names (name citext)');",
      ),
      'src/migrations/1700000000002-Keys.ts': migration(
        'Keys1700000000002',
        "    await queryRunner.query('ALTER TABLE names ADD trail ltree, ADD key bytea DEFAULT gen_random_bytes(8)');",
        "    await queryRunner.query('ALTER TABLE names DROP trail, DROP key');",
      ),
    },
  });
  const { rehearsal, findings } = await rehearsed(shop);
  expect(rehearsal).toMatchObject({ up: 'ok', down: 'ok' });
  const assumed = findings.filter(({ rule }) => rule === 'assumed-by-history');
  expect(assumed.map(({ message }) => /extension (\S+) was created/.exec(message)?.[1])).toEqual([
    'citext',
    'ltree',
    'pgcrypto',
  ]);
});
