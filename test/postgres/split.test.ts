import { parseSync, SqlError } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSql } from '../../src/postgres/parse.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { statementSpans } from '../../src/postgres/split.ts';

beforeAll(loadSqlParser);

/** Statements with whatever could hide or fake a semicolon. */
const STATEMENTS = [
  "SELECT 'a;b', 'it''s; so', E'\\'; x', U&'d;', B'1', $1",
  'SELECT "a;""b" FROM "T;"',
  'DO $$ BEGIN PERFORM 1; END; $$',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $_1$ SELECT '$$;'; SELECT 2; $_1$",
  'CREATE OR REPLACE FUNCTION g(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 END; SELECT 2; END',
  'CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b)',
  'SELECT 1 /* ; /* ; */ ; */ + 2',
  'SELECT 3 -- ; not here\n + 4',
  'SELECT a$b$c FROM ünïcode$x',
  'SELECT \'日本; 🎉\' AS "🎉"',
  'CREATE TABLE t (a int DEFAULT 1, b text CHECK (b <> $$;$$))',
  'BEGIN',
  'END',
];

it('finds the statements that Postgres finds', () => {
  const sql = `;; -- first;\n${STATEMENTS.map((text, at) => `/* ${at}; */\n${text}`).join(' ;\n-- x;\n')}\n-- last;`;
  expect([...statementSpans(sql)].map(({ start, end }) => sql.slice(start, end))).toEqual(STATEMENTS);
  expect(parseSync(sql).stmts).toHaveLength(STATEMENTS.length);
});

it.each([
  ["SELECT 1; SELECT 'open; SELECT 2", ['SELECT 1', "SELECT 'open; SELECT 2"]],
  ['SELECT 1; /* open; SELECT 2', ['SELECT 1']],
  ['SELECT (1; SELECT 2', ['SELECT (1', 'SELECT 2']],
  ['', []],
  [' ;\n; -- none', []],
])('tells %j apart, whatever is wrong with it', (sql, expected) => {
  expect([...statementSpans(sql)].map(({ start, end }) => sql.slice(start, end))).toEqual(expected);
});

describe('what is nested too deep is refused with the limit, and the parser works on', () => {
  it.each([
    ['||', `SELECT ${Array(20_000).fill("'a'").join(' || ')}`],
    ['UNION', Array(20_000).fill('SELECT 1').join(' UNION ALL ')],
    ['parentheses', `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['CASE', `SELECT ${'CASE WHEN a THEN '.repeat(3_000)}1${' END'.repeat(3_000)}`],
    ['subqueries', `SELECT ${'(SELECT '.repeat(3_000)}1${')'.repeat(3_000)}`],
    ['casts', `SELECT 1${'::int'.repeat(20_000)}`],
    ['joins', `SELECT 1 FROM a${' JOIN b ON true'.repeat(20_000)}`],
  ])('%s', (_what, sql) => {
    expect(() => parseSql(sql)).toThrow(SqlError);
    expect(() => parseSql(sql)).toThrow(/the 2,000 levels that are read: divide it/);
    expect(parseSql('SELECT 1')).toHaveLength(1);
  });

  it('and what is only long is read', () => {
    expect(parseSql(`SELECT 1 WHERE ${Array(20_000).fill('a = 1').join(' OR ')}`)).toHaveLength(1);
    expect(parseSql(Array(900).fill('SELECT 1').join(' UNION ALL '))).toHaveLength(1);
    expect(parseSql(`${'/*'.repeat(50_000)}${'*/'.repeat(50_000)}SELECT 1`)).toHaveLength(1);
  });
});
