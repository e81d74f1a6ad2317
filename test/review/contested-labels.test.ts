import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/postgres/engines/connection.ts';
import { reviewSql } from '../../src/review/review.ts';
import { startTestServer, type TestServer } from '../postgres/engines/test-server.ts';

// Other reviewers warn of these statements, or pass over them. What Postgres does with them is measured here on a server with
// two sessions, beside what the reviewer says.

let server: TestServer;
let migration: Connection;
let application: Connection;

beforeAll(async () => {
  server = await startTestServer();
  migration = await server.admin();
  application = await server.admin();
});
afterAll(async () => {
  await migration.end();
  await application.end();
  await server.stop();
});
beforeEach(async () => {
  await migration.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE DOMAIN label AS text;
    CREATE TABLE t (id int, c label);
    INSERT INTO t VALUES (1, 'a'), (2, NULL);`);
});

/** The locks on tables and their indexes that others see while a statement of an open transaction is done. */
async function locksOf(sql: string): Promise<readonly string[]> {
  await migration.exec(`BEGIN; ${sql}`);
  try {
    const rows = await application.query<{ mode: string }>(
      `SELECT DISTINCT mode FROM pg_locks l JOIN pg_class r ON r.oid = l.relation
        WHERE l.pid <> pg_backend_pid() AND r.relnamespace = 'public'::regnamespace ORDER BY mode`,
    );
    return rows.map(({ mode }) => mode);
  } finally {
    await migration.exec('ROLLBACK');
  }
}

/** Where the rows of `t` lie: another file is a rewrite. */
async function fileOf(): Promise<unknown> {
  const [row] = await migration.query<{ file: unknown }>("SELECT pg_relation_filenode('t') AS file");
  return row?.file;
}

/** The rules of the findings that would be looked at. */
async function rulesOf(sql: string): Promise<readonly string[]> {
  const findings = await reviewSql(sql, { transaction: 'none' });
  return findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
}

describe('a column with a constant default', () => {
  const sql = 'ALTER TABLE t ADD COLUMN n integer DEFAULT 10;';

  it('leaves the rows where they are, and is no rewrite for the reviewer', async () => {
    const before = await fileOf();
    await migration.exec(sql);
    expect(await fileOf()).toEqual(before);
    expect(await migration.query('SELECT n FROM t')).toEqual([{ n: 10 }, { n: 10 }]);
    expect(await rulesOf(sql)).toEqual(['missing-lock-timeout']);
  });

  it('is one where the default is volatile', async () => {
    const volatileSql = 'ALTER TABLE t ADD COLUMN n double precision DEFAULT random();';
    const before = await fileOf();
    await migration.exec(volatileSql);
    expect(await fileOf()).not.toEqual(before);
    expect(await rulesOf(volatileSql)).toContain('volatile-default');
  });
});

describe('a statement that waits for its lock', () => {
  it('waits no longer than statement_timeout says, so that no lock_timeout is asked for', async () => {
    await application.exec('BEGIN; SELECT FROM t;');
    try {
      await expect(
        migration.exec("SET statement_timeout = '200ms'; ALTER TABLE t ADD COLUMN b boolean;"),
      ).rejects.toMatchObject({ sqlstate: '57014' });
    } finally {
      await application.exec('ROLLBACK');
      await migration.exec('RESET statement_timeout');
    }
    expect(await rulesOf("SET statement_timeout = '200ms'; ALTER TABLE t ADD COLUMN b boolean;")).toEqual([]);
  });

  it.each([
    ["CREATE TYPE mood AS ENUM ('sad', 'glad');", []],
    ["COMMENT ON COLUMN t.c IS 'a label';", ['ShareUpdateExclusiveLock']],
  ])('stops no reader and no writer: %s', async (sql, locks) => {
    expect(await locksOf(sql)).toEqual(locks);
    await migration.exec(`BEGIN; ${sql}`);
    try {
      await application.exec("SET lock_timeout = '100ms'; INSERT INTO t VALUES (3, 'c'); SELECT FROM t;");
    } finally {
      await migration.exec('ROLLBACK');
    }
    expect(await rulesOf(sql)).toEqual([]);
  });

  it('rewrites nothing as VACUUM (FULL false), and everything as VACUUM FULL', async () => {
    const before = await fileOf();
    await migration.query('VACUUM (FULL false) t');
    expect(await fileOf()).toEqual(before);
    await migration.query('VACUUM FULL t');
    expect(await fileOf()).not.toEqual(before);
    expect(await rulesOf('VACUUM (FULL false) t;')).toEqual([]);
    expect(await rulesOf('VACUUM FULL t;')).not.toEqual([]);
  });

  it('finds nobody at a table of the same transaction', async () => {
    const sql = 'CREATE TABLE fresh (id int PRIMARY KEY); ALTER TABLE fresh ADD COLUMN note text;';
    await migration.exec(`BEGIN; ${sql}`);
    try {
      await expect(application.query('SELECT FROM fresh')).rejects.toMatchObject({ sqlstate: '42P01' });
    } finally {
      await migration.exec('ROLLBACK');
    }
    expect(await rulesOf(sql)).toEqual([]);
  });
});

describe('what looks harmless', () => {
  it('reads every row: NOT NULL of a domain', async () => {
    await expect(migration.exec('ALTER DOMAIN label SET NOT NULL')).rejects.toMatchObject({
      sqlstate: '23502',
    });
    await migration.exec('DELETE FROM t WHERE c IS NULL');
    // Writers wait meanwhile; readers do not.
    expect(await locksOf('ALTER DOMAIN label SET NOT NULL;')).toEqual(['ShareLock']);
    expect(await rulesOf('ALTER DOMAIN label SET NOT NULL;')).toEqual(['domain-constraint']);
  });

  it('loses every row: TRUNCATE', async () => {
    expect(await locksOf('TRUNCATE t;')).toEqual(['AccessExclusiveLock', 'ShareLock']);
    await migration.exec('TRUNCATE t');
    expect(await migration.query('SELECT FROM t')).toEqual([]);
    expect(await rulesOf('TRUNCATE t;')).toContain('truncate');
  });
});

describe('NOT VALID and its VALIDATE in one transaction', () => {
  // One cause, one finding: the scan under the lock of the first is what the finding says.
  it.each([
    ['CHECK (id > 0)', 'AccessExclusiveLock'],
    ['FOREIGN KEY (id) REFERENCES parents (id)', 'ShareRowExclusiveLock'],
  ])('scans under the lock of ADD CONSTRAINT: %s', async (constraint, lock) => {
    const sql = `ALTER TABLE t ADD CONSTRAINT k ${constraint} NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT k;`;
    await migration.exec('CREATE TABLE parents (id int PRIMARY KEY); INSERT INTO parents VALUES (1), (2);');
    expect(await locksOf(sql)).toContain(lock);
    const findings = await reviewSql(sql, { transaction: 'each' });
    expect(findings.map(({ rule }) => rule)).toContain('validate-in-same-tx');
  });
});
