import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { review } from '../../../src/review/review.ts';
import { SCHEMA } from '../lock-matrix-fixture.ts';

beforeAll(loadSqlParser);

function irreversible(sql: string) {
  return review(sql, { schema: SCHEMA, transaction: 'none' }).findings.filter(
    ({ rule }) => rule === 'irreversible',
  );
}

it.each([
  ['a smaller scale', 'ALTER TABLE t ALTER num TYPE numeric(10, 1);'],
  ['a date of a timestamp', 'ALTER TABLE t ALTER COLUMN ts TYPE date;'],
  ['a text that USING cuts', 'ALTER TABLE t ALTER v TYPE varchar(10) USING v::varchar(10);'],
  ['fewer digits of a second', 'ALTER TABLE t ALTER ts TYPE timestamp(3);'],
])('knows from the schema that %s loses values', (_what, sql) => {
  expect(irreversible(sql)).toHaveLength(1);
});

it.each([
  'ALTER TABLE t ALTER num TYPE numeric(12, 2);',
  'ALTER TABLE t ALTER num TYPE numeric;',
  'ALTER TABLE t ALTER a TYPE bigint;',
  'ALTER TABLE t ALTER v TYPE varchar(10);',
  'ALTER TABLE t ALTER v TYPE text;',
])('is silent for %s', (sql) => {
  expect(irreversible(sql)).toEqual([]);
});

it('keeps the key beside the column that goes', () => {
  expect(irreversible('ALTER TABLE t DROP COLUMN tx;')[0]?.fix).toBe(
    'CREATE TABLE t_tx_kept AS SELECT id, tx FROM t;\nALTER TABLE t DROP COLUMN tx;',
  );
});
