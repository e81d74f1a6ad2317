import { PGlite } from '@electric-sql/pglite';
import { createRequire } from 'node:module';
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnDef } from '../../../src/plan/database-schema.ts';
import { loadSqlParser, quoteIdentifier, sameExpression, sameType } from '../../../src/postgres/sql.ts';
import { columnText, type ColumnInput, type ColumnStyle } from '../../../src/schema/drizzle/column-text.ts';
import type { TypeNames } from '../../../src/schema/drizzle/column-types.ts';

const kit = createRequire(import.meta.url)('drizzle-kit/api') as typeof import('drizzle-kit/api');

const style: ColumnStyle = {
  quote: "'",
  prefix: '',
  bigintMode: 'number',
  shortDefault: 'before-not-null',
  valueDefault: 'after-not-null',
  key: 'before-default',
  numeric: 'numeric',
};
const names: TypeNames = {
  enumVariable: (name) =>
    name.name === 'order_status' ? (name.schema === 'public' ? 'orderStatus' : undefined) : undefined,
  customTypes: [{ dataType: 'bytea', variable: 'bytea' }],
};

const plainTypes = [
  'smallint', 'integer', 'INT', 'int8', 'bigint', 'boolean', 'bool', 'text', 'varchar', 'VARCHAR(100)', 'character varying(20)',
  'char', 'char(3)', 'character(2)', 'numeric', 'numeric(10)', 'DECIMAL(10, 2)', 'numeric(3,-2)', 'real', 'double precision', 'float', 'float4',
  'json', 'jsonb', 'uuid', 'date', 'time', 'time(3)', 'time with time zone', 'time(2) with time zone', 'timestamp', 'timestamp(0)', 'timestamp(3)',
  'timestamptz', 'TIMESTAMP(6) WITH TIME ZONE', 'interval', 'interval(3)', 'interval year to month', 'interval day to second(3)',
  'inet', 'cidr', 'macaddr', 'macaddr8', 'point', 'line', 'bit(3)', 'bit', 'bytea', 'order_status', 'public.order_status',
  'text[]', 'integer[]', 'uuid[]', 'varchar(10)[]', 'numeric(5, 2)[]', 'integer[][]', 'timestamptz[]', 'order_status[]', 'jsonb[]', 'bytea[]',
]; // prettier-ignore

const defaults: readonly (readonly [type: string, expression: string])[] = [
  ['varchar(20)', "'active'"],
  ['varchar(20)', "'active'::character varying"],
  ['text', "'it''s \"quoted\" \\ `back` ${x}'"],
  ['text', "E'two\\nlines'"],
  ['text', "''"],
  ['text', 'CURRENT_USER'],
  ['text', "upper('a') || '\\d${1}`'"],
  ['char(2)', "'DE'"],
  ['integer', '0'],
  ['integer', '-1'],
  ['integer', "'7'"],
  ['integer', '(1 + 2) * 3'],
  ['smallint', '1'],
  ['bigint', '9007199254740993'],
  ['bigint', '42'],
  ['numeric(10, 2)', '0'],
  ['numeric(10, 2)', '19.90'],
  ['numeric(10, 2)', "'0.00'::numeric"],
  ['real', '0.5'],
  ['double precision', '1e10'],
  ['boolean', 'true'],
  ['boolean', 'FALSE'],
  ['boolean', "'t'"],
  ['uuid', 'gen_random_uuid()'],
  ['uuid', "'00000000-0000-0000-0000-000000000000'"],
  ['timestamp', 'now()'],
  ['timestamp', 'NOW()'],
  ['timestamptz', 'CURRENT_TIMESTAMP'],
  ['timestamp(3)', 'CURRENT_TIMESTAMP(3)'],
  ['timestamp', "'2026-01-01'"],
  ['timestamp', "now() + interval '1 day'"],
  ['date', 'CURRENT_DATE'],
  ['date', 'now()'],
  ['date', "'2026-01-01'::date"],
  ['time', "'08:00'"],
  ['interval', "'1 day'"],
  ['jsonb', "'{}'"],
  ['jsonb', "'{}'::jsonb"],
  ['jsonb', "'[]'"],
  ['jsonb', '\'{"theme":"dark","sizes":[1,2],"a-b":null}\''],
  ['jsonb', '\'{"theme": "dark"}\''],
  ['jsonb', '\'{"who":"it\'\'s"}\''],
  ['jsonb', '\'"text"\''],
  ['json', "'[]'"],
  ['text[]', "'{}'"],
  ['text[]', "'{a,b}'"],
  ['integer[]', "'{}'::integer[]"],
  ['integer[]', 'ARRAY[1, 2]'],
  ['text[]', 'ARRAY[]::text[]'],
  ['jsonb[]', "'{}'"],
  ['order_status', "'paid'"],
  ['order_status', "'paid'::order_status"],
  ['order_status[]', "'{open}'"],
  ['inet', "'127.0.0.1'"],
  ['bit(3)', "'101'"],
  ['bytea', "'\\xDEADBEEF'"],
  ['point', "'(1,2)'"],
];

