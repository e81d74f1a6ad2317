import { beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { review, reviewSql } from '../../src/review/review.ts';

beforeAll(loadSqlParser);

const users: DatabaseSchema['tables'][number] = {
  schema: 'public',
  name: 'users',
  columns: [{ name: 'state', type: 'text', notNull: true, default: "'new'" }],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
};
const SCHEMA: DatabaseSchema = { tables: [users], enums: [], schemas: [], views: [] };

function names(sql: string, options: Parameters<typeof review>[1] = {}): string[] {
  return review(sql, { transaction: 'all', assumeTimeouts: true, ...options }).findings.map(
    ({ rule }) => rule,
  );
}

describe('a default', () => {
  const set = (value: string) => `ALTER TABLE users ALTER COLUMN state SET DEFAULT ${value};`;

  it.each(["'new'", "'new'::text", "('new')"])('that is as it was before is no change: %s', (value) => {
    expect(names(set(value), { schema: SCHEMA })).toEqual([]);
    const sql = `ALTER TABLE users ALTER COLUMN state DROP DEFAULT; ${set(value)}`;
    expect(names(sql, { schema: SCHEMA })).not.toContain('set-default-partial-writes');
  });

  it('that is another one is a finding, whatever stands between', () => {
    const sql = `ALTER TABLE users ALTER state DROP DEFAULT; ALTER TABLE users ALTER state TYPE varchar; ${set("'old'")}`;
    expect(names(sql, { schema: SCHEMA })).toContain('set-default-partial-writes');
  });
});

describe('one cause is one finding:', () => {
  it('an index that is built in the transaction of another lock', () => {
    const found = names('ALTER TABLE users ADD COLUMN a int; CREATE INDEX i ON users (a);');
    expect(found).toEqual(['create-index-blocking']);
  });

  it('an index that is dropped there', () => {
    const found = names('ALTER TABLE users ADD COLUMN a int; DROP INDEX i;');
    expect(found).not.toContain('statement-after-access-exclusive');
    expect(found).toContain('drop-index-blocking');
  });

  it.each([
    [
      'type-preferences',
      'CREATE TABLE t (id int PRIMARY KEY, a char(3), b timestamp);',
      'bigint',
      'timestamptz',
    ],
    ['json-column', 'CREATE TABLE t (id uuid PRIMARY KEY, a json, b json[]);', 'a jsonb', 'b jsonb[]'],
  ])('types of one statement have one fix (%s)', async (rule, sql, ...types) => {
    const found = (await reviewSql(sql)).filter((finding) => finding.rule === rule);
    expect(found).toHaveLength(1);
    for (const type of types) expect(found[0]?.fix).toContain(type);
    const again = await reviewSql(found[0]?.fix ?? '');
    expect(again.filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

it('a partial index that starts with the columns of a key is named', async () => {
  const sql =
    'CREATE TABLE c (id bigint PRIMARY KEY, p bigint REFERENCES p); CREATE INDEX c_p ON c (p) WHERE p > 3;';
  const found = (await reviewSql(sql)).find(({ rule }) => rule === 'fk-no-covering-index');
  expect(found?.message).toContain('The index c_p of c is partial');
});

describe('a search_path', () => {
  it.each([
    'SET search_path = app; CREATE TABLE t (id bigint PRIMARY KEY); CREATE INDEX i ON app.t (id);',
    'CREATE TABLE app.t (id bigint PRIMARY KEY); SET search_path = app, public; CREATE INDEX i ON t (id);',
    "SELECT set_config('search_path', 'app', false); CREATE TABLE t (id bigint PRIMARY KEY); CREATE INDEX i ON app.t (id);",
  ])('makes one table of two names: %s', (sql) => {
    expect(names(sql)).toEqual([]);
  });

  it.each([
    'SET search_path = app; CREATE TABLE t (id bigint PRIMARY KEY); CREATE INDEX i ON public.t (id);',
    'SET search_path = app; RESET search_path; CREATE TABLE app.t (id bigint PRIMARY KEY); CREATE INDEX i ON t (id);',
  ])('makes no table of another schema new: %s', (sql) => {
    expect(names(sql)).toEqual(['create-index-blocking']);
  });
});

describe('the level of a rule', () => {
  const sql = 'CREATE INDEX i ON users (state);';

  it('is that of the options', async () => {
    const found = await reviewSql(sql, { assumeTimeouts: true, rules: { 'create-index-blocking': 'info' } });
    expect(found).toMatchObject([{ rule: 'create-index-blocking', severity: 'info' }]);
  });

  it('off leaves its findings out, and no others', async () => {
    const found = await reviewSql(sql, { rules: { 'create-index-blocking': 'off' } });
    expect(found.map(({ rule }) => rule)).toEqual(['missing-lock-timeout']);
  });
});
