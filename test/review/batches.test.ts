import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { inBatches } from '../../src/review/batches.ts';
import { readScript } from '../../src/review/script.ts';

let db: PGlite;

beforeAll(async () => {
  await loadSqlParser();
  db = new PGlite();
}, 600_000);

afterAll(() => db.close());

function batches(sql: string): string | undefined {
  const { statements } = readScript(
    sql,
    { postgresVersion: 18, transaction: 'none', assumeTimeouts: false },
    { newTables: new Set() },
  );
  return statements[0] && inBatches(statements[0]);
}

async function rowsAfter(sql: string): Promise<unknown> {
  await db.exec(`
    drop table if exists "Users";
    create table "Users" (id int primary key, a int, note text, seen timestamptz);
    insert into "Users" select i, nullif(i % 3, 0), 'n' || i from generate_series(1, 2500) i;`);
  await db.exec(sql);
  const { rows } = await db.query(`select id, a, note, seen is null as unseen from "Users" order by id`);
  return rows;
}

it.each([
  'UPDATE "Users" SET a = 7',
  'UPDATE "Users" SET a = 7, note = lower(\'X, WHERE y\') WHERE a IS NULL OR id > 2000',
  'UPDATE "Users" SET a = id',
  'UPDATE "Users" SET a = NULL WHERE note IS NOT NULL -- all of them',
  'UPDATE "Users" SET seen = now() WHERE seen IS NULL AND a = 1',
  'DELETE FROM "Users" WHERE a IS NULL RETURNING id',
  'DELETE FROM "Users"',
])('%s comes to the same in batches', async (sql) => {
  const looped = batches(sql);
  expect(looped).toContain('LIMIT 1000');
  // The pause is for a database that others use.
  const batched = await rowsAfter(looped!.replace('pg_sleep(0.1)', '1'));
  expect(batched).toEqual(await rowsAfter(sql));
});

it.each([
  'UPDATE users SET a = a + 1',
  'UPDATE users SET a = b, b = a',
  'UPDATE users SET seen = now()',
  'UPDATE users SET token = gen_random_uuid()',
  'UPDATE users SET a = DEFAULT',
  'UPDATE users SET (a, b) = (SELECT 1, 2)',
  'UPDATE users u SET a = 1',
  'UPDATE users SET a = o.a FROM orders o WHERE o.user_id = users.id',
  'WITH x AS (SELECT 1) DELETE FROM users',
  'DO $$ BEGIN DELETE FROM users; END $$',
])('%s has no condition that tells what is done', (sql) => {
  expect(batches(sql)).toBeUndefined();
});
