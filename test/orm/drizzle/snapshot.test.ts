import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { generateDrizzleJson } from 'drizzle-kit/api';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/orm/drizzle/snapshot.ts';
import { findTable } from '../../../src/plan/database-schema.ts';

const status = pgEnum('orderStatus', ['new', 'paid']);
const billing = pgSchema('billing');
const kind = billing.enum('kind', ['a', 'b']);
const citext = customType<{ data: string }>({ dataType: () => 'citext' });
const users = pgTable('users', { id: uuid().primaryKey().defaultRandom(), name: text().notNull().unique() });
const things = pgTable(
  'things',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    big: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ startWith: 10, cycle: true }),
    price: numeric({ precision: 10, scale: 2 }).notNull().default('0'),
    count: integer().default(5),
    data: jsonb().default({ a: 1 }),
    status: status().default('new'),
    statuses: status().array(),
    kind: kind(),
    mail: citext(),
    at: timestamp({ withTimezone: true, precision: 3 }).defaultNow(),
    total: numeric().generatedAlwaysAs(sql`price * 2`),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade', onUpdate: 'restrict' }),
    parent: integer(),
  },
  (t) => [
    index('expr').on(sql`lower(${t.mail})`, t.count.desc().nullsFirst()),
    index('data_idx')
      .using('gin', t.data.op('jsonb_path_ops'))
      .where(sql`${t.count} > 1`)
      .concurrently(),
    unique('given').on(t.price, t.count).nullsNotDistinct(),
    foreignKey({ name: 'my_fk', columns: [t.parent], foreignColumns: [t.id] }),
    check('positive', sql`${t.price} > 0`),
  ],
);
const invoices = billing.table(
  'invoices',
  { a: serial(), b: integer(), userId: uuid().references(() => users.id) },
  (t) => [primaryKey({ columns: [t.a, t.b] })],
);
const view = pgView('active').as((query) => query.select().from(users));

const snapshot = generateDrizzleJson({ status, billing, kind, users, things, invoices, view });
const schema = readSnapshot(snapshot);
const table = (name: string, space = 'public') => findTable(schema, { schema: space, name });
const column = (name: string) => table('things')?.columns.find((candidate) => candidate.name === name);

describe('a snapshot of drizzle-kit', () => {
  it('shows types as SQL, names of enums quoted and qualified where Postgres needs it', () => {
    const types = Object.fromEntries(table('things')?.columns.map(({ name, type }) => [name, type]) ?? []);
    expect(types).toMatchObject({
      price: 'numeric(10, 2)',
      status: '"orderStatus"',
      statuses: '"orderStatus"[]',
      kind: 'billing.kind',
      mail: 'citext',
      at: 'timestamp (3) with time zone',
    });
  });

  it('shows defaults, generated columns and identities', () => {
    expect(column('price')).toMatchObject({ default: "'0'", notNull: true });
    expect(column('count')).toMatchObject({ default: '5', notNull: false });
    expect(column('data')?.default).toBe(`'{"a":1}'::jsonb`);
    expect(column('total')?.generated).toBe('price * 2');
    expect(column('id')?.identity).toMatchObject({ always: true, start: '1', cycle: false });
    expect(column('big')?.identity).toMatchObject({ always: false, start: '10', cycle: true });
  });

  it('shows keys and constraints, and which names are derived', () => {
    expect(table('users')).toMatchObject({
      primaryKey: { name: 'users_pkey', named: false, columns: ['id'] },
      uniques: [{ name: 'users_name_unique', named: false, columns: ['name'], nullsNotDistinct: false }],
    });
    expect(table('things')?.uniques).toEqual([
      { name: 'given', named: true, columns: ['price', 'count'], nullsNotDistinct: true },
    ]);
    expect(table('things')?.checks).toEqual([{ name: 'positive', expression: '"things"."price" > 0' }]);
    expect(table('things')?.foreignKeys).toEqual([
      {
        name: 'things_user_id_users_id_fk',
        named: false,
        columns: ['user_id'],
        onDelete: 'cascade',
        onUpdate: 'restrict',
        references: { schema: 'public', name: 'users', columns: ['id'] },
      },
      expect.objectContaining({ name: 'my_fk', named: true, onDelete: 'no action' }),
    ]);
  });

  it('shows columns of a composite key as NOT NULL, as they are in the database', () => {
    const invoice = table('invoices', 'billing');
    expect(invoice?.primaryKey).toEqual({ name: 'invoices_a_b_pk', named: false, columns: ['a', 'b'] });
    expect(invoice?.columns.map(({ notNull }) => notNull)).toEqual([true, true, false]);
  });

  it('shows indexes', () => {
    expect(table('things')?.indexes).toEqual([
      {
        name: 'expr',
        unique: false,
        using: 'btree',
        concurrently: false,
        columns: [
          { expression: 'lower("mail")', isExpression: true, order: 'asc', nulls: 'last' },
          { expression: 'count', isExpression: false, order: 'desc', nulls: 'first' },
        ],
      },
      {
        name: 'data_idx',
        unique: false,
        using: 'gin',
        concurrently: true,
        where: '"things"."count" > 1',
        columns: [
          { expression: 'data', isExpression: false, order: 'asc', nulls: 'last', opclass: 'jsonb_path_ops' },
        ],
      },
    ]);
  });

  it('shows enums, schemas and views', () => {
    expect(schema.enums).toContainEqual({ schema: 'public', name: 'orderStatus', values: ['new', 'paid'] });
    expect(schema.schemas).toEqual(['billing']);
    expect(schema.views).toEqual(['public.active']);
  });

  it('of a thousand tables is read whole', () => {
    const tables = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [
        `public.t${n}`,
        { ...snapshot.tables['public.things'], name: `t${n}` },
      ]),
    );
    // How long it takes is for the benchmarks: `npm run bench`.
    expect(readSnapshot({ ...snapshot, tables }).tables).toHaveLength(1000);
  });

  it.each([
    [{ ...snapshot, version: '5' }, 'history-broken', 'has the format 5'],
    [{ ...snapshot, dialect: 'mysql' }, 'dialect-not-supported', 'is a snapshot for mysql'],
    [[], 'history-broken', 'is not a snapshot'],
    [null, 'history-broken', 'is not a snapshot'],
  ])('is refused when it is another thing (%#)', (json, code, message) => {
    expect(() => readSnapshot(json, '0001_snapshot.json')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
