import { expect, it } from 'vitest';
import { equivalentCommand } from '../../src/ask/equivalent.ts';
import { askPlan } from '../../src/ask/interview.ts';
import { refusingAsker } from '../../src/ask/refuse.ts';
import { type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { printPlan } from '../../src/plan/print.ts';

const schema: DatabaseSchema = {
  tables: [
    {
      schema: 'public',
      name: 'brands',
      columns: [
        { name: 'id', type: 'uuid', notNull: true },
        { name: 'name', type: 'text', notNull: true },
      ],
      primaryKey: { name: 'brands_pkey', named: false, columns: ['id'] },
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    },
  ],
  enums: [{ schema: 'public', name: 'mood', values: ['sad', 'ok'] }],
  schemas: [],
  views: [],
};

async function ask(script: Script): Promise<Plan> {
  const asker = scriptedAsker(script);
  const plan = await askPlan(asker, schema);
  expect(asker.left()).toEqual([]);
  expect((await parsePlan(printPlan(plan), { file: 'interview' })).plan).toEqual(plan);
  return plan;
}

it('asks for a new table, with a reference and the indexes that are worth it', async () => {
  const plan = await ask([
    ['Table name', 'products'],
    ['Column name (empty to finish)', 'brand_id'],
    ['Type', 'uuid'],
    ['References', 'brands'],
    ['On delete', 'CASCADE'],
    ['Column name (empty to finish)', 'status'],
    ['Type', 'another (type it)'],
    ['Type (as in Postgres)', 'varchar(20)'],
    ['Default (SQL, empty for none)', "'new'"],
    ['Column name (empty to finish)', 'mood'],
    ['Type', 'mood'],
    ['May it be NULL?', true],
    ['Unique?', true],
    ['Index on status?', false],
  ]);
  expect(plan.documents).toEqual([
    {
      migration_type: 'new_domain',
      table_name: 'products',
      fields: [
        { name: 'id', type: 'uuid', constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()'] },
        { name: 'brand_id', type: 'uuid', constraints: ['NOT NULL'] },
        { name: 'status', type: 'varchar(20)', constraints: ['NOT NULL', "DEFAULT 'new'"] },
        { name: 'mood', type: 'mood', constraints: ['UNIQUE'] },
        { name: 'created_at', type: 'timestamp', constraints: ['NOT NULL', 'DEFAULT now()'] },
        { name: 'updated_at', type: 'timestamp', constraints: ['NOT NULL', 'DEFAULT now()'] },
      ],
      indexes: [
        { fields: ['brand_id'], type: 'index' },
        { fields: ['created_at'], type: 'index' },
      ],
      foreign_keys: [{ field: 'brand_id', references: 'brands(id)', on_delete: 'CASCADE' }],
    },
  ]);
});

it('asks for changes of a table until there is nothing more', async () => {
  const plan = await ask([
    ['What is to change?', 'Change a table'],
    ['Table name', 'brands'],
    ['What is to change in it?', 'Rename a column'],
    ['Column', 'name'],
    ['New name', 'title'],
    ['What else?', 'Add a column'],
    ['Column name (empty to finish)', 'rank'],
    ['Type', 'integer'],
    ['May it be NULL?', true],
    ['What else?', 'Add an index'],
    ['Column', 'rank'],
  ]);
  expect(plan.documents).toEqual([
    {
      migration_type: 'modify_existing',
      table_name: 'brands',
      changes: {
        rename_columns: [{ from: 'name', to: 'title' }],
        add_columns: [{ name: 'rank', type: 'integer', constraints: [] }],
        add_indexes: [{ fields: ['rank'], type: 'index' }],
      },
    },
  ]);
});

it.each([
  [
    [
      ['What is to change?', 'Drop a table'],
      ['Table name', 'brands'],
    ],
    { migration_type: 'drop_table', table_name: 'brands' },
  ],
  [
    [
      ['What is to change?', 'Rename a table'],
      ['Table name', 'brands'],
      ['New name', 'makers'],
    ],
    { migration_type: 'rename_table', table_name: 'brands', new_name: 'makers' },
  ],
  [
    [
      ['What is to change?', 'New enum'],
      ['Enum name', 'size'],
      ['Value (empty to finish)', 's'],
      ['Value (empty to finish)', 'm'],
    ],
    { migration_type: 'new_enum', enum_name: 'size', values: ['s', 'm'] },
  ],
  [
    [
      ['What is to change?', 'Change an enum'],
      ['Enum name', 'mood'],
      ['Value (empty to finish)', 'happy'],
    ],
    { migration_type: 'modify_enum', enum_name: 'mood', changes: { add_values: [{ value: 'happy' }] } },
  ],
] as [Script, object][])('asks for %j', async (script, document) => {
  expect((await ask(script)).documents).toEqual([document]);
});

it.each([
  ['Table name', '../../x'],
  ['Table name', 'brands'],
])('refuses %s = %s where it is given', async (question, answer) => {
  await expect(ask([[question, answer]])).rejects.toThrow(`“${question}” refuses`);
});

it('refuses a type that Postgres does not read, and a default that would be a column', async () => {
  const start: Script = [
    ['Table name', 't'],
    ['Column name (empty to finish)', 'a'],
  ];
  await expect(
    ask([...start, ['Type', 'another (type it)'], ['Type (as in Postgres)', 'int); drop table x']]),
  ).rejects.toThrow('refuses');
  await expect(
    ask([...start, ['Type', 'text'], ['Default (SQL, empty for none)', 'active']]),
  ).rejects.toThrow("Write text in quotes: 'active'");
});

it('says what to supply when nobody can be asked', async () => {
  await expect(askPlan(refusingAsker(), schema)).rejects.toMatchObject({
    code: 'answer-needed',
    exitCode: 3,
    missing: [{ field: 'plan' }],
  });
});

it('prints the command that does the same without questions', () => {
  const words: Plan = {
    documents: [
      {
        migration_type: 'modify_existing',
        table_name: 'brands',
        changes: { add_columns: [{ name: 'rank', type: 'integer', constraints: ['NOT NULL'] }] },
      },
    ],
  };
  expect(equivalentCommand(words, { bin: 'npx tableplan migration' })).toMatch(
    /npx tableplan migration .*rank:integer!/,
  );
  const file: Plan = {
    documents: [
      { migration_type: 'modify_enum', enum_name: 'mood', changes: { add_values: [{ value: 'happy' }] } },
    ],
  };
  expect(equivalentCommand(file, { bin: 'npx tableplan migration' })).toContain('add_values');
});
