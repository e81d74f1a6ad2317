import { expect, it } from 'vitest';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { reviewSql } from '../../src/review/review.ts';

const schema: DatabaseSchema = {
  tables: [
    {
      schema: 'public',
      name: 'orders',
      columns: [
        { name: 'id', type: 'integer', notNull: true },
        { name: 'quantity', type: 'integer', notNull: true },
      ],
      primaryKey: { name: 'orders_pkey', named: false, columns: ['id'] },
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [{ name: 'orders_quantity_check', expression: 'quantity > 0' }],
    },
  ],
  enums: [],
  schemas: [],
  views: [],
};

const fixOf = async (rule: string, sql: string): Promise<string | undefined> =>
  (await reviewSql(sql, { schema })).find((finding) => finding.rule === rule)?.fix;

it('a fix gives an unnamed constraint a name that is free', async () => {
  const fix = await fixOf('check-validating', 'ALTER TABLE orders ADD CHECK (quantity < 1000);');
  expect(fix).toContain('ADD CONSTRAINT orders_quantity_check1 CHECK (quantity < 1000) NOT VALID');
  expect(fix).toContain('VALIDATE CONSTRAINT orders_quantity_check1');
});

it('and builds the index of a new key beside the one of the old key', async () => {
  const fix = await fixOf(
    'pk-inline',
    'ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (quantity, id);',
  );
  expect(fix).toContain('CREATE UNIQUE INDEX CONCURRENTLY orders_pkey1 ON orders (quantity, id)');
  expect(fix).toContain('ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey1');
});
