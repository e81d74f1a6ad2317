import { beforeAll, describe, expect, it } from 'vitest';
import type { ColumnDef, DatabaseSchema } from '../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { review } from '../../src/review/review.ts';

beforeAll(loadSqlParser);

/** A project with one table of columns `a`, `b`, … of these types; `id` is its key. */
function projectWith(key: Partial<ColumnDef>, ...types: readonly string[]): DatabaseSchema {
  const columns = types.map((type, index) => ({
    name: String.fromCodePoint('a'.codePointAt(0)! + index),
    type,
    notNull: false,
  }));
  return {
    tables: [
      {
        schema: 'public',
        name: 'users',
        columns: [{ name: 'id', type: 'uuid', notNull: true, ...key }, ...columns],
        primaryKey: { name: 'users_pkey', named: false, columns: ['id'] },
        uniques: [],
        indexes: [],
        foreignKeys: [],
        checks: [],
      },
    ],
    enums: [],
    schemas: [],
    views: [],
  };
}

const found = (sql: string, schema: DatabaseSchema | undefined) =>
  review(sql, { transaction: 'all', assumeTimeouts: true, schema }).findings.filter(({ rule }) =>
    ['type-preferences', 'json-column'].includes(rule),
  );

describe('a type that most of the project has is no finding in one more column:', () => {
  it.each([
    ['timestamp', {}, ['timestamp without time zone', 'timestamp(3)', 'timestamptz']],
    ['timestamp(3)', {}, ['timestamp']],
    ['varchar(50)', {}, ['varchar(20)', 'varchar(100)', 'text']],
    ['varchar(21)', { type: 'varchar(21)' }, ['text', 'varchar', 'varchar']],
    ['char(3)', {}, ['char(2)']],
    ['char(2)', {}, ['char(2)', 'text', 'text']],
    ['json', {}, ['json', 'json', 'jsonb']],
  ])('%s', (type, key, types) => {
    const schema = projectWith(key, ...types);
    expect(found(`ALTER TABLE users ADD COLUMN fresh ${type};`, schema)).toEqual([]);
    expect(found(`CREATE TABLE t (id uuid PRIMARY KEY, fresh ${type});`, schema)).toEqual([]);
  });

  it.each([
    ['int', { type: 'integer' }],
    ['int', { type: 'serial' }],
    ['serial', { type: 'serial' }],
    ['bigserial', { type: 'bigserial' }],
  ])('%s as a key beside %j', (type, key) => {
    expect(found(`CREATE TABLE t (id ${type} PRIMARY KEY);`, projectWith(key))).toEqual([]);
  });
});

describe('a type that the project does not have, or has less often, is a finding still:', () => {
  it.each([
    ['timestamp', ['timestamptz', 'timestamp']],
    ['timestamp', ['text']],
    ['varchar(50)', ['text', 'varchar', 'varchar(20)']],
    ['char(3)', ['varchar(3)', 'char(2)']],
    ['json', ['json', 'jsonb']],
    ['timestamp', ['timestamp[]']],
  ])('%s beside %j', (type, types) => {
    expect(found(`ALTER TABLE users ADD COLUMN fresh ${type};`, projectWith({}, ...types))).toHaveLength(1);
  });

  it.each([
    ['serial', { type: 'bigint', identity: { always: true } }],
    ['serial', { type: 'bigserial' }],
    ['int', { type: 'bigint' }],
    ['int', { type: 'uuid' }],
  ])('%s as a key beside %j', (type, key) => {
    expect(found(`CREATE TABLE t (id ${type} PRIMARY KEY);`, projectWith(key))).toHaveLength(1);
  });

  it('where nothing is known of the project', () => {
    expect(found('ALTER TABLE users ADD COLUMN fresh timestamp;', undefined)).toHaveLength(1);
  });
});

it('the fix of a statement keeps what is usual and changes the rest', () => {
  const schema = projectWith({}, 'timestamp', 'text');
  const [finding, ...others] = found(
    'CREATE TABLE t (id uuid PRIMARY KEY, at timestamp, code char(3));',
    schema,
  );
  expect(others).toEqual([]);
  expect(finding?.message).toBe('t.code: char(n) pads with spaces; text with a CHECK does not.');
  expect(finding?.fix).toBe(
    'CREATE TABLE t (id uuid PRIMARY KEY, at timestamp, code text CHECK (length(code) <= 3));',
  );
});

it("names of types that no parser reads, such as an enum's with a space, are passed over", () => {
  const schema = projectWith({}, 'order status', 'timestamp');
  expect(found('ALTER TABLE users ADD COLUMN fresh timestamp;', schema)).toEqual([]);
});
