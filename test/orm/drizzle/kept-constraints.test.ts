import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { foreignKey, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { withKeptConstraints } from '../../../src/orm/drizzle/kept-constraints.ts';
import { applyRenames } from '../../../src/orm/drizzle/rename-snapshot.ts';
import type { SnapshotJson } from '../../../src/orm/drizzle/snapshot-json.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

interface Names {
  readonly orders?: string;
  readonly buyer?: string;
  readonly code?: string;
  readonly onDelete?: 'cascade';
}

function schemaWith({ orders: table = 'orders', buyer = 'buyer', code = 'code', onDelete }: Names) {
  const users = pgTable('users', { id: uuid().primaryKey() });
  const orders = pgTable(
    table,
    {
      id: uuid().notNull(),
      buyer: uuid(buyer).references(() => users.id, onDelete && { onDelete }),
      code: text(code).unique(),
      other: text().unique(),
    },
    (t) => [primaryKey({ columns: [t.id, t.buyer] }), index().on(t.code), unique('kept_name').on(t.buyer)],
  );
  const lines = pgTable('lines', { order: uuid(), buyer: uuid() }, (t) => [
    foreignKey({ columns: [t.order, t.buyer], foreignColumns: [orders.id, orders.buyer] }),
  ]);
  return { users, orders, lines };
}

const inPublic = (name: string) => ({ schema: 'public', name });

/** What drizzle-kit writes between two schemas, the plan's renames told, and what is left of it. */
async function kept(names: Names, changes: readonly Change[]) {
  const before = generateDrizzleJson(schemaWith({}));
  const after = generateDrizzleJson(schemaWith(names), before.id);
  const told = applyRenames(before, changes);
  const around = { from: told as unknown as SnapshotJson, to: after as unknown as SnapshotJson };
  return withKeptConstraints(await generateMigration(told, after), around);
}

const renameOrders: Change = { kind: 'rename-table', table: inPublic('orders'), to: 'purchases' };
const renameCode: Change = { kind: 'rename-column', table: inPublic('orders'), from: 'code', to: 'number' };

describe('derived names that follow a rename', () => {
  it('of a table: foreign keys, uniques, keys and indexes are renamed, those of other tables too', async () => {
    const { statements, reasons } = await kept({ orders: 'purchases' }, [renameOrders]);
    expect(statements.toSorted()).toEqual([
      'ALTER INDEX "public"."orders_code_index" RENAME TO "purchases_code_index";',
      'ALTER TABLE "lines" RENAME CONSTRAINT "lines_order_buyer_orders_id_buyer_fk" TO "lines_order_buyer_purchases_id_buyer_fk";',
      'ALTER TABLE "purchases" RENAME CONSTRAINT "orders_buyer_users_id_fk" TO "purchases_buyer_users_id_fk";',
      'ALTER TABLE "purchases" RENAME CONSTRAINT "orders_code_unique" TO "purchases_code_unique";',
      'ALTER TABLE "purchases" RENAME CONSTRAINT "orders_id_buyer_pk" TO "purchases_id_buyer_pk";',
      'ALTER TABLE "purchases" RENAME CONSTRAINT "orders_other_unique" TO "purchases_other_unique";',
    ]);
    expect(reasons).toHaveLength(6);
  });

  it('of a column', async () => {
    const { statements } = await kept({ code: 'number' }, [renameCode]);
    expect(statements.toSorted()).toEqual([
      'ALTER INDEX "public"."orders_code_index" RENAME TO "orders_number_index";',
      'ALTER TABLE "orders" RENAME CONSTRAINT "orders_code_unique" TO "orders_number_unique";',
    ]);
  });

  it('a key whose action changes too is made anew', async () => {
    const renameBuyer: Change = {
      kind: 'rename-column',
      table: inPublic('orders'),
      from: 'buyer',
      to: 'customer',
    };
    const { statements } = await kept({ buyer: 'customer', onDelete: 'cascade' }, [renameBuyer]);
    expect(statements).toContain('ALTER TABLE "orders" DROP CONSTRAINT "orders_buyer_users_id_fk";\n');
    expect(statements.some((each) => /ADD CONSTRAINT "orders_customer_users_id_fk"/.test(each))).toBe(true);
    expect(statements).toContain(
      'ALTER TABLE "orders" RENAME CONSTRAINT "orders_id_buyer_pk" TO "orders_id_customer_pk";',
    );
  });
});

it('two names that change places are dropped and made anew: neither is free', async () => {
  const swap = ['code', 'other'].map((from): Change => ({
    kind: 'rename-column',
    table: inPublic('orders'),
    from,
    to: from === 'code' ? 'other_' : 'code',
  }));
  const before = generateDrizzleJson(schemaWith({}));
  const told = applyRenames(before, swap) as unknown as SnapshotJson;
  const table = told.tables['public.orders']!;
  const [code, other] = Object.values(table.uniqueConstraints).filter(({ name }) => name !== 'kept_name');
  const to: SnapshotJson = {
    ...told,
    tables: {
      ...told.tables,
      'public.orders': {
        ...table,
        uniqueConstraints: {
          [other!.name]: { ...code!, name: other!.name },
          [code!.name]: { ...other!, name: code!.name },
        },
      },
    },
  };
  const sql = [code!, other!].flatMap(({ name }) => [`ALTER TABLE "orders" DROP CONSTRAINT "${name}";`]);
  const added = [code!, other!].map(
    ({ name }) => `ALTER TABLE "orders" ADD CONSTRAINT "${name}" UNIQUE("code");`,
  );
  expect(withKeptConstraints([...sql, ...added], { from: told, to })).toEqual({
    statements: [...sql, ...added],
    reasons: [],
  });
});
