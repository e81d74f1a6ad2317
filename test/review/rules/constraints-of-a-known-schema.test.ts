import { beforeAll, expect, it } from 'vitest';
import type { DatabaseSchema, TableDef } from '../../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { review } from '../../../src/review/review.ts';

beforeAll(loadSqlParser);

const BARE = { uniques: [], indexes: [], foreignKeys: [], checks: [] };

const users: TableDef = {
  ...BARE,
  schema: 'public',
  name: 'users',
  columns: [
    { name: 'id', type: 'bigint', notNull: true },
    { name: 'email', type: 'varchar(100)', notNull: true },
    { name: 'phone', type: 'text', notNull: false },
    { name: 'age', type: 'integer', notNull: false },
  ],
  primaryKey: { name: 'users_pkey', named: false, columns: ['id'] },
  indexes: [index('users_phone_index', ['phone']), index('users_email_index', ['email'])],
  checks: [
    { name: 'has_phone', expression: '"phone" IS NOT NULL AND length("phone") > 3' },
    { name: 'has_email', expression: '"users"."email" is not null' },
  ],
};

const orders: TableDef = {
  ...BARE,
  schema: 'public',
  name: 'orders',
  columns: [
    { name: 'id', type: 'bigserial', notNull: true },
    { name: 'user_id', type: 'bigint', notNull: false },
    { name: 'shop_id', type: 'integer', notNull: false },
  ],
  indexes: [index('orders_user_index', ['user_id', 'id']), index('orders_shop_index', ['id', 'shop_id'])],
  foreignKeys: [
    {
      name: 'orders_user_fk',
      named: true,
      columns: ['user_id'],
      references: { schema: 'public', name: 'users', columns: ['id'] },
      onDelete: 'no action',
      onUpdate: 'no action',
    },
  ],
};

const SCHEMA: DatabaseSchema = { tables: [users, orders], enums: [], schemas: [], views: [] };

function index(name: string, columns: readonly string[]) {
  return {
    name,
    unique: false,
    columns: columns.map(
      (expression) => ({ expression, isExpression: false, order: 'asc', nulls: 'last' }) as const,
    ),
    using: 'btree',
    concurrently: false,
  };
}

function findings(rule: string, sql: string) {
  return review(sql, { transaction: 'none', schema: SCHEMA }).findings.filter((found) => found.rule === rule);
}

it('SET NOT NULL needs no scan where a check of the schema proves it, or where the column has it', () => {
  expect(findings('set-not-null', 'ALTER TABLE users ALTER phone SET NOT NULL;')).toEqual([]);
  expect(findings('set-not-null', 'ALTER TABLE users ALTER email SET NOT NULL;')).toEqual([]);
  expect(findings('set-not-null', 'ALTER TABLE users ALTER age SET NOT NULL;')).toHaveLength(1);
});

it('a primary key on columns that are NOT NULL is not searched', () => {
  const swap = (indexName: string) => `ALTER TABLE users ADD PRIMARY KEY USING INDEX ${indexName};`;
  expect(findings('pk-using-index-nullable', swap('users_email_index'))).toEqual([]);
  expect(findings('pk-using-index-nullable', swap('users_phone_index'))).toEqual([]);
  const create = 'CREATE UNIQUE INDEX CONCURRENTLY by_age ON users (age);';
  expect(findings('pk-using-index-nullable', `${create} ${swap('by_age')}`)).toMatchObject([
    { message: expect.stringContaining('while age are searched') },
  ]);
});

it('a foreign key is covered by an index of the schema that starts with its columns', () => {
  const add = (column: string) =>
    `ALTER TABLE orders ADD FOREIGN KEY (${column}) REFERENCES users NOT VALID;`;
  expect(findings('fk-no-covering-index', add('user_id'))).toEqual([]);
  const [finding] = findings('fk-no-covering-index', add('shop_id'));
  expect(finding?.message).toBe(
    'No index of orders starts with (shop_id): each DELETE from users reads all of orders.',
  );
  expect(finding?.fix).toBe('CREATE INDEX CONCURRENTLY orders_shop_id_idx ON orders (shop_id);');
});

it('compares the types of a foreign key with those of the schema', () => {
  const add = (column: string) =>
    `ALTER TABLE orders ADD FOREIGN KEY (${column}) REFERENCES users NOT VALID;`;
  expect(findings('fk-type-mismatch', add('user_id'))).toEqual([]);
  expect(findings('fk-type-mismatch', add('shop_id'))).toMatchObject([
    {
      severity: 'error',
      message: 'orders.shop_id is integer, but users.id that it refers to is bigint.',
      fix: 'ALTER TABLE orders ALTER COLUMN shop_id TYPE bigint;',
    },
  ]);
  const widened = `ALTER TABLE orders ALTER shop_id TYPE int8; ${add('shop_id')}`;
  expect(findings('fk-type-mismatch', widened)).toEqual([]);
});

it('a dropped foreign key names the table at its other end', () => {
  expect(findings('drop-constraint', 'ALTER TABLE orders DROP CONSTRAINT orders_user_fk;')).toMatchObject([
    { message: expect.stringContaining('on orders and users for a moment') },
  ]);
});

it('a check that says no more than NOT NULL may go', () => {
  expect(findings('drop-constraint', 'ALTER TABLE users DROP CONSTRAINT has_email;')).toEqual([]);
  expect(findings('drop-constraint', 'ALTER TABLE users DROP CONSTRAINT has_phone;')).toHaveLength(1);
});

it('nobody misses a NOT NULL that was not there', () => {
  expect(findings('drop-not-null', 'ALTER TABLE users ALTER age DROP NOT NULL;')).toEqual([]);
  expect(findings('drop-not-null', 'ALTER TABLE users ALTER email DROP NOT NULL;')).toHaveLength(1);
});
