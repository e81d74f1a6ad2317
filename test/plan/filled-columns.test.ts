import { beforeAll, expect, it } from 'vitest';
import { filledColumn } from '../../src/plan/filled-columns.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(loadSqlParser);

const enums = [{ schema: 'public', name: 'mood', values: ['sad', 'ok'] }];

it.each([
  ['ALTER TABLE "t" ADD COLUMN "n" integer NOT NULL;', '0'],
  ['ALTER TABLE "app"."t" ADD "n" varchar(20) NOT NULL', "''"],
  ['ALTER TABLE "t" ADD COLUMN "at" timestamp with time zone NOT NULL;', "'1970-01-01'"],
  ['ALTER TABLE "t" ADD COLUMN "tags" text[] NOT NULL;', "'{}'"],
  ['ALTER TABLE "t" ADD COLUMN "feels" "mood" NOT NULL;', "'sad'"],
])('a NOT NULL column comes back with a default for the rows that are there: %s', (sql, value) => {
  const end = sql.endsWith(';') ? ';' : '';
  const [, table = '', column = ''] = /^(ALTER TABLE \S+) ADD (?:COLUMN )?(\S+)/.exec(sql) ?? [];
  expect(filledColumn(sql, enums)).toEqual([
    `${sql.replace(/;$/, '')} DEFAULT ${value}${end}`,
    `${table} ALTER COLUMN ${column} DROP DEFAULT${end}`,
  ]);
});

it.each([
  'ALTER TABLE "t" ADD COLUMN "n" integer;',
  'ALTER TABLE "t" ADD COLUMN "n" integer DEFAULT 7 NOT NULL;',
  'ALTER TABLE "t" ADD COLUMN "n" serial NOT NULL;',
  'ALTER TABLE "t" ADD COLUMN "id" uuid PRIMARY KEY NOT NULL;',
  'ALTER TABLE "t" ADD COLUMN "n" geometry NOT NULL;',
  'ALTER TABLE "t" ALTER COLUMN "n" SET NOT NULL;',
])('all else stays as it is: %s', (sql) => {
  expect(filledColumn(sql, enums)).toEqual([sql]);
});
