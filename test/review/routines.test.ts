import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { readScript } from '../../src/review/script.ts';
import { reviewSql } from '../../src/index.ts';

beforeAll(loadSqlParser);

/** Kinds of the operations of each statement that calls something. */
function called(sql: string): string[][] {
  const { statements } = readScript(
    sql,
    { postgresVersion: 18, transaction: 'none', assumeTimeouts: true },
    { newTables: new Set() },
  );
  return statements
    .filter(({ text }) => !/^CREATE/i.test(text))
    .map(({ operations }) => operations.map(({ kind }) => kind));
}

const REMOVE = 'CREATE FUNCTION remove() RETURNS void LANGUAGE sql AS $$ DELETE FROM users $$';

it('a call does what the body does, the first time', () => {
  expect(called(`${REMOVE}; SELECT remove(); SELECT remove()`)).toEqual([
    ['select', 'do-block', 'delete'],
    ['select'],
  ]);
});

it('a function that was not called has done nothing', () => {
  expect(called(`${REMOVE}; SELECT 1`)).toEqual([['select']]);
});

it.each([
  'SELECT count(*) FROM a WHERE remove() IS NULL',
  'INSERT INTO a SELECT remove()',
  'UPDATE a SET b = public.remove() WHERE id = 1',
  'DO $$ BEGIN PERFORM remove(); END $$',
  'DO $$ DECLARE x text; BEGIN x := remove(); END $$',
  'DO $$ BEGIN IF remove() IS NULL THEN NULL; END IF; END $$',
])('finds the call in %s', (statement) => {
  expect(called(`${REMOVE}; ${statement}`)[0]).toContain('delete');
});

it('a function that calls itself, or another, ends', () => {
  const again =
    'CREATE FUNCTION a() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; PERFORM b(); END $$';
  const back =
    'CREATE FUNCTION b() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP VIEW v; PERFORM a(); END $$';
  expect(called(`${again}; ${back}; SELECT a()`)).toEqual([
    ['select', 'do-block', 'drop-table', 'do-block', 'drop-view'],
  ]);
});

it('VACUUM fails in the transaction of a file, even alone; an index by itself may be told to run outside', async () => {
  const severities = async (sql: string) =>
    (await reviewSql(sql, { transaction: 'each', assumeTimeouts: true })).map(({ severity }) => severity);
  expect(await severities('VACUUM users')).toEqual(['error']);
  expect(await severities('CREATE INDEX CONCURRENTLY i ON users (a)')).not.toContain('error');
});
