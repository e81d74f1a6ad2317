import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';
import { readSnapshot } from '../../src/orm/drizzle/snapshot.ts';
import type { Change } from '../../src/plan/change.ts';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { renderDdl } from '../../src/plan/ddl.ts';
import { drizzleNaming } from '../../src/plan/naming.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const shop: DatabaseSchema = {
  ...readSnapshot(
    JSON.parse(
      readFileSync(new URL('../fixtures/unresolvable-plans/snapshot.json', import.meta.url), 'utf8'),
    ),
  ),
  views: [],
};
const empty: DatabaseSchema = { tables: [], enums: [], schemas: ['billing'], views: [] };

/** The whole shop as changes: its foreign keys come last, as its tables refer to each other in any order. */
const making: Change[] = [
  ...shop.enums.map((item): Change => ({ kind: 'create-enum', enum: item })),
  ...shop.tables.map((table): Change => ({
    kind: 'create-table',
    table: { ...table, foreignKeys: [] },
    domain: undefined,
  })),
  ...shop.tables.flatMap((table) =>
    table.foreignKeys.map((foreignKey): Change => ({ kind: 'add-foreign-key', table, foreignKey })),
  ),
];

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.exec(
    'DROP SCHEMA IF EXISTS public, billing CASCADE; CREATE SCHEMA public; CREATE SCHEMA billing;',
  );
  await run(making, empty);
});

async function run(
  changes: readonly Change[],
  before: DatabaseSchema,
  comments: 'source' | 'database' = 'source',
): Promise<void> {
  for (const statement of renderDdl(changes, before, { comments })) await db.exec(statement);
}

async function carryOut(plan: string, comments: 'source' | 'database' = 'source'): Promise<void> {
  const parsed = await parsePlan(plan, { file: 'plan.yaml' });
  const context = {
    naming: drizzleNaming(shop),
    capabilities: { ...drizzleCapabilities, renameIdentity: true },
    hadName: () => false,
  };
  await run((await resolvePlan(parsed, shop, context)).changes, shop, comments);
}

async function rows(sql: string): Promise<unknown[]> {
  return (await db.query<Record<string, unknown>>(sql)).rows.map((row) =>
    Object.keys(row).length === 1 ? Object.values(row)[0] : row,
  );
}

const constraints = (table: string) =>
  rows(
    `SELECT conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype <> 'n' ORDER BY 1`,
  );
const indexes = (table: string) =>
  rows(`SELECT indexdef FROM pg_indexes WHERE schemaname || '.' || tablename = '${table}' ORDER BY 1`);
const columns = (table: string) =>
  rows(`SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END
        || coalesce(' ' || (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum), '')
        FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`);

