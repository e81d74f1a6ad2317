import { expect, it } from 'vitest';
import { guardedStatements } from '../../src/review/guarded-statements.ts';

it('statements may run twice where words are all that takes, and the others stay', async () => {
  expect(
    await guardedStatements([
      'CREATE TABLE "a" (\n\t"id" uuid\n);',
      'CREATE INDEX "i" ON "a" USING btree ("id");',
      'ALTER TABLE "a" ADD COLUMN "b" text',
      'ALTER TABLE "a" DROP COLUMN "b";',
      'ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (id IS NOT NULL);',
      'CREATE TYPE "public"."mood" AS ENUM(\'ok\');',
      'UPDATE a SET b = 1;',
    ]),
  ).toEqual([
    'CREATE TABLE IF NOT EXISTS "a" (\n\t"id" uuid\n);',
    'CREATE INDEX IF NOT EXISTS "i" ON "a" USING btree ("id");',
    'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text',
    'ALTER TABLE "a" DROP COLUMN IF EXISTS "b";',
    'ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (id IS NOT NULL);',
    'CREATE TYPE "public"."mood" AS ENUM(\'ok\');',
    'UPDATE a SET b = 1;',
  ]);
});