const columns: ColumnDef[] = [
  ...plainTypes.map((type, index) => ({ name: `c${index}`, type, notNull: index % 2 === 0 })),
  ...defaults.map(([type, expression], index) => ({
    name: `d${index}`,
    type,
    notNull: index % 2 === 0,
    default: expression,
  })),
  { name: 'g0', type: 'integer', notNull: false, generated: 'd8 * 2' },
  { name: 'g1', type: 'text', notNull: true, generated: "c7 || '\\' || '`'" },
];

function write(column: ColumnDef, more: Partial<ColumnInput> = {}) {
  return columnText({ column, name: column.name, style, names, primaryKey: 'none', ...more });
}

function source(column: ColumnDef, more: Partial<ColumnInput> = {}): string {
  const text = write(column, more);
  return text.builder + text.modifiers.join('');
}

/** Runs the source text with drizzle in scope, as a schema file would. */
function evaluate(texts: Readonly<Record<string, string>>, table = 't') {
  const body = Object.entries(texts)
    .map(([key, text]) => `${JSON.stringify(key)}: ${text}`)
    .join(',\n');
  const code = `with (pg) {
    const orderStatus = pgEnum('order_status', ['open', 'paid']);
    const bytea = customType({ dataType: () => 'bytea' });
    return { orderStatus, table: pgTable(${JSON.stringify(table)}, { ${body} }) };
  }`;
  return new Function('pg', 'sql', code)(pg, sql) as Record<string, unknown>;
}

async function drizzleSql(schema: Record<string, unknown>): Promise<string[]> {
  return kit.generateMigration(kit.generateDrizzleJson({}), kit.generateDrizzleJson(schema));
}

beforeAll(() => loadSqlParser());

describe('every type and default comes out of drizzle-kit as it was asked', () => {
  it('in the snapshot', () => {
    const schema = evaluate(Object.fromEntries(columns.map((column) => [column.name, source(column)])));
    const snapshot = kit.generateDrizzleJson(schema).tables['public.t']?.columns ?? {};
    for (const column of columns) {
      const made = snapshot[column.name];
      expect(sameType(made?.type ?? '', column.type), `${column.type} became ${made?.type}`).toBe(true);
      expect(made?.notNull).toBe(column.notNull);
      expect(made?.generated?.as).toBe(column.generated);
      const value = made?.default === undefined ? undefined : String(made.default);
      const isSame = value === column.default || sameExpression(value ?? '', column.default ?? '');
      expect(isSame, `${column.type} DEFAULT ${column.default} became ${value}`).toBe(true);
    }
  });

  it.each([
    'vector(3)',
    'halfvec(3)',
    'sparsevec(3)',
    'geometry(point)',
    'bigserial',
    'smallserial',
    'vector(3)[]',
  ])('%s, which PGlite has not or shows as another', (type) => {
    const column: ColumnDef = { name: 'x', type, notNull: false };
    expect(
      kit.generateDrizzleJson(evaluate({ x: source(column) })).tables['public.t']?.columns['x']?.type,
    ).toBe(type);
  });

  describe('in the database', () => {
    let db: PGlite;
    beforeAll(async () => {
      db = await PGlite.create();
    });
    afterAll(() => db.close());

    it('the same as plain DDL', async () => {
      const schema = evaluate(Object.fromEntries(columns.map((column) => [column.name, source(column)])));
      for (const statement of await drizzleSql(schema)) await db.exec(statement);
      await db.exec(`CREATE TABLE plain (${columns.map(ddl).join(', ')})`);
      const [drizzle, plain] = [await describeTable(db, 't'), await describeTable(db, 'plain')];
      const withoutValue = (rows: readonly object[]) => rows.map((row) => ({ ...row, value: undefined }));
      expect(withoutValue(drizzle)).toEqual(withoutValue(plain));
      drizzle.forEach((row, index) => {
        const expected = plain[index]?.value ?? '';
        expect(
          row.value === expected || sameExpression(row.value ?? '', expected),
          `${row.name}: ${row.value} for ${expected}`,
        ).toBe(true);
      });
    });

    it('identity columns with all their options', async () => {
      const identities: ColumnDef[] = [
        { name: 'i', type: 'bigint', notNull: true, identity: { always: true } },
        {
          name: 'i',
          type: 'integer',
          notNull: true,
          identity: {
            always: false,
            start: '100',
            increment: '10',
            min: '5',
            max: '900',
            cache: '7',
            cycle: true,
          },
        },
        { name: 'i', type: 'bigint', notNull: true, identity: { always: true, max: '9223372036854775800' } },
        {
          name: 'i',
          type: 'smallint',
          notNull: true,
          identity: { always: true, start: '-1', increment: '-1' },
        },
      ];
      for (const [index, column] of identities.entries()) {
        const schema = evaluate({ i: source(column, { primaryKey: 'column' }) }, `i${index}`);
        const [, create] = await drizzleSql(schema);
        await db.exec(create ?? '');
        await db.exec(`CREATE TABLE j${index} (${ddl(column)} PRIMARY KEY)`);
        expect(await sequenceOf(db, `i${index}`)).toEqual(await sequenceOf(db, `j${index}`));
      }
    });
  });
});

