import { beforeAll, describe, expect, it } from 'vitest';
import type { AlterColumn } from '../../src/plan/change.ts';
import { impliedUsing } from '../../src/plan/resolve/implied-using.ts';
import { alterSerial } from '../../src/plan/serial.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

const alter = (from: string, to: string, more: Partial<AlterColumn> = {}): AlterColumn => ({
  kind: 'alter-column',
  table: { schema: 'public', name: 't' },
  column: { name: 'n', type: from, notNull: true },
  type: { to },
  ...more,
});
const HEAD = 'ALTER TABLE "public"."t" ALTER COLUMN "n"';

describe('a column whose default is its own sequence', () => {
  it('becomes the integer without default and sequence, whatever comes in their place', () => {
    expect(alterSerial(alter('serial', 'integer'))).toEqual([
      `${HEAD} DROP DEFAULT`,
      'DROP SEQUENCE "public"."t_n_seq"',
    ]);
    expect(alterSerial(alter('bigserial', 'text', { default: { set: "'x'" } }))).toEqual([
      `${HEAD} DROP DEFAULT`,
      'DROP SEQUENCE "public"."t_n_seq"',
      `${HEAD} TYPE text`,
      `${HEAD} SET DEFAULT 'x'`,
    ]);
  });

  it('becomes a larger one with its sequence', () => {
    expect(alterSerial(alter('smallserial', 'bigserial'))).toEqual([
      `${HEAD} TYPE bigint`,
      'ALTER SEQUENCE "public"."t_n_seq" AS bigint',
    ]);
  });

  it('is made of an integer, and counts on from the largest value', () => {
    expect(alterSerial(alter('integer', 'serial'))).toEqual([
      'CREATE SEQUENCE "public"."t_n_seq" AS integer OWNED BY "public"."t"."n"',
      `SELECT setval('"public"."t_n_seq"', greatest(max("n"), 1), coalesce(max("n"), 0) >= 1) FROM "public"."t"`,
      `${HEAD} SET DEFAULT nextval('"public"."t_n_seq"'::regclass)`,
    ]);
  });

  it('shortens the name of the sequence as Postgres does', () => {
    const table = { schema: 'app', name: 't'.repeat(60) };
    expect(alterSerial({ ...alter('serial', 'integer'), table })).toContain(
      `DROP SEQUENCE "app"."${'t'.repeat(57)}_n_seq"`,
    );
  });

  it('is none where neither type is serial', () => {
    expect(alterSerial(alter('integer', 'bigint'))).toBeUndefined();
  });
});

describe('the USING that a type change needs', () => {
  const using = (from: string, to: string): string | undefined =>
    impliedUsing({ column: 'c', from, to, isEnum: ({ name }) => name === 'mood' || name === 'level' });

  it.each([
    ['varchar(45)', 'inet', '"c"::inet'],
    ['text', 'integer', '"c"::integer'],
    ['char(36)', 'uuid', '"c"::uuid'],
    ['text[]', 'inet[]', '"c"::inet[]'],
    ['text[]', 'mood[]', '"c"::mood[]'],
    ['level[]', 'mood[]', '"c"::text[]::mood[]'],
    ['integer', 'boolean', '"c"::boolean'],
  ])('from %s to %s is %s', (from, to, expected) => {
    expect(using(from, to)).toBe(expected);
  });

  it.each([
    ['inet', 'text'],
    ['integer', 'bigint'],
    ['timestamp', 'date'],
    ['text', 'varchar(9)'],
    ['text', 'text[]'],
    ['uuid', 'integer'],
    ['text', 'mood'],
  ])('is none from %s to %s', (from, to) => {
    expect(using(from, to)).toBeUndefined();
  });
});
