import { PGlite } from '@electric-sql/pglite';
import { parseSync } from 'libpg-query';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { parseExpression } from '../../src/review/expression.ts';
import { volatileCall } from '../../src/review/volatile.ts';

let db: PGlite;

beforeAll(async () => {
  await loadSqlParser();
  db = new PGlite();
  await db.exec(
    "create function own() returns int language plpgsql as 'begin return 1; end'; create function public.now(int) returns timestamptz language plpgsql as 'begin return now(); end'; create table t (id int); insert into t values (1);",
  );
}, 600_000);

afterAll(() => db.close());

it.each([
  ['now()', 'timestamptz'],
  ["now() + interval '1 day'", 'timestamptz'],
  ["date_trunc('day', now())", 'timestamptz'],
  ["timezone('utc', now())", 'timestamp'],
  ["(now() AT TIME ZONE 'utc')", 'timestamp'],
  ['CURRENT_TIMESTAMP', 'timestamptz'],
  ['CURRENT_USER', 'text'],
  ["current_setting('server_version')", 'text'],
  ['pg_catalog.statement_timestamp()', 'timestamptz'],
  ['jsonb_build_object()', 'jsonb'],
  ["jsonb_build_object('at', clock_timestamp())", 'jsonb'],
  ["'{}'::jsonb", 'jsonb'],
  ['ARRAY[]::text[]', 'text[]'],
  ['md5(random()::text)', 'text'],
  ["COALESCE(NULLIF('', ''), 'a')", 'text'],
  ['gen_random_uuid()', 'uuid'],
  ['(random() * 5)::int', 'int'],
  ['timeofday()', 'text'],
  ['own()', 'int'],
  ['now(1)', 'timestamptz'],
])('DEFAULT %s rewrites the table exactly where it calls something volatile', async (value, type) => {
  const file = async () => (await db.query(`select relfilenode from pg_class where relname = 't'`)).rows;
  await db.exec('begin');
  const before = await file();
  await db.exec(`alter table t add column c ${type} default ${value}`);
  const after = await file();
  await db.exec('rollback');
  expect(volatileCall(parseExpression(value)) !== undefined).toBe(
    JSON.stringify(after) !== JSON.stringify(before),
  );
});

it('calls no built-in function steady that Postgres calls volatile', async () => {
  const { rows } = await db.query<{ name: string; count: number }>(
    `select proname as name, max(pronargs)::int4 as count from pg_proc
     where provolatile = 'v' and pronamespace = 'pg_catalog'::regnamespace and prokind = 'f' group by 1`,
  );
  const steady = rows.filter(({ name, count }) => {
    const call = `${name}(${Array.from({ length: count }, () => 'NULL').join(', ')})`;
    expect(() => parseSync(`SELECT ${call}`)).not.toThrow();
    return volatileCall(parseExpression(call)) === undefined;
  });
  expect(steady).toEqual([]);
});