describe('the text reads as people write it', () => {
  const notNull = (type: string, value?: string): ColumnDef => ({
    name: 'x',
    type,
    notNull: true,
    default: value,
  });

  it.each([
    ['UUID', 'gen_random_uuid()', "uuid('x').defaultRandom().notNull()"],
    ['VARCHAR(100)', undefined, "varchar('x', { length: 100 }).notNull()"],
    ['VARCHAR(20)', "'active'", "varchar('x', { length: 20 }).notNull().default('active')"],
    ['TIMESTAMP', 'NOW()', "timestamp('x').defaultNow().notNull()"],
    ['timestamptz(3)', undefined, "timestamp('x', { precision: 3, withTimezone: true }).notNull()"],
    ['bigint', '0', "bigint('x', { mode: 'number' }).notNull().default(0)"],
    ['numeric(10,2)', '0', "numeric('x', { precision: 10, scale: 2 }).notNull().default('0')"],
    ['text[]', "'{}'", "text('x').array().notNull().default([])"],
    ['jsonb', "'{}'", "jsonb('x').notNull().default({})"],
    ['serial', undefined, "serial('x')"],
    ['order_status', "'paid'", "orderStatus('x').notNull().default('paid')"],
    [
      'timestamptz',
      'CURRENT_TIMESTAMP',
      "timestamp('x', { withTimezone: true }).notNull().default(sql`CURRENT_TIMESTAMP`)",
    ],
    ['integer', 'NULL', "integer('x').notNull()"],
  ])('%s default %s', (type, value, expected) => {
    expect(source(notNull(type, value))).toBe(expected);
  });

  it('a primary key needs no .notNull()', () => {
    expect(source(notNull('uuid', 'gen_random_uuid()'), { primaryKey: 'column' })).toBe(
      "uuid('x').primaryKey().defaultRandom()",
    );
  });

  it('writes the key where the house does, and calls numbers as it does', () => {
    const other: ColumnStyle = { ...style, key: 'after-default', numeric: 'decimal' };
    expect(source(notNull('uuid', 'gen_random_uuid()'), { style: other, primaryKey: 'column' })).toBe(
      "uuid('x').defaultRandom().primaryKey()",
    );
    expect(source(notNull('numeric(3, 2)', '1'), { style: other })).toBe(
      "decimal('x', { precision: 3, scale: 2 }).notNull().default('1')",
    );
  });

  it('leaves the name out where the house does, and follows prefix, quotes and modes', () => {
    const other: ColumnStyle = {
      ...style,
      quote: '"',
      prefix: 't.',
      bigintMode: 'bigint',
      timestampMode: 'string',
    };
    expect(source(notNull('varchar(5)', "'a'"), { style: other, name: undefined })).toBe(
      't.varchar({ length: 5 }).notNull().default("a")',
    );
    expect(source(notNull('bigint', '1'), { style: other })).toBe(
      't.bigint("x", { mode: "bigint" }).notNull().default(sql`1`)',
    );
    expect(source(notNull('timestamp', "'2026-01-01'"), { style: other })).toBe(
      't.timestamp("x", { mode: "string" }).notNull().default("2026-01-01")',
    );
  });

  it('writes unique and references, with what is not the default only', () => {
    const references = { target: 'users.id', onDelete: 'cascade', onUpdate: 'no action' } as const;
    const unique = { nullsNotDistinct: false };
    expect(source(notNull('uuid'), { unique, references })).toBe(
      "uuid('x').notNull().unique().references(() => users.id, { onDelete: 'cascade' })",
    );
    expect(source(notNull('uuid'), { unique: { name: 'ux', nullsNotDistinct: true } })).toBe(
      "uuid('x').notNull().unique('ux', { nulls: 'not distinct' })",
    );
    const self = {
      target: 'folders.id',
      annotation: 'AnyPgColumn',
      onDelete: 'no action',
      onUpdate: 'set null',
    } as const;
    expect(source(notNull('uuid'), { references: self })).toBe(
      "uuid('x').notNull().references((): AnyPgColumn => folders.id, { onUpdate: 'set null' })",
    );
  });

  it('says what must be imported', () => {
    expect(write(notNull('double precision'))).toMatchObject({
      imports: ['doublePrecision'],
      needsSql: false,
      variable: undefined,
    });
    expect(write(notNull('order_status'))).toMatchObject({ imports: [], variable: 'orderStatus' });
    expect(write(notNull('bytea'))).toMatchObject({ imports: [], variable: 'bytea' });
    expect(write({ name: 'x', type: 'int', notNull: false, generated: 'a + b' })).toMatchObject({
      needsSql: true,
    });
  });
});

