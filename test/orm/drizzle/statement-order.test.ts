import { sql } from 'drizzle-orm';
import {
  check,
  index,
  pgEnum,
  pgPolicy,
  pgTable,
  pgView,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { generateDrizzleJson } from 'drizzle-kit/api';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotJson } from '../../../src/orm/drizzle/snapshot-json.ts';
import { inDependencyOrder } from '../../../src/orm/drizzle/statement-order.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

const mood = pgEnum('mood', ['sad', 'ok']);
const users = pgTable('users', { id: uuid().primaryKey(), code: text().unique() });
const docs = pgTable(
  'docs',
  {
    id: uuid().notNull(),
    kind: text().notNull(),
    ownerId: uuid('owner_id').references(() => users.id),
    mood: mood(),
    loud: text().generatedAlwaysAs(sql`upper(kind)`),
  },
  (t) => [
    primaryKey({ name: 'docs_pk', columns: [t.id, t.kind] }),
    index('docs_kind').on(t.kind),
    unique('docs_once').on(t.kind, t.ownerId),
    check('docs_kind_ok', sql`${t.kind} <> ''`),
    pgPolicy('docs_own', { using: sql`${t.ownerId} is not null` }),
  ],
);
const kinds = pgView('kinds').as((query) => query.select({ kind: docs.kind }).from(docs));
const from = generateDrizzleJson({ mood, users, docs, kinds }) as unknown as SnapshotJson;

beforeAll(() => loadSqlParser());

/** Each: what drizzle-kit or its reverse writes too early, and what has to come before it. */
const PAIRS: Record<string, [late: string, early: string]> = {
  'a primary key and its column': [
    'ALTER TABLE "docs" ADD CONSTRAINT "docs_new_pk" PRIMARY KEY("slug","kind");',
    'ALTER TABLE "docs" ADD COLUMN "slug" text NOT NULL;',
  ],
  'a unique constraint and its column': [
    'ALTER TABLE "docs" ADD CONSTRAINT "docs_slug_unique" UNIQUE("slug");',
    'ALTER TABLE "docs" ADD COLUMN "slug" text;',
  ],
  'an index on an expression and its column': [
    'CREATE INDEX "docs_slug" ON "docs" USING btree (lower("slug"));',
    'ALTER TABLE "docs" ADD COLUMN "slug" text;',
  ],
  'a partial index and the column of its predicate': [
    'CREATE INDEX "docs_live" ON "docs" USING btree ("kind") WHERE deleted_at is null;',
    'ALTER TABLE "docs" ADD COLUMN "deleted_at" timestamp;',
  ],
  'a check and its column': [
    'ALTER TABLE "docs" ADD CONSTRAINT "docs_size" CHECK ("docs"."size" > 0);',
    'ALTER TABLE "docs" ADD COLUMN "size" integer;',
  ],
  'a foreign key and what it refers to': [
    'ALTER TABLE "docs" ADD CONSTRAINT "docs_user" FOREIGN KEY ("kind") REFERENCES "public"."users"("name");',
    'ALTER TABLE "users" ADD CONSTRAINT "users_name_unique" UNIQUE("name");',
  ],
  'a column and its enum': [
    'ALTER TABLE "docs" ADD COLUMN "size" "size"[];',
    `CREATE TYPE "public"."size" AS ENUM('s', 'l');`,
  ],
  'a policy and its column': [
    'CREATE POLICY "docs_org" ON "docs" AS PERMISSIVE FOR ALL TO public USING (org_id = 1);',
    'ALTER TABLE "docs" ADD COLUMN "org_id" integer;',
  ],
  'a view and its column': [
    'CREATE VIEW "public"."slugs" AS (select "slug" from "docs");',
    'ALTER TABLE "docs" ADD COLUMN "slug" text;',
  ],
  'NOT NULL and the key that makes it so': [
    'ALTER TABLE "docs" ALTER COLUMN "kind" DROP NOT NULL;',
    'ALTER TABLE "docs" DROP CONSTRAINT "docs_pk";',
  ],
  'a column and its index': ['ALTER TABLE "docs" DROP COLUMN "kind";', 'DROP INDEX "docs_kind";'],
  'a column and its check': [
    'ALTER TABLE "docs" DROP COLUMN "kind";',
    'ALTER TABLE "docs" DROP CONSTRAINT "docs_kind_ok";',
  ],
  'a column and the generated column made of it': [
    'ALTER TABLE "docs" DROP COLUMN "kind";',
    'ALTER TABLE "docs" DROP COLUMN "loud";',
  ],
  'a column and the policy that names it': [
    'ALTER TABLE "docs" DROP COLUMN "owner_id";',
    'DROP POLICY "docs_own" ON "docs" CASCADE;',
  ],
  'a column and the view that selects it': [
    'ALTER TABLE "docs" DROP COLUMN "kind";',
    'DROP VIEW "public"."kinds";',
  ],
  'another type and the view that selects the column': [
    'ALTER TABLE "docs" ALTER COLUMN "kind" SET DATA TYPE varchar(9);',
    'DROP VIEW "public"."kinds";',
  ],
  'a table and a foreign key to it': [
    'DROP TABLE "users" CASCADE;',
    'ALTER TABLE "docs" DROP CONSTRAINT "docs_owner_id_users_id_fk";',
  ],
  'an enum and its column': ['DROP TYPE "public"."mood";', 'ALTER TABLE "docs" DROP COLUMN "mood";'],
  'an enum and its table': ['DROP TYPE "public"."mood";', 'DROP TABLE "docs" CASCADE;'],
  'the same name for an index and a constraint': [
    'CREATE UNIQUE INDEX "docs_once" ON "docs" USING btree ("kind");',
    'ALTER TABLE "docs" DROP CONSTRAINT "docs_once";',
  ],
  'another type and the default that does not fit it': [
    'ALTER TABLE "docs" ALTER COLUMN "kind" SET DATA TYPE integer;',
    'ALTER TABLE "docs" ALTER COLUMN "kind" DROP DEFAULT;',
  ],
};

describe('the order of statements', () => {
  it.each(Object.entries(PAIRS))('puts right %s', (_, [late, early]) => {
    const between = 'ALTER TABLE "others" ADD COLUMN "age" integer;';
    const { statements, reasons } = inDependencyOrder([late, between, early], from);
    expect(statements).toEqual([early, late, between]);
    expect(reasons).toHaveLength(1);
    expect(inDependencyOrder([early, late, between], from)).toEqual({ statements, reasons: [] });
  });

  it('leaves out what is changed of a column that goes', () => {
    const drop = 'ALTER TABLE "docs" DROP COLUMN "mood";';
    const { statements } = inDependencyOrder(
      ['ALTER TABLE "docs" ALTER COLUMN "mood" SET DATA TYPE text;', drop],
      from,
    );
    expect(statements).toEqual([drop]);
  });

  it('leaves a statement where it is that Postgres cannot parse', () => {
    const broken = [`ALTER TABLE "docs" ADD COLUMN "x" text DEFAULT 'it's';`, 'DROP INDEX "docs_kind";'];
    expect(inDependencyOrder(broken, from)).toEqual({ statements: broken, reasons: [] });
  });
});
