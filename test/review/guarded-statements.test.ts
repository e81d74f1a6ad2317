import { expect, it } from 'vitest';
import { guardedStatements } from '../../src/review/guarded-statements.ts';

it('statements may run twice by words in them, or in a block, and the others stay', async () => {
  expect(
    await guardedStatements([
      'CREATE TABLE "a" (\n\t"id" uuid\n);',
      'CREATE INDEX "i" ON "a" USING btree ("id");',
      'ALTER TABLE "a" ADD COLUMN "b" text',
      'ALTER TABLE "a" DROP COLUMN "b";',
      'ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (id IS NOT NULL);',
      'CREATE TYPE "public"."mood" AS ENUM(\'ok\');',
      'UPDATE a SET b = 1;',
      'ALTER TABLE a ADD COLUMN b text, ADD CONSTRAINT c CHECK (true);',
    ]),
  ).toEqual([
    'CREATE TABLE IF NOT EXISTS "a" (\n\t"id" uuid\n);',
    'CREATE INDEX IF NOT EXISTS "i" ON "a" USING btree ("id");',
    'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text',
    'ALTER TABLE "a" DROP COLUMN IF EXISTS "b";',
    'DO $$ BEGIN\n  ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (id IS NOT NULL);\nEXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL;\nEND $$;',
    'DO $$ BEGIN\n  CREATE TYPE "public"."mood" AS ENUM(\'ok\');\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;',
    'UPDATE a SET b = 1;',
    'ALTER TABLE a ADD COLUMN b text, ADD CONSTRAINT c CHECK (true);',
  ]);
});