describe('a type without a builder is refused with what to declare', () => {
  const attempt = (type: string) => () => write({ name: 'x', type, notNull: false });

  it.each([
    'tsvector',
    'citext',
    'billing.order_status',
    'vector',
    'interval(0)',
    'geometry(point,4326)',
    'bit varying(5)',
    'money',
  ])('%s', (type) => {
    expect(attempt(type)).toThrowError(expect.objectContaining({ code: 'plan-not-supported' }));
  });

  it('shows the customType to write', () => {
    expect(attempt('tsvector')).toThrowError(
      expect.objectContaining({ frame: expect.stringContaining("return 'tsvector'") }),
    );
  });

  it('does not propose a customType that drizzle-kit could not write', () => {
    expect(attempt('geography(point,4326)')).toThrowError(
      expect.objectContaining({
        frame: undefined,
        hint: expect.stringContaining('drizzle-kit cannot write'),
      }),
    );
  });
});

function ddl(column: ColumnDef): string {
  const parts = [quoteIdentifier(column.name), column.type];
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  if (column.generated !== undefined) parts.push(`GENERATED ALWAYS AS (${column.generated}) STORED`);
  if (column.identity) parts.push(identityDdl(column.identity));
  return parts.concat(column.notNull ? 'NOT NULL' : []).join(' ');
}

function identityDdl(identity: NonNullable<ColumnDef['identity']>): string {
  const option = (words: string, value: string | undefined) =>
    value === undefined ? '' : `${words} ${value} `;
  const options =
    option('START WITH', identity.start) + option('INCREMENT BY', identity.increment) + option('MINVALUE', identity.min) +
    option('MAXVALUE', identity.max) + option('CACHE', identity.cache) + (identity.cycle ? 'CYCLE' : ''); // prettier-ignore
  return `GENERATED ${identity.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options === '' ? '' : ` (${options})`}`;
}

interface ColumnRow {
  name: string;
  type: string;
  notNull: boolean;
  generated: string;
  value: string | null;
}

async function describeTable(db: PGlite, table: string): Promise<ColumnRow[]> {
  const result = await db.query<ColumnRow>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull", a.attgenerated AS generated,
            pg_get_expr(d.adbin, d.adrelid) AS value
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 ORDER BY a.attnum`,
    [table],
  );
  return result.rows;
}

async function sequenceOf(db: PGlite, table: string) {
  const result = await db.query(
    `SELECT seqtypid::regtype::text AS type, seqstart::text, seqincrement::text, seqmin::text, seqmax::text, seqcache::text, seqcycle,
            (SELECT attidentity FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = 'i') AS identity
       FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence($1::text, 'i')::regclass`,
    [table],
  );
  return result.rows;
}
