import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { parseExpression } from '../../src/review/expression.ts';
import { volatileCall } from '../../src/review/volatile.ts';

beforeAll(loadSqlParser);

it.each([
  '5',
  "'x'::text",
  'now()',
  'CURRENT_TIMESTAMP',
  "now() + interval '1 day'",
  "date_trunc('day', now() AT TIME ZONE 'UTC')",
  "uuid('6f1ed002-ab5e-4c3c-8a52-5a0b1b1f0e3d')",
  'jsonb_build_object()',
  'ARRAY[]::text[]',
  "coalesce(nullif('a', 'b'), lower('C'))",
])('%s is one value for all rows', (sql) => {
  expect(volatileCall(parseExpression(sql))).toBeUndefined();
});

it.each([
  ['gen_random_uuid()', 'gen_random_uuid'],
  ['app.new_id()', 'new_id'],
  ['uuid()', 'uuid'],
  ["date_trunc('day', clock_timestamp())", 'clock_timestamp'],
  ["nextval('s'::regclass)", 'nextval'],
  ['md5(random()::text)', 'random'],
  ['uuidv7()', 'uuidv7'],
])('%s is one for each row', (sql, name) => {
  expect(volatileCall(parseExpression(sql))).toBe(name);
});
