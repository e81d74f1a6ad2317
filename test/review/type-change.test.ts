import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { reviewSql } from '../../src/review/review.ts';
import { parseScript } from '../../src/postgres/parse-script.ts';
import { readScript } from '../../src/review/script.ts';
import { rewritesTable } from '../../src/review/type-change.ts';

let db: PGlite;

beforeAll(async () => {
  await loadSqlParser();
  db = new PGlite();
  await db.exec(
    "set timezone = 'Europe/Oslo'; create type mood as enum ('a'); create domain name_of as text;",
  );
}, 600_000);

afterAll(() => db.close());

const CHANGES: readonly (readonly [from: string, to: string])[] = [
  ['varchar(50)', 'varchar(50)'],
  ['varchar(50)', 'varchar(60)'],
  ['varchar(50)', 'varchar(40)'],
  ['varchar(50)', 'varchar'],
  ['varchar', 'varchar(50)'],
  ['varchar(50)', 'text'],
  ['text', 'varchar'],
  ['text', 'varchar(50)'],
  ['varchar(50)[]', 'varchar(60)[]'],
  ['varchar(50)[]', 'text[]'],
  ['text[]', 'text[]'],
  ['char(4)', 'char(4)'],
  ['char(4)', 'char(8)'],
  ['char(4)', 'varchar(8)'],
  ['char(4)', 'text'],
  ['text', 'char(8)'],
  ['numeric(10, 2)', 'numeric(12, 2)'],
  ['numeric(10, 2)', 'numeric(8, 2)'],
  ['numeric(10, 2)', 'numeric(12, 3)'],
  ['numeric(10, 2)', 'numeric'],
  ['numeric', 'numeric(10, 2)'],
  ['numeric(10)', 'numeric(12, 0)'],
  ['integer', 'bigint'],
  ['integer', 'serial'],
  ['integer', 'oid'],
  ['integer', 'numeric'],
  ['integer', 'text'],
  ['real', 'double precision'],
  ['boolean', 'text'],
  ['timestamp', 'timestamptz'],
  ['timestamptz', 'timestamp'],
  ['timestamp(3)', 'timestamp(6)'],
  ['timestamp(3)', 'timestamp'],
  ['timestamp', 'timestamp(6)'],
  ['timestamp', 'timestamp(3)'],
  ['timestamptz(0)', 'timestamptz(2)'],
  ['timestamptz', 'timestamptz(2)'],
  ['time(2)', 'time(4)'],
  ['time(4)', 'time(2)'],
  ['timestamp', 'date'],
  ['interval(0)', 'interval(3)'],
  ['interval(3)', 'interval'],
  ['interval', 'interval(6)'],
  ['interval', 'interval(3)'],
  ['interval', 'interval day to second'],
  ['interval day to second', 'interval'],
  ['cidr', 'inet'],
  ['inet', 'cidr'],
  ['bit(4)', 'bit(8)'],
  ['bit varying(4)', 'bit varying(8)'],
  ['bit varying(8)', 'bit varying(4)'],
  ['bit varying(4)', 'bit varying'],
  ['json', 'jsonb'],
  ['uuid', 'text'],
  ['xml', 'text'],
  ['macaddr', 'macaddr8'],
];

function said(from: string, to: string, using = ''): boolean | undefined {
  const script = readScript(
    `ALTER TABLE t ALTER COLUMN c TYPE ${to} ${using}`,
    { postgresVersion: 18, transaction: 'none', assumeTimeouts: false },
    { newTables: new Set() },
  );
  const operation = script.statements[0]?.operations[0];
  if (operation?.kind !== 'alter-type') throw new Error('not a change of type');
  return rewritesTable({
    column: 'c',
    from,
    to: operation.type,
    using: operation.using,
    timeZone: 'Europe/Oslo',
    postgresVersion: 18,
  });
}

/** undefined: Postgres refuses it. */
async function seen(from: string, to: string, using = ''): Promise<boolean | undefined> {
  const file = async () => {
    const { rows } = await db.query<{ file: number }>(
      "select relfilenode as file from pg_class where relname = 't'",
    );
    return rows[0]?.file;
  };
  await db.exec(`drop table if exists t; create table t (c ${from}); insert into t values (null);`);
  const before = await file();
  try {
    await db.exec(`alter table t alter column c type ${to} ${using}`);
  } catch {
    return undefined;
  }
  return (await file()) !== before;
}

it('knows which changes of type write the table anew', async () => {
  const wrong: string[] = [];
  for (const [from, to] of CHANGES) {
    const actual = await seen(from, to);
    // A serial is no type of ALTER COLUMN, an enum needs a USING.
    if (actual === undefined) continue;
    if (actual !== said(from, to)) wrong.push(`${from} → ${to}: ${actual ? 'rewritten' : 'not rewritten'}`);
  }
  expect(wrong).toEqual([]);
}, 600_000);

it.each([
  ['varchar(50)', 'text', 'USING c::text'],
  ['varchar(50)', 'text', 'USING c'],
  ['varchar(50)', 'text', 'USING trim(c)'],
  ['timestamp', 'timestamptz', "USING c AT TIME ZONE 'UTC'"],
  ['text', 'varchar(20)', 'USING c::varchar(20)'],
])('%s → %s %s', async (from, to, using) => {
  expect(said(from, to, using)).toBe(await seen(from, to, using));
});

it.each([
  ['mood', 'text'],
  ['name_of', 'text'],
  ['text', 'name_of'],
  ['mood', 'app.mood'],
])('leaves %s → %s open: a type of the user may be a domain', (from, to) => {
  expect(said(from, to)).toBeUndefined();
});

it('the way around a rewrite leaves a table that takes new rows', async () => {
  await db.exec(
    'create table orders (id int primary key, quantity integer not null); insert into orders values (1, 7)',
  );
  const sql = 'ALTER TABLE orders ALTER COLUMN quantity SET DATA TYPE bigint;';
  const [found] = (await reviewSql(sql)).filter(({ rule }) => rule === 'type-change-rewrite');
  for (const { text } of parseScript(found?.fix ?? '')) await db.exec(text);
  await db.exec('insert into orders (id, quantity) values (2, 8)');
  const { rows } = await db.query(
    'select quantity, pg_typeof(quantity)::text as type from orders order by id',
  );
  expect(rows).toEqual([
    { quantity: 7, type: 'bigint' },
    { quantity: 8, type: 'bigint' },
  ]);
});
