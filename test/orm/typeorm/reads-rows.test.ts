import { expect, it } from 'vitest';
import { readOfRows } from '../../../src/orm/typeorm/reads-rows.ts';

it.each([
  'SELECT id FROM users',
  ' -- which\n select id from users',
  'WITH a AS (SELECT 1) SELECT * FROM a',
  'INSERT INTO users DEFAULT VALUES RETURNING id',
])('%s shows rows to the migration', (sql) => {
  expect(readOfRows([{ sql }])).toEqual({ sql });
});

it.each([
  "SELECT setval('users_id_seq', 7) FROM users",
  'INSERT INTO a SELECT * FROM b',
  'UPDATE users SET a = 1',
  'SELECT 1',
])('%s does not', (sql) => {
  expect(readOfRows([{ sql }])).toBeUndefined();
});
