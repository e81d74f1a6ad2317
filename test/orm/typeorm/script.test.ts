import { expect, it } from 'vitest';
import { asScript } from '../../../src/orm/typeorm/script.ts';

it('writes queries as a script, parameters as literals', () => {
  expect(
    asScript([
      { sql: 'ALTER TABLE "a$1" ADD b text DEFAULT \'$1\'' },
      {
        sql: `INSERT INTO "a$1" VALUES ($1, '$2', $2, $3, $10)`,
        parameters: ["it's", null, 3, 4, 5, 6, 7, 8, 9, { b: true }],
      },
    ]),
  ).toBe(`ALTER TABLE "a$1" ADD b text DEFAULT '$1';
INSERT INTO "a$1" VALUES ('it''s', '$2', NULL, 3, '{"b":true}');`);
});
