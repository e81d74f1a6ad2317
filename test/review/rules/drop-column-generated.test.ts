import { expect, it } from 'vitest';
import type { DatabaseSchema } from '../../../src/plan/database-schema.ts';
import { reviewSql } from '../../../src/review/review.ts';

const schema: DatabaseSchema = {
  tables: [
    {
      schema: 'public',
      name: 'orders',
      columns: [
        { name: 'net', type: 'integer', notNull: true },
        { name: 'gross', type: 'integer', notNull: false, generated: 'net * 2' },
      ],
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    },
  ],
  enums: [],
  schemas: [],
  views: [],
};

const found = async (column: string) =>
  (await reviewSql(`ALTER TABLE orders DROP COLUMN ${column};`, { schema, assumeTimeouts: true })).map(
    ({ rule, severity }) => `${severity} ${rule}`,
  );

it('a computed column can be computed again: only code misses it', async () => {
  expect(await found('gross')).toEqual(['warning drop-column']);
  expect(await found('net')).toEqual(expect.arrayContaining(['error drop-column', 'warning irreversible']));
});

it('a fix uses what older versions understand, unless the version is known', async () => {
  const sql = 'ALTER TABLE orders ALTER COLUMN gross SET NOT NULL;';
  const fixOf = async (postgresVersion?: number) =>
    (await reviewSql(sql, { postgresVersion })).find(({ rule }) => rule === 'set-not-null')?.fix;
  expect(await fixOf()).toContain('CHECK (gross IS NOT NULL) NOT VALID');
  expect(await fixOf(18)).toContain('NOT NULL gross NOT VALID');
});
