import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { reviewSql } from '../../src/review/review.ts';
import type { Script } from '../../src/review/rule.ts';
import { rules } from '../../src/review/rules/index.ts';
import { readScript } from '../../src/review/script.ts';

beforeAll(loadSqlParser);

const forms: readonly ((n: number) => string)[] = [
  (n) => `CREATE TABLE t_${n} (id int, o int REFERENCES users, CONSTRAINT ck_${n} CHECK (o > 0))`,
  (n) => `ALTER TABLE users ADD COLUMN c_${n} int`,
  (n) => `ALTER TABLE users ADD CONSTRAINT k_${n} CHECK (c_${n} > 0) NOT VALID`,
  (n) => `ALTER TABLE users VALIDATE CONSTRAINT k_${n - 1}`,
  () => `ALTER TABLE users ALTER COLUMN d TYPE bigint`,
  (n) => `ALTER TABLE users ALTER COLUMN e_${n} SET NOT NULL`,
  (n) => `ALTER TABLE users DROP CONSTRAINT old_${n}`,
  (n) => `ALTER TABLE users RENAME COLUMN r_${n} TO s_${n}`,
  (n) => `CREATE INDEX i_${n} ON users (c_${n})`,
  (n) => `DROP INDEX i_${n}`,
  (n) => `CREATE VIEW v_${n} AS SELECT d FROM users`,
  (n) => `ALTER TABLE a_${n} ADD CONSTRAINT f_${n} FOREIGN KEY (x) REFERENCES users`,
  (n) => `UPDATE users SET a = ${n}`,
  (n) => `DROP TABLE gone_${n}`,
  (n) => `ALTER TYPE mood ADD VALUE 'v${n}'`,
];

/** How often the rules look at a statement or at an operation of the script. */
function looks(count: number): number {
  const sql = Array.from({ length: count }, (_, n) => forms[n % forms.length]!(n)).join(';\n');
  const target = { postgresVersion: 18, transaction: 'all', assumeTimeouts: false } as const;
  const script = readScript(sql, target, { newTables: new Set() });
  let seen = 0;
  const counted = <Item>(items: readonly Item[]): readonly Item[] =>
    new Proxy(items, {
      get(list, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) seen += 1;
        return Reflect.get(list, key) as unknown;
      },
    });
  Object.assign(script.timeline, { operations: counted(script.timeline.operations) });
  const watched: Script = { ...script, statements: counted(script.statements) };
  for (const rule of rules) seen += [...rule.check(watched)].length;
  return seen;
}

it('a script of twice the statements is looked at twice as often', () => {
  const few = looks(300);
  expect(few).toBeGreaterThan(300);
  expect(looks(600)).toBeLessThan(few * 2.2);
});

it('a statement that cannot be read leaves the others where they are', async () => {
  const deep = Array(20_000).fill("'a'").join(' || ');
  const findings = await reviewSql(`DROP TABLE a;\nSELECT ${deep};\n  DROP TABLE ü;\nALTER TABEL x;`, {
    assumeTimeouts: true,
    transaction: 'none',
  });
  const places = findings
    .filter(({ rule }) => ['drop-table', 'unanalysable'].includes(rule))
    .map(({ rule, line, column }) => [rule, line, column]);
  expect(places).toEqual([
    ['drop-table', 1, 1],
    ['unanalysable', 2, 1],
    ['drop-table', 3, 3],
    ['unanalysable', 4, 1],
  ]);
  expect(findings.find(({ line }) => line === 2)?.message).toContain('2,000 levels');
});

it('of one statement a rule says the first things, and how many more there are', async () => {
  const commands = Array.from({ length: 1000 }, (_, n) => `ADD COLUMN c_${n} integer NOT NULL`).join(', ');
  const findings = await reviewSql(`ALTER TABLE users ${commands};`, { assumeTimeouts: true });
  const told = findings.filter(({ rule }) => rule === 'add-not-null-no-default');
  expect(told).toHaveLength(20);
  expect(told.filter(({ message }) => message.includes('And 980 more such'))).toEqual([told.at(-1)]);
});

it('what a savepoint undoes again and again is not known any more', () => {
  const sql = (count: number) =>
    ['BEGIN', 'SAVEPOINT s']
      .concat(
        Array.from({ length: count }, (_, n) => `ALTER TABLE users ADD COLUMN c_${n} int; ROLLBACK TO s`),
      )
      .concat('COMMIT', 'ALTER TABLE users ADD COLUMN c_1 int')
      .join('; ');
  const target = { postgresVersion: 18, transaction: 'none', assumeTimeouts: false } as const;
  const { end, timeline } = readScript(sql(50), target, { newTables: new Set() });
  const users = { schema: undefined, name: 'users' };
  expect(end.columnAddedHere(users, 'c_1')).toMatchObject({ name: 'c_1' });
  expect(end.columnAddedHere(users, 'c_2')).toBeUndefined();
  expect(timeline.operations.filter((_, place) => timeline.isUndone(place))).toHaveLength(99);
});
