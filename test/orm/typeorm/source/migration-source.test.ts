import { describe, expect, it } from 'vitest';
import { readMigrationSource } from '../../../../src/orm/typeorm/source/migration-source.ts';

function classWith(up: string, head = ''): string {
  return `${head}\nexport class A1700000000000 {\n  async up(q) {\n${up}\n  }\n}\n`;
}

const queriesOf = (text: string) => readMigrationSource('/p/a.ts', text).classes[0]?.up.queries;

describe('a way up of constant queries is known without being run', () => {
  it.each([
    ['a string', "await q.query('SELECT 1');", ['SELECT 1']],
    ['a template', 'await q.query(`SELECT\n 1`);', ['SELECT\n 1']],
    ['strings joined', "await q.query('SELECT ' + '1');", ['SELECT 1']],
    ['a constant of its body', "const sql = 'SELECT 1';\nawait q.query(sql);", ['SELECT 1']],
    [
      'the last one returned',
      "await q.query('SELECT 1');\nreturn q.query('SELECT 2');",
      ['SELECT 1', 'SELECT 2'],
    ],
    [
      'talk between them',
      "console.log('x');\nthis.logger.log('y');\nawait q.query('SELECT 1');",
      ['SELECT 1'],
    ],
    ['nothing', '', []],
  ])('%s', (_, up, sql) => {
    expect(queriesOf(classWith(up))?.map((query) => query.sql)).toEqual(sql);
  });

  it('a constant of its file, and parameters', () => {
    const text = classWith("await q.query(SQL, ['a', 1, true, null]);", "const SQL = 'SELECT $1';");
    expect(queriesOf(text)).toEqual([
      { sql: 'SELECT $1', parameters: ['a', 1, true, null], at: { line: 4, column: 1 } },
    ]);
  });
});

describe('a way up has to be run', () => {
  it.each([
    ['for a loop', "for (const a of ['x']) await q.query('SELECT 1');"],
    ['for a condition', "if (q.x) await q.query('SELECT 1');"],
    ['for a template that is filled in', 'await q.query(`SELECT ${x}`);'],
    ["for TypeORM's own API", "await q.dropTable('t');"],
    ['for a result that is used', "const rows = await q.query('SELECT 1');"],
    ['for parameters that are computed', "await q.query('SELECT $1', [x]);"],
    ['for another runner', "await other.query('SELECT 1');"],
    ['for a return before its end', "return;\nawait q.query('SELECT 1');"],
  ])('%s', (_, up) => {
    expect(queriesOf(classWith(up))).toBeUndefined();
  });

  it('and what is constant in it is told all the same', () => {
    const [read] = readMigrationSource(
      '/p/a.ts',
      classWith("for (const a of b) { const sql = 'SELECT 1'; await q.query(sql); await q.query(a); }"),
    ).classes;
    expect(read?.up.constants.map(({ sql }) => sql)).toEqual(['SELECT 1']);
  });
});

describe('every form of class is a migration', () => {
  it.each([
    ['a default export', 'export default class A1 { up() {} down() {} }', 'A1'],
    ['a nameless one', "export default class { name = 'A1'; up() {} }", 'A1'],
    ['one with another name', "class B { name = 'A1'; async up() {} }", 'A1'],
    ['CommonJS', 'module.exports = class A1 { up() {} };', 'A1'],
    ['an expression', 'exports.A1 = class A1 { async up() {} };', 'A1'],
    ['methods that are properties', 'class A1 { up = async (q) => {}; }', 'A1'],
  ])('%s', (_, text, name) => {
    expect(readMigrationSource('/p/a.js', text).classes.map((each) => each.name)).toEqual([name]);
  });

  it('several of them, base classes without a way up left out, with what they say of transactions', () => {
    const { classes } = readMigrationSource(
      '/p/a.ts',
      'class Base { x() {} }\nclass A1 { transaction = false; up() {} }\nclass A2 { up() {}\n  down() {} }',
    );
    expect(
      classes.map(({ name, transaction, place, down }) => [name, transaction, place.line, down]),
    ).toEqual([
      ['A1', false, 2, undefined],
      ['A2', undefined, 3, { line: 4, column: 3 }],
    ]);
  });
});

it('the code of a way up is the same without its comments and its way down, and not with another constant', () => {
  const codeOf = (text: string) => readMigrationSource('/p/a.ts', text).classes[0]?.code();
  const text = classWith('await q.query(SQL);', "import x from 'x';\nconst SQL = 'SELECT 1';");
  expect(codeOf(text.replace('await', '/* why */ await').replace("'x'", "'y'"))).toBe(codeOf(text));
  expect(codeOf(text.replace('SELECT 1', 'SELECT 2'))).not.toBe(codeOf(text));
});
