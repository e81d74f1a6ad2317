import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { effectWords, statementEffects } from '../../src/review/statement-effects.ts';
import type { StatementFacts } from '../../src/review/rule.ts';

beforeAll(() => loadSqlParser());

const words = (sql: string, facts?: readonly (StatementFacts | undefined)[]): string[] =>
  statementEffects(sql, {}, facts).map((each) => effectWords(each).join('; '));

it.each([
  ['ALTER TABLE users ADD COLUMN nick text', 'blocks reads and writes on users (ACCESS EXCLUSIVE)'],
  ['CREATE INDEX i ON users (nick)', 'blocks writes on users (SHARE); scans users'],
  [
    'CREATE INDEX CONCURRENTLY i ON users (nick)',
    'blocks other schema changes on users (SHARE UPDATE EXCLUSIVE); scans users',
  ],
  [
    'ALTER TABLE app."Users" ADD COLUMN id serial',
    'blocks reads and writes on app."Users" (ACCESS EXCLUSIVE); rewrites app."Users"',
  ],
  [
    'ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users (id)',
    'blocks writes on posts, users (SHARE ROW EXCLUSIVE); scans posts',
  ],
  ['UPDATE users SET nick = NULL', 'scans users'],
  ['CREATE TABLE tags (id int)', ''],
  ['SELEC 1', 'effects unknown: the statement cannot be read'],
])('%s: %s', (sql, expected) => {
  expect(words(sql)).toEqual([expected]);
});

it('has no word about tables that the script makes itself', () => {
  expect(words('CREATE TABLE tags (id int); CREATE INDEX i ON tags (id); DROP TABLE tags')).toEqual([
    '',
    '',
    '',
  ]);
});

it('takes the word of the rehearsal where it saw a statement run, and only there', () => {
  const seen = { locks: [], rewrites: ['users'], scans: ['users', 'posts'] };
  const failed = { ...seen, sqlstate: '42P01' };
  const sql = 'CREATE INDEX i ON users (nick)';
  expect(words(sql, [seen])).toEqual(['rewrites users; scans posts']);
  expect(words(sql, [failed])).toEqual(words(sql));
  expect(statementEffects(`${sql};\n${sql}`, {}, [seen, undefined])).toMatchObject([
    { observed: true, line: 1, sql },
    { observed: false, line: 2, sql },
  ]);
});
