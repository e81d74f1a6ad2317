import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgEnum,
  pgSchema,
  pgTable,
  smallint,
  text,
  varchar,
} from 'drizzle-orm/pg-core';
import type { PgColumnBuilderBase } from 'drizzle-orm/pg-core';
import * as pg from 'drizzle-orm/pg-core';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { repairStatements } from '../../../src/orm/drizzle/repaired-statements.ts';
import type { SnapshotJson } from '../../../src/orm/drizzle/snapshot-json.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { parseScript } from '../../../src/postgres/parse-script.ts';

beforeAll(() => loadSqlParser());

type Schema = Parameters<typeof generateDrizzleJson>[0];

/** What drizzle-kit really writes between two schemas, repaired. */
async function repaired(before: Schema, after: Schema): Promise<readonly string[]> {
  const [from, to] = [generateDrizzleJson(before), generateDrizzleJson(after)];
  const snapshots = { from: from as unknown as SnapshotJson, to: to as unknown as SnapshotJson };
  const { statements } = repairStatements(await generateMigration(from, to), snapshots);
  for (const statement of statements) expect(parseScript(statement)[0]?.error).toBeUndefined();
  return statements;
}

const hosts = { hosts: pgTable('hosts', { addr: varchar({ length: 45 }) }) };

describe('the type that a column gets', () => {
  it.each([
    ['inet', pg.inet()],
    ['cidr', pg.cidr()],
    ['macaddr', pg.macaddr()],
    ['macaddr8', pg.macaddr8()],
    ['point', pg.point()],
    ['line', pg.line()],
    ['geometry(point)', pg.geometry({ type: 'point' })],
    ['inet[]', pg.inet().array()],
    ['halfvec(3)', pg.halfvec({ dimensions: 3 })],
    ['bytea', customType<{ data: Buffer }>({ dataType: () => 'bytea' })()],
    ['tstzrange', customType<{ data: string }>({ dataType: () => 'tstzrange' })()],
    ['geography(point, 4326)', customType<{ data: string }>({ dataType: () => 'geography(point, 4326)' })()],
    ['app.money', customType<{ data: string }>({ dataType: () => 'app.money' })()],
    ['"MyType"', customType<{ data: string }>({ dataType: () => 'MyType' })()],
  ])('is written as %s', async (type, addr) => {
    expect(await repaired(hosts, { hosts: pgTable('hosts', { addr: addr as never }) })).toEqual([
      `ALTER TABLE "hosts" ALTER COLUMN "addr" SET DATA TYPE ${type};`,
    ]);
  });

  it('is no quoted name in ADD COLUMN and CREATE TABLE where it has modifiers', async () => {
    const geo = customType<{ data: string }>({ dataType: () => 'geography(point, 4326)' });
    const statements = await repaired(hosts, {
      hosts: pgTable('hosts', { addr: varchar({ length: 45 }), place: geo('place') }),
      spots: pgTable('spots', { place: geo('place').array() }),
    });
    expect(statements.join('\n')).toContain('ADD COLUMN "place" geography(point, 4326);');
    expect(statements.join('\n')).toContain('"place" geography(point, 4326)[]');
  });
});

describe('a default beside another type', () => {
  const orders = (columns: Record<string, PgColumnBuilderBase>) => ({ orders: pgTable('orders', columns) });
  const inApp = pgSchema('app');

  it('is set where it is 0 or false, in every Postgres schema', async () => {
    expect(
      await repaired(orders({ n: integer() }), orders({ n: bigint({ mode: 'number' }).default(0) })),
    ).toEqual([
      'ALTER TABLE "orders" ALTER COLUMN "n" SET DATA TYPE bigint;',
      'ALTER TABLE "orders" ALTER COLUMN "n" SET DEFAULT 0;',
    ]);
    expect(
      await repaired(
        { inApp, orders: inApp.table('orders', { n: integer().default(1), paid: text() }) },
        {
          inApp,
          orders: inApp.table('orders', { n: smallint().default(0), paid: boolean().default(false) }),
        },
      ),
    ).toEqual([
      'ALTER TABLE "app"."orders" ALTER COLUMN "n" SET DATA TYPE smallint;',
      'ALTER TABLE "app"."orders" ALTER COLUMN "n" SET DEFAULT 0;',
      'ALTER TABLE "app"."orders" ALTER COLUMN "paid" SET DATA TYPE boolean;',
      'ALTER TABLE "app"."orders" ALTER COLUMN "paid" SET DEFAULT false;',
    ]);
  });

  it('is left alone where it stays, and where drizzle-kit sets it', async () => {
    expect(
      await repaired(
        orders({ n: integer().default(0), m: integer().default(1) }),
        orders({ n: bigint({ mode: 'number' }).default(0), m: bigint({ mode: 'number' }).default(2) }),
      ),
    ).toEqual([
      'ALTER TABLE "orders" ALTER COLUMN "n" SET DATA TYPE bigint;',
      'ALTER TABLE "orders" ALTER COLUMN "m" SET DATA TYPE bigint;',
      'ALTER TABLE "orders" ALTER COLUMN "m" SET DEFAULT 2;',
    ]);
  });
});

describe('a quote in a text', () => {
  it('is escaped in a label that is added, and in the one that it stands before', async () => {
    const kind = (values: [string, ...string[]]) => ({ kind: pgEnum('kind', values) });
    expect(await repaired(kind(['a']), kind(['a', "it's"]))).toEqual([
      `ALTER TYPE "public"."kind" ADD VALUE 'it''s';`,
    ]);
    expect(await repaired(kind(["b's"]), kind(["it's", 'x', "b's"]))).toEqual([
      `ALTER TYPE "public"."kind" ADD VALUE 'it''s' BEFORE 'b''s';`,
      `ALTER TYPE "public"."kind" ADD VALUE 'x' BEFORE 'b''s';`,
    ]);
  });

  it('is escaped in the default of a JSON column', async () => {
    const notes = (value?: unknown) => ({
      notes: pgTable('notes', { id: text(), ...(value ? { meta: jsonb().default(value) } : {}) }),
    });
    expect(await repaired(notes(), notes({ says: "it's", more: "'" }))).toEqual([
      `ALTER TABLE "notes" ADD COLUMN "meta" jsonb DEFAULT '{"says":"it''s","more":"''"}'::jsonb;`,
    ]);
  });

  it('stays as it is where drizzle-kit has escaped it', async () => {
    const notes = (value: string) => ({ notes: pgTable('notes', { a: text().default(value) }) });
    expect(await repaired(notes('a'), notes("it's"))).toEqual([
      `ALTER TABLE "notes" ALTER COLUMN "a" SET DEFAULT 'it''s';`,
    ]);
  });
});
