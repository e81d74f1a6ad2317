import { beforeAll, describe, expect, it } from 'vitest';
import { rulesOfCheck } from '../../src/crud/check-rules.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(loadSqlParser);

describe('what a CHECK says of a value', () => {
  it.each([
    ['price >= 0', 'price', { min: 0 }],
    ['0 <= price', 'price', { min: 0 }],
    ["price >= '-1.5'::numeric", 'price', { min: -1.5 }],
    ['quantity BETWEEN 1 AND 10', 'quantity', { min: 1, max: 10 }],
    ["status IN ('a', 'b')", 'status', { values: ['a', 'b'] }],
    [
      "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
      'status',
      { values: ['a', 'b'] },
    ],
    ["name ~ '^a'", 'name', { pattern: '^a' }],
    ['char_length(name) > 2', 'name', { minLength: 3 }],
    ['length(code) <= 5 AND length(code) >= 2', 'code', { minLength: 2, maxLength: 5 }],
  ])('%s', (expression, column, rule) => {
    expect(rulesOfCheck(expression).get(column)).toEqual(rule);
  });

  it.each([
    "name ~ '[[:alpha:]]'",
    'a > b',
    'price > 0',
    "status = 'a' OR status = 'b'",
    'not ( sql',
    'name IS NOT NULL',
  ])('is left to Postgres where it is of no usual form: %s', (expression) => {
    expect([...rulesOfCheck(expression).values()]).toEqual([]);
  });
});
