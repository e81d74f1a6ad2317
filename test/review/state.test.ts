import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import type { TransactionMode } from '../../src/review/rule.ts';
import { readScript } from '../../src/review/script.ts';
import { topic } from '../../src/review/topics.ts';

beforeAll(loadSqlParser);

/** What is known before the last statement. */
function before(sql: string, transaction: TransactionMode) {
  const { statements } = readScript(
    sql,
    { postgresVersion: 18, transaction, assumeTimeouts: false },
    { newTables: new Set() },
  );
  return statements.at(-1)!.before;
}

it.each([
  ['none', 'SELECT 1; SELECT 2', false],
  ['none', 'BEGIN; SELECT 2', true],
  ['none', 'BEGIN; COMMIT; SELECT 2', false],
  ['none', 'BEGIN; COMMIT AND CHAIN; SELECT 2', true],
  ['none', 'BEGIN; SAVEPOINT s; ROLLBACK TO s; SELECT 2', true],
  ['each', 'SELECT 2', true],
  ['all', 'COMMIT; SELECT 2', false],
  ['all', 'COMMIT; BEGIN; SELECT 2', true],
] as const)('in mode %s, before the last of "%s": in a transaction %s', (mode, sql, expected) => {
  expect(before(sql, mode).inTransaction).toBe(expected);
});

it('a BEGIN inside the transaction of the migrator starts none', () => {
  const state = before('DROP TABLE a; BEGIN; DROP TABLE b; SELECT 1', 'each');
  expect(state.lastInTransaction(topic('drop-table', 'a'))).toMatchObject({ kind: 'drop-table' });
});

it('settings end with RESET ALL, those of SET LOCAL with the transaction', () => {
  const sql = "BEGIN; SET LOCAL lock_timeout = '2s'; SET statement_timeout = '9s'; COMMIT; SELECT 1";
  expect(before(sql, 'none').setting('lock_timeout')).toBeUndefined();
  expect(before(sql, 'none').setting('statement_timeout')).toBe('9s');
  expect(before(`${sql}; RESET ALL; SELECT 2`, 'none').setting('statement_timeout')).toBeUndefined();
});

it('what a ROLLBACK undoes is not known any more', () => {
  const sql = "SET lock_timeout = '2s'; BEGIN; SET lock_timeout = '9s'; CREATE TABLE t (a int)";
  const t = { schema: undefined, name: 't' };
  expect(before(`${sql}; COMMIT; SELECT 1`, 'none').setting('lock_timeout')).toBe('9s');
  expect(before(`${sql}; ROLLBACK; SELECT 1`, 'none').setting('lock_timeout')).toBe('2s');
  expect(before(`${sql}; SELECT 1`, 'none').isNew(t)).toBe(true);
  expect(before(`${sql}; ROLLBACK; SELECT 1`, 'none').isNew(t)).toBe(false);
});

it('ROLLBACK TO goes back to the savepoint, and no further', () => {
  const sql =
    "SET lock_timeout = '1s'; SAVEPOINT a; SET lock_timeout = '2s'; SAVEPOINT b; SET lock_timeout = '3s'";
  const timeout = (more: string) => before(`${sql}; ${more}; SELECT 1`, 'each').setting('lock_timeout');
  expect(timeout('RELEASE b')).toBe('3s');
  expect(timeout('ROLLBACK TO b')).toBe('2s');
  expect(timeout('ROLLBACK TO a; ROLLBACK TO a')).toBe('1s');
  // Gone with the savepoint before it: Postgres refuses the second.
  expect(timeout('ROLLBACK TO a; ROLLBACK TO b')).toBe('1s');
  expect(timeout('ROLLBACK')).toBeUndefined();
});