describe('the DDL of a plan, on Postgres', () => {
  it('makes a table with all that can stand in one', async () => {
    await carryOut(`
migration_type: new_table
table_name: reviews
fields:
  - {name: id, type: bigint, constraints: [PRIMARY KEY, 'GENERATED ALWAYS AS IDENTITY (START 10)']}
  - {name: product_id, type: uuid, references: products, on_delete: cascade}
  - {name: stars, type: smallint, constraints: ['NOT NULL', 'DEFAULT 5', 'CHECK (stars BETWEEN 1 AND 5)']}
  - {name: twice, type: integer, constraints: ['GENERATED ALWAYS AS (stars * 2) STORED']}
  - {name: tags, type: 'text[]', constraints: ["DEFAULT '{}'"]}
  - {name: code, type: text, constraints: [UNIQUE]}
indexes:
  - {fields: [stars], order: desc nulls last, where: stars > 1}
  - {expression: lower(code), type: unique}
  - {fields: [tags], using: gin}
`);
    expect(await columns('reviews')).toEqual([
      'id bigint not null',
      'product_id uuid',
      'stars smallint not null 5',
      'twice integer (stars * 2)',
      "tags text[] '{}'::text[]",
      'code text',
    ]);
    expect(await constraints('reviews')).toEqual([
      'reviews_code_unique: UNIQUE (code)',
      'reviews_pkey: PRIMARY KEY (id)',
      'reviews_product_id_products_id_fk: FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE',
      'reviews_stars_check: CHECK (((stars >= 1) AND (stars <= 5)))',
    ]);
    expect(await indexes('public.reviews')).toEqual([
      'CREATE INDEX reviews_stars_idx ON public.reviews USING btree (stars DESC NULLS LAST) WHERE (stars > 1)',
      'CREATE INDEX reviews_tags_idx ON public.reviews USING gin (tags)',
      'CREATE UNIQUE INDEX reviews_code_unique ON public.reviews USING btree (code)',
      'CREATE UNIQUE INDEX reviews_lower_code_idx ON public.reviews USING btree (lower(code))',
      'CREATE UNIQUE INDEX reviews_pkey ON public.reviews USING btree (id)',
    ]);
  });

  it('changes a table, its rows kept', async () => {
    await db.exec(`INSERT INTO categories (id, slug, name) VALUES ('00000000-0000-0000-0000-000000000001', 's', 'n');
      INSERT INTO products (name, description, price, category_id) VALUES ('a', '42', 3, '00000000-0000-0000-0000-000000000001')`);
    await carryOut(`
migration_type: modify_existing
table_name: products
changes:
  rename_columns: [{from: name, to: title}]
  add_columns:
    - {name: brand, type: text, constraints: [UNIQUE]}
  modify_columns:
    - {name: description, new_type: integer, using: 'description::integer'}
    - {name: price, default: 7}
    - {name: name, nullable: true}
  drop_columns: [active]
  add_checks: [{expression: price < 100}]
  modify_foreign_keys: [{field: category_id, on_delete: restrict}]
`);
    expect(await columns('products')).toEqual([
      'id uuid not null gen_random_uuid()',
      'title character varying(100)',
      'description integer',
      'price integer not null 7',
      'taxed integer (price * 2)',
      'category_id uuid not null',
      'brand text',
    ]);
    expect(await constraints('products')).toContain('products_title_price_unique: UNIQUE (title, price)');
    expect(await constraints('products')).toContain(
      'products_category_id_categories_id_fk: FOREIGN KEY (category_id) REFERENCES categories(id) ON DELETE RESTRICT',
    );
    expect(await rows('SELECT title, description, price FROM products')).toEqual([
      { title: 'a', description: 42, price: 3 },
    ]);
  });

  it('renames a table with the derived names of its constraints and of those that refer to it', async () => {
    await carryOut('migration_type: rename_table\ntable_name: products\nnew_name: goods');
    expect(await constraints('goods')).toEqual([
      'goods_category_id_categories_id_fk: FOREIGN KEY (category_id) REFERENCES categories(id) ON DELETE CASCADE',
      'goods_name_price_unique: UNIQUE (name, price)',
      'products_pkey: PRIMARY KEY (id)',
      'products_price_check: CHECK ((price >= 0))',
    ]);
    expect(await constraints('order_items')).toContain(
      'order_items_product_id_goods_id_fk: FOREIGN KEY (product_id) REFERENCES goods(id)',
    );
  });

  it('replaces a composite primary key', async () => {
    await carryOut(
      'migration_type: modify_existing\ntable_name: order_items\nchanges: {drop_columns: [product_id], primary_key: [order_id]}',
    );
    expect(await constraints('order_items')).toEqual([
      'order_items_order_id_orders_id_fk: FOREIGN KEY (order_id) REFERENCES orders(id)',
      'order_items_pkey: PRIMARY KEY (order_id)',
    ]);
  });

  it('changes an enum: values renamed, dropped under a column with a default, and added', async () => {
    await db.exec(`INSERT INTO users (id, email) VALUES ('00000000-0000-0000-0000-000000000001', 'e');
      INSERT INTO orders (user_id) VALUES ('00000000-0000-0000-0000-000000000001')`);
    await carryOut(`
migration_type: modify_enum
enum_name: order_status
changes:
  rename_values: [{from: new, to: fresh}]
  drop_values: [paid]
  add_values: [{value: returned, after: shipped}, {value: 'o''clock', before: fresh}]
`);
    expect(
      await rows(
        `SELECT enumlabel FROM pg_enum WHERE enumtypid = 'order_status'::regtype ORDER BY enumsortorder`,
      ),
    ).toEqual(["o'clock", 'fresh', 'shipped', 'returned']);
    expect(await rows('SELECT status FROM orders')).toEqual(['fresh']);
    expect(await columns('orders')).toContain("status order_status not null 'fresh'::order_status");
  });

  it('turns text into an enum and back into text', async () => {
    await db.exec("INSERT INTO categories (slug, name) VALUES ('s', 'books')");
    await carryOut(`
migration_type: new_enum
enum_name: kind
values: [books, toys]
---
migration_type: modify_existing
table_name: categories
changes: {modify_columns: [{name: name, new_type: kind, default: "'toys'"}]}
---
migration_type: modify_existing
table_name: orders
changes: {modify_columns: [{name: status, new_type: text}]}
---
migration_type: drop_enum
enum_name: order_status
`);
    expect(await columns('categories')).toContain("name kind not null 'toys'::kind");
    expect(await columns('orders')).toContain("status text not null 'new'::text");
  });

  it('drops what a plan drops', async () => {
    await carryOut(`
migration_type: modify_existing
schema: billing
table_name: invoices
changes: {drop_foreign_keys: [invoices_order_id_orders_id_fk], drop_unique: [invoice_number_key]}
---
migration_type: modify_existing
table_name: products
changes: {drop_indexes: [products_active_idx], drop_checks: [products_price_check]}
---
migration_type: drop_table
table_name: order_items
`);
    expect(await constraints('billing.invoices')).toEqual(['invoices_pkey: PRIMARY KEY (id)']);
    expect(
      await rows("SELECT to_regclass('order_items') IS NULL AND to_regclass('products_active_idx') IS NULL"),
    ).toEqual([true]);
  });

  it('puts comments into the database only where the ORM does', async () => {
    const plan = `
migration_type: modify_existing
table_name: users
changes:
  comment: People
  add_columns: [{name: nick, type: text, description: What they're called}]
`;
    await carryOut(plan, 'database');
    expect(
      await rows(
        "SELECT obj_description('users'::regclass) || ': ' || col_description('users'::regclass, 5)",
      ),
    ).toEqual(["People: What they're called"]);
  });
});
