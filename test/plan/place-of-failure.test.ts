import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/plan/parse.ts';
import { planRefused } from '../../src/plan/plan-refused.ts';

const modify = (changes: string) =>
  `migration_type: modify_existing\ntable_name: docs\nchanges:\n${changes.replaceAll(/^/gm, '  ')}\n`;
const NEW = `migration_type: new_table
table_name: things
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: size, type: integer, constraints: ["NOT NULL DEFAULT 'x'"] }
  - { name: code, type: integer, default: now() }
  - { name: note, type: varchar(0) }
`;
const TABLE =
  'CREATE TABLE "things" (\n  "id" uuid,\n  "size" integer DEFAULT \'x\',\n  "code" integer DEFAULT now(),\n  "note" varchar(0)\n)';

/** The line of the plan up to where the error points. */
async function pointedAt(
  text: string,
  failure: { sql: string; message: string; at?: string; detail?: string },
) {
  const position = failure.at === undefined ? undefined : failure.sql.indexOf(failure.at) + 1;
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const error = planRefused({ sqlstate: '42000', ...failure, position }, plan);
  const { line = 1, column = 1 } = error.at ?? {};
  return text.split('\n')[line - 1]!.slice(column - 1);
}

it.each([
  [
    'the SQL at the position of the error',
    NEW,
    { sql: TABLE, message: 'length', at: 'varchar(0)' },
    'varchar(0) }',
  ],
  ['the SQL of the right one of two columns', NEW, { sql: TABLE, message: 'no', at: 'now(),' }, 'now() }'],
  [
    'a default, by its column',
    NEW,
    { sql: TABLE, message: 'column "size" is of type integer but default expression is of type text' },
    `DEFAULT 'x'"] }`,
  ],
  [
    'a function that there is none of',
    modify(`add_columns:\n  - { name: code, type: text, constraints: ["DEFAULT no_such(1)"] }`),
    {
      sql: 'ALTER TABLE "docs" ADD COLUMN "code" text DEFAULT no_such(1)',
      message: 'function no_such(integer) does not exist',
    },
    'no_such(1)"] }',
  ],
  [
    'the expression of a check',
    modify('add_checks: [{ name: ok, expression: title > 5 }]'),
    {
      sql: 'ALTER TABLE "docs" ADD CONSTRAINT "ok" CHECK (title > 5)',
      message: 'operator does not exist: text > integer',
    },
    'title > 5 }]',
  ],
  [
    'a column that is dropped',
    modify('drop_columns: [other, title]'),
    {
      sql: 'ALTER TABLE "docs" DROP COLUMN "title"',
      message: 'cannot drop column title of table docs because other objects depend on it',
    },
    'title]',
  ],
  [
    'the table, where nothing else is known',
    `${NEW}---\nmigration_type: drop_table\ntable_name: docs\n`,
    { sql: 'DROP TABLE "docs"', message: 'cannot drop table docs' },
    'docs',
  ],
])('what Postgres refuses is shown in the plan: %s', async (_, text, failure, expected) => {
  expect(await pointedAt(text, failure)).toBe(expected);
});

it('shows the SQL, and what Postgres says besides', async () => {
  const plan = await parsePlan(NEW, { file: 'plan.yaml' });
  const error = planRefused(
    { sql: TABLE, message: 'no', sqlstate: '2BP01', detail: 'view v depends on it' },
    plan,
  );
  expect(error.frame).toContain(TABLE);
  expect(error.hint).toContain('Postgres: view v depends on it\n');
});

describe('rows that the history inserts', () => {
  const hintOf = async (changes: string, failure: { sql: string; message: string; sqlstate: string }) =>
    planRefused(failure, await parsePlan(modify(changes), { file: 'plan.yaml' })).hint;

  it('have NULL where the plan wants a value: the UPDATE that is missing is shown', async () => {
    const hint = await hintOf('modify_columns: [{ name: title, nullable: false }]', {
      sql: 'ALTER TABLE "docs" ALTER COLUMN "title" SET NOT NULL',
      message: 'column "title" of relation "docs" contains null values',
      sqlstate: '23502',
    });
    expect(hint).toContain('UPDATE "docs" SET "title" = … WHERE "title" IS NULL;\nThen run this plan again.');
  });

  it('are not of a new type, or are there twice: a migration before this one', async () => {
    const way = 'Correct them in a migration before this one';
    const type = await hintOf('modify_columns: [{ name: title, new_type: integer, using: title::integer }]', {
      sql: 'ALTER TABLE "docs" ALTER COLUMN "title" SET DATA TYPE integer USING title::integer',
      message: 'invalid input syntax for type integer: "x"',
      sqlstate: '22P02',
    });
    expect(type).toContain(way);
    const twice = await hintOf('add_unique: [{ fields: [title] }]', {
      sql: 'ALTER TABLE "docs" ADD CONSTRAINT "docs_title_unique" UNIQUE ("title")',
      message: 'could not create unique index "docs_title_unique"',
      sqlstate: '23505',
    });
    expect(twice).toContain(way);
  });

  it('get no value in a new column: a default', async () => {
    const hint = await hintOf('add_columns: [{ name: code, type: text, constraints: [NOT NULL] }]', {
      sql: 'ALTER TABLE "docs" ADD COLUMN "code" text NOT NULL',
      message: 'column "code" of relation "docs" contains null values',
      sqlstate: '23502',
    });
    expect(hint).toContain('Give the column a default, or leave it nullable.');
  });

  it('are not the reason where a default is not of its type', async () => {
    const hint = await hintOf('add_columns: [{ name: code, type: integer, default: "\'x\'" }]', {
      sql: 'ALTER TABLE "docs" ADD COLUMN "code" integer DEFAULT \'x\'',
      message: 'invalid input syntax for type integer: "x"',
      sqlstate: '22P02',
    });
    expect(hint).not.toContain('rows');
  });
});
