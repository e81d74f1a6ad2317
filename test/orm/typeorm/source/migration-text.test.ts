import { expect, it } from 'vitest';
import type { Query } from '../../../../src/orm/typeorm/child/child.ts';
import { migrationText } from '../../../../src/orm/typeorm/source/migration-text.ts';
import { loadSqlParser } from '../../../../src/postgres/sql.ts';
import { parseScript } from '../../../../src/postgres/parse-script.ts';
import type { Finding } from '../../../../src/review/finding.ts';

const TEXT = `const LIST = [
  'ALTER TABLE a ADD b int',
];
export class A1700000000000 {
  async up(q) {
    await q.query(\`
      SELECT 1;
      SELECT 2\`);
    for (const sql of LIST) await q.query(sql);
    // tableplan:allow some-rule because
    await q.query(\`DROP TABLE \${name}
      CASCADE\`);
    await q.createTable(new Table({}));
    await q.query('x\\ny');
  }
  async down(q) {}
}
`;
const QUERIES: readonly Query[] = [
  { sql: '\n      SELECT 1;\n      SELECT 2', at: { line: 6, column: 5 } },
  { sql: 'ALTER TABLE a ADD b int', at: { line: 9, column: 29 } },
  { sql: 'DROP TABLE t\n      CASCADE', at: { line: 11, column: 5 } },
  { sql: 'CREATE TABLE\n x', at: { line: 13, column: 5 } },
  { sql: 'x\ny', at: { line: 14, column: 5 } },
  { sql: 'nobody knows' },
];

const text = migrationText('/p/a.ts', TEXT, { className: 'A1700000000000', name: 'A1700000000000' });
const script = text.scriptOf('up', QUERIES);
const placeOf = (sql: string): [number, number] => {
  const before = script.sql.slice(0, script.sql.indexOf(sql)).split('\n');
  const { line, column } = script.place(before.length, before.at(-1)!.length + 1);
  return [line, column];
};

it('places in the script are places in the file', () => {
  expect(placeOf('SELECT 1')).toEqual([7, 7]);
  expect(placeOf('SELECT 2')).toEqual([8, 7]);
  // Where its text stands, not where it is sent.
  expect(placeOf('ALTER')).toEqual([2, 4]);
  expect(placeOf('DROP TABLE')).toEqual([11, 20]);
  expect(placeOf('CASCADE')).toEqual([12, 7]);
  expect(placeOf('CREATE TABLE')).toEqual([13, 5]);
  expect(placeOf(' x')).toEqual([13, 5]);
  expect(placeOf('y;')[0]).toBe(14);
  expect(placeOf('nobody')).toEqual([5, 3]);
});

it('a comment above a call stands above its statement', () => {
  expect(script.sql).toContain('-- tableplan:allow some-rule because\nDROP TABLE t');
  expect(placeOf('-- tableplan')).toEqual([10, 1]);
});

it('and above each of its statements, where it has several', async () => {
  await loadSqlParser();
  const several = `class A1 {
  async up(q) {
    // tableplan:allow some-rule because
    await q.query(\`
      SELECT 1; SELECT 2;
      SELECT 3\`);
  }
}`;
  const read = migrationText('/p/a.ts', several, { className: 'A1', name: 'A1' }, parseScript);
  const made = read.scriptOf('up', read.written?.up.queries ?? []);
  expect(made.sql.match(/-- tableplan:allow/g)).toHaveLength(3);
  const places = parseScript(made.sql).map(({ start }) => {
    const before = made.sql.slice(0, start).split('\n');
    return made.place(before.length, before.at(-1)!.length + 1);
  });
  expect(places).toEqual([
    { line: 5, column: 7 },
    { line: 5, column: 17 },
    { line: 6, column: 7 },
  ]);
});

it('findings of the migration as a whole stand at its method, messages name lines of the file', () => {
  const finding: Finding = {
    rule: 'x',
    severity: 'error',
    message: 'It waits (since line 3).',
    statement: '',
    objects: [],
    line: 1,
    column: 1,
    observed: true,
  };
  expect(text.place(finding, script)).toMatchObject({
    line: 5,
    column: 3,
    message: 'It waits (since line 8).',
  });
  expect(text.place({ ...finding, rule: 'irreversible' }, script).line).toBe(16);
});
