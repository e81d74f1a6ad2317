import { afterAll, describe, expect, it } from 'vitest';
import { AnswerBook } from '../../src/ask/answer-book.ts';
import type { KeptAnswer } from '../../src/workspace/drafts.ts';
import { equivalentCommand } from '../../src/ask/equivalent.ts';
import { askPlan } from '../../src/ask/interview.ts';
import { refusingAsker } from '../../src/ask/refuse.ts';
import { ESC, type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import { postgresTypeCheck } from '../../src/ask/type-check.ts';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';
import { typeormCapabilities } from '../../src/orm/typeorm/capabilities.ts';
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
        { name: 'id', type: 'uuid', notNull: true, default: 'gen_random_uuid()' },
        { name: 'name', type: 'varchar(50)', notNull: true },
        { name: 'owner', type: 'text', notNull: false, default: "'nobody'" },
        { name: 'created_at', type: 'timestamp', notNull: true, default: 'now()' },
      ],
      primaryKey: { name: 'brands_pkey', named: false, columns: ['id'] },
      uniques: [{ name: 'brands_name_unique', named: false, columns: ['name'], nullsNotDistinct: false }],
      indexes: [],
      foreignKeys: [],
      checks: [{ name: 'brands_name_check', expression: "name <> ''" }],
    },
  ],
  enums: [{ schema: 'public', name: 'mood', values: ['sad', 'ok'] }],
  schemas: [],
  views: ['public.best'],
};

const postgres = postgresTypeCheck(schema);
afterAll(() => postgres.close());

/** An interview whose answers are kept in a book, and what was heard and seen of it. */
async function talk(script: Script, book = new AnswerBook(), capabilities = drizzleCapabilities) {
  const asker = scriptedAsker(script);
  const checks = { schema, postgres, capabilities, hasCode: false };
  const plan = await book.converse(asker, (remembering) => askPlan(remembering, checks));
  expect(asker.left()).toEqual([]);
  expect((await parsePlan(printPlan(plan), { file: 'interview' })).plan).toEqual(plan);
  return { plan, heard: asker.heard, shown: asker.shown };
}

async function ask(script: Script): Promise<Plan> {
  return (await talk(script)).plan;
}

const NAME = 'Column name (empty to finish)';

describe('a new table', () => {
  it('has the key and the timestamps of its neighbours, references with their index, and what is asked for', async () => {
    const { plan, heard } = await talk([
      ['Table name', 'products'],
      [NAME, 'brand_id'],
      ['When the row that brand_id refers to is deleted', 'CASCADE'],
      [NAME, 'status'],
      ['Type of status (choose, or type any)', 'varchar(20)'],
      ['status varchar(20)', ['required (NOT NULL)', 'a default value']],
      ['Default of status (SQL)', "'new'"],
      [NAME, 'mood'],
      ['Type of mood (choose, or type any)', 'mood'],
      ['mood mood', ['unique']],
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
        ],
        indexes: [{ fields: ['brand_id'], type: 'index' }],
        foreign_keys: [{ field: 'brand_id', references: 'brands(id)', on_delete: 'CASCADE' }],
      },
    ]);
    expect(heard).toContain('Add id (uuid, primary key, default gen_random_uuid())?');
    expect(heard).toContain('Add created_at (timestamp)?');
  });

  it('is shown as it stands beside each question', async () => {
    const { shown } = await talk([
      ['Table name', 'products'],
      [NAME, 'brand_id'],
      [NAME, 'note'],
    ]);
    expect(shown).toContain(
      'products\n  id        uuid  primary key  DEFAULT gen_random_uuid()\n  brand_id  uuid  not null  → brands(id)  index',
    );
  });

  it('does not offer what a required column cannot become', async () => {
    const script: Script = [
      ['Table name', 'products'],
      [NAME, 'brand_id'],
      ['When the row that brand_id refers to is deleted', 'SET NULL'],
    ];
    await expect(ask(script)).rejects.toThrow('has no choice SET NULL');
    const { plan } = await talk([
      ...script.slice(0, 2),
      ['brand_id uuid', []],
      ['When the row that brand_id refers to is deleted', 'SET NULL'],
    ]);
    expect(plan.documents[0]).toMatchObject({ foreign_keys: [{ on_delete: 'SET NULL' }] });
  });

  it('may have an enum that is made with it, indexes of several columns, and checks', async () => {
    const plan = await ask([
      ['Table name', 'jobs'],
      [NAME, 'state'],
      ['Type of state (choose, or type any)', 'a new enum'],
      ['Values, separated by commas', "open, 'in work', done"],
      ['state jobs_state', ['required (NOT NULL)', 'a default value']],
      ['Default of state (SQL)', "'open'"],
      [NAME, 'rank'],
      ['Type of rank (choose, or type any)', 'integer'],
      ['Anything else?', 'An index'],
      ['Columns', ['state', 'rank']],
      ['Index on state, rank', ['only some rows (WHERE)']],
      ['Only rows where (SQL)', 'rank > 0'],
      ['Anything else?', 'A check'],
      ['Must be true for every row (SQL)', 'rank < 100'],
    ]);
    expect(plan.documents).toMatchObject([
      { migration_type: 'new_enum', enum_name: 'jobs_state', values: ['open', 'in work', 'done'] },
      {
        migration_type: 'new_domain',
        indexes: [{ fields: ['state', 'rank'], type: 'index', where: 'rank > 0' }],
        checks: [{ expression: 'rank < 100' }],
      },
    ]);
  });
});

describe('behind "more options"', () => {
  it('an index has its method, order, operator class, name, included columns and its expression', async () => {
    const plan = await ask([
      ['Table name', 'jobs'],
      [NAME, 'state'],
      [NAME, 'payload'],
      ['Type of payload (choose, or type any)', 'jsonb'],
      ['Anything else?', 'An index'],
      ['Columns', ['payload']],
      ['Index on payload', ['more options: method, order, name …']],
      ['Method (choose, or type any)', 'gin'],
      [
        'Options of the index',
        ['an operator class', 'a name', 'built without blocking writes (CONCURRENTLY)'],
      ],
      ['Operator class, such as gin_trgm_ops', 'jsonb_path_ops'],
      ['Name of the index', 'jobs_payload_gin'],
      ['Anything else?', 'An index'],
      ['Columns', ['state', 'created_at']],
      ['Index on state, created_at', ['unique', 'more options: method, order, name …']],
      ['Options of the index', ['the order of its columns', 'ascending or descending, NULLs first or last']],
      ['Columns in their order', 'created_at, state'],
      ['Order of created_at', 'desc nulls last'],
      ['Anything else?', 'An index'],
      ['Columns', ['an expression, such as lower(email)']],
      ['Expression (SQL)', 'lower(state)'],
      ['Index on lower(state)', ['more options: method, order, name …']],
      ['Options of the index', ['further columns for index-only scans (INCLUDE)']],
      ['Further columns', ['created_at']],
    ]);
    expect(plan.documents[0]).toMatchObject({
      indexes: [
        { fields: ['state'], type: 'index' },
        {
          fields: ['payload'],
          using: 'gin',
          opclass: 'jsonb_path_ops',
          name: 'jobs_payload_gin',
          concurrently: true,
        },
        { fields: ['created_at', 'state'], type: 'unique', order: ['desc nulls last', 'asc'] },
        // Drizzle has no INCLUDE.
        { expression: 'lower(state)', include: ['created_at'], raw: true },
      ],
    });
  });

  it('a foreign key is deferrable, follows a changed key, and has a name; where the ORM has no word for it, by hand', async () => {
    const script: Script = [
      ['Table name', 'products'],
      [NAME, 'brand_id'],
      ['When the row that brand_id refers to is deleted', 'more options: on update, deferrable, name'],
      [
        'Options of the foreign key',
        [
          'what happens when the key changes (ON UPDATE)',
          'checked at the end of the transaction (DEFERRABLE)',
          'a name',
        ],
      ],
      ['When the row that brand_id refers to is deleted', 'CASCADE'],
      ['Name of the foreign key', 'product_brand'],
    ];
    const key = {
      field: 'brand_id',
      references: 'brands(id)',
      on_delete: 'CASCADE',
      on_update: 'CASCADE',
      deferrable: 'initially deferred',
      name: 'product_brand',
    };
    const drizzle = await talk(script);
    expect(drizzle.plan.documents[0]).toMatchObject({ foreign_keys: [{ ...key, raw: true }] });
    const typeorm = await talk(script, new AnswerBook(), typeormCapabilities('1.1.0'));
    expect(typeorm.plan.documents[0]).toMatchObject({ foreign_keys: [key] });
    expect(JSON.stringify(typeorm.plan)).not.toContain('raw');
  });

  it('a column has a check, a description, a number or a computed value, and a collation', async () => {
    const more = 'more options: check, description, identity …';
    const plan = await ask([
      ['Table name', 'jobs'],
      [NAME, 'rank'],
      ['Type of rank (choose, or type any)', 'integer'],
      ['rank integer', [more]],
      ['Options of rank', ['a check of its values', 'a description', 'numbered by Postgres (IDENTITY)']],
      ['Must be true for every row (SQL)', 'rank > 0'],
      ['Description of rank', 'Place in the queue'],
      [NAME, 'half'],
      ['Type of half (choose, or type any)', 'integer'],
      ['half integer', [more]],
      ['Options of half', ['computed from other columns (GENERATED)']],
      ['half is (SQL)', 'rank / 2'],
      [NAME, 'title'],
      ['title text', [more]],
      ['Options of title', ['a collation']],
      ['Collation of title, such as C or de-x-icu', 'C'],
    ]);
    expect(plan.documents[0]).toMatchObject({
      fields: [
        {},
        {
          name: 'rank',
          constraints: ['GENERATED ALWAYS AS IDENTITY'],
          check: 'rank > 0',
          description: 'Place in the queue',
        },
        { name: 'half', constraints: ['GENERATED ALWAYS AS (rank / 2) STORED'] },
        { name: 'title', constraints: ['COLLATE "C"'], raw: true },
        {},
      ],
    });
  });

  it('a table has named checks, keys of several columns, a Postgres schema and a folder', async () => {
    const plan = await ask([
      ['Table name', 'shop.parts'],
      ['Add id (uuid, primary key, default gen_random_uuid())?', false],
      [NAME, 'brand'],
      [NAME, 'number'],
      ['Type of number (choose, or type any)', 'integer'],
      [NAME, ''],
      ['Anything else?', 'More options …'],
      ['Which?', 'The primary key'],
      ['Columns', ['brand', 'number']],
      ['Columns in their order', 'number, brand'],
      ['Anything else?', 'More options …'],
      ['Which?', 'A check with a name'],
      ['Must be true for every row (SQL)', 'number > 0'],
      ['Name of the check', 'parts_are_counted'],
      ['Anything else?', 'More options …'],
      ['Which?', 'A unique constraint with options'],
      ['Columns', ['brand']],
      ['Options of unique (brand)', ['a name', 'two NULLs are equal too (NULLS NOT DISTINCT)']],
      ['Name of the constraint', 'one_brand'],
      ['Anything else?', 'More options …'],
      ['Which?', 'Options of the code'],
      ['Folder of the schema file', 'catalog'],
    ]);
    expect(plan.documents[0]).toMatchObject({
      schema: 'shop',
      table_name: 'parts',
      primary_key: ['number', 'brand'],
      checks: [{ name: 'parts_are_counted', expression: 'number > 0' }],
      unique: [{ fields: ['brand'], name: 'one_brand', nulls_not_distinct: true }],
      domain_name: 'catalog',
    });
  });

  it('a migration has a name, a description, and what a person takes over, with reasons', async () => {
    const plan = await ask([
      ['What do you want to change?', 'More options: name, description, rollback by hand …'],
      [
        'Options of the migration',
        ['a name', 'a description for the record', 'a rollback that is written by hand'],
      ],
      ['Name of the migration', 'goodbye_brands'],
      ['What does it do, in one line?', 'Brands go'],
      ['Why is the rollback written by hand?', 'a dump is loaded'],
      ['What do you want to change?', 'Drop a table'],
    ]);
    expect(plan.documents).toEqual([
      {
        migration_type: 'drop_table',
        table_name: 'brands',
        name: 'goodbye_brands',
        description: 'Brands go',
        safety: { rollback: 'manual', reason: 'a dump is loaded' },
      },
    ]);
  });

  it('a change of a table has foreign keys of several columns, USING, and renames of the name alone', async () => {
    const plan = await ask([
      ['What do you want to change?', 'Change a table'],
      ['Table', 'brands'],
      ['Which change?', 'Change a column'],
      ['Column', 'owner'],
      ["What of owner (text default 'nobody')?", ['its type', 'how a new type gets its values (USING)']],
      ['Type (as in Postgres)', 'integer'],
      ['Value of the new type, such as owner::int (SQL)', 'length(owner)'],
      ['Another change?', 'More options …'],
      ['Which?', 'Rename a column in the database alone'],
      ['Column', 'name'],
      ['New name of name', 'title'],
      ['Another change?', 'Add a foreign key'],
      ['Column', 'owner'],
      ['Refers to', 'brands(name)'],
    ]);
    expect(plan.documents[0]).toMatchObject({
      changes: {
        modify_columns: [{ name: 'owner', new_type: 'integer', using: 'length(owner)' }],
        rename_columns: [{ from: 'name', to: 'title', keep_property: true }],
        add_foreign_keys: [{ field: 'owner', references: 'brands(name)' }],
      },
    });
  });

  it('a new table refers to itself', async () => {
    const plan = await ask([
      ['Table name', 'folders'],
      [NAME, 'parent_id'],
      ['Type of parent_id (choose, or type any)', '→ folders (reference)'],
      ['parent_id uuid', []],
    ]);
    expect(plan.documents[0]).toMatchObject({
      foreign_keys: [{ field: 'parent_id', references: 'folders(id)' }],
    });
  });
});

describe('changes of a table', () => {
  it('begin with what is there, and go on until there is nothing more', async () => {
    const { plan, shown } = await talk([
      ['What do you want to change?', 'Change a table'],
      ['Table', 'brands'],
      ['Which change?', 'Rename a column'],
      ['Column', 'name'],
      ['New name of name', 'title'],
      ['Another change?', 'Add a column'],
      [NAME, 'rank'],
      ['Type of rank (choose, or type any)', 'integer'],
      ['rank integer', ['index']],
      ['Another change?', 'Change a column'],
      ['Column', 'owner'],
      ["What of owner (text default 'nobody')?", ['its type', 'require a value (NOT NULL)']],
      ['Type (as in Postgres)', 'varchar(10)'],
      ['Another change?', 'Drop a unique constraint'],
      ['Another change?', 'Drop a check'],
      ['Another change?', 'Set the comment'],
      ['Comment', 'Makers'],
    ]);
    expect(plan.documents).toEqual([
      {
        migration_type: 'modify_existing',
        table_name: 'brands',
        changes: {
          rename_columns: [{ from: 'name', to: 'title' }],
          add_columns: [{ name: 'rank', type: 'integer', constraints: [] }],
          add_indexes: [{ fields: ['rank'], type: 'index' }],
          modify_columns: [{ name: 'owner', new_type: 'varchar(10)', nullable: false }],
          drop_unique: ['brands_name_unique'],
          drop_checks: ['brands_name_check'],
          comment: 'Makers',
        },
      },
    ]);
    expect(shown).toContain(
      [
        'brands',
        '  id          uuid not null default gen_random_uuid()  primary key',
        '  name        varchar(50) not null  unique',
        "  owner       text default 'nobody'",
        '  created_at  timestamp not null default now()',
        "  check (name <> '')",
      ].join('\n'),
    );
    expect(shown.at(-1)).toContain('Changes so far\n  rename columns: name → title\n  add columns: rank');
  });
});

it.each([
  [
    [
      ['What do you want to change?', 'Drop a table'],
      ['Table', 'brands'],
    ],
    { migration_type: 'drop_table', table_name: 'brands' },
  ],
  [
    [
      ['What do you want to change?', 'Rename a table'],
      ['Table', 'brands'],
      ['New name of brands', 'makers'],
    ],
    { migration_type: 'rename_table', table_name: 'brands', new_name: 'makers' },
  ],
  [
    [
      ['What do you want to change?', 'New enum'],
      ['Enum name', 'size'],
      ['Values, separated by commas', 's, m'],
    ],
    { migration_type: 'new_enum', enum_name: 'size', values: ['s', 'm'] },
  ],
  [
    [
      ['What do you want to change?', 'Change an enum'],
      ['Enum', 'mood'],
      ['Values, separated by commas', 'happy, glad'],
      ['Where?', 'before ok'],
      ['Another change?', 'Rename a value'],
      ['Value', 'sad'],
      ['New name of sad', 'down'],
    ],
    {
      migration_type: 'modify_enum',
      enum_name: 'mood',
      changes: {
        add_values: [
          { value: 'happy', before: 'ok' },
          { value: 'glad', before: 'ok' },
        ],
        rename_values: [{ from: 'sad', to: 'down' }],
      },
    },
  ],
  [[['What do you want to change?', 'Drop an enum']], { migration_type: 'drop_enum', enum_name: 'mood' }],
] as [Script, object][])('asks for %j', async (script, document) => {
  expect((await ask(script)).documents).toEqual([document]);
});

describe('what is wrong is refused where it is given:', () => {
  const column: Script = [
    ['Table name', 't'],
    [NAME, 'a'],
  ];
  const byDefault = (type: string): Script => [
    ...column,
    ['Type of a (choose, or type any)', type],
    [`a ${type}`, ['a default value']],
  ];

  it.each<[what: string, script: Script, why: string]>([
    ['a path as a name', [['Table name', '../../x']], 'refuses'],
    ['a table that is there', [['Table name', 'brands']], 'There is a table brands already.'],
    ['the name of a view', [['Table name', 'best']], 'There is a view best already.'],
    ['more than a type', [...column, ['Type of a (choose, or type any)', 'int); drop table x']], 'refuses'],
    [
      'no type of Postgres',
      [...column, ['Type of a (choose, or type any)', 'strnig']],
      'type "strnig" does not exist',
    ],
    ['a type mistyped', [...column, ['Type of a (choose, or type any)', 'integr']], 'did you mean integer'],
    [
      'a length that there is not',
      [...column, ['Type of a (choose, or type any)', 'varchar(0)']],
      'length for type varchar',
    ],
    [
      'a column as a default',
      [...byDefault('text'), ['Default of a (SQL)', 'active']],
      "Write text in quotes: 'active'",
    ],
    [
      'a default of another type',
      [...byDefault('integer'), ['Default of a (SQL)', "'many'"]],
      'invalid input syntax for type integer',
    ],
    [
      'no value of the enum',
      [...byDefault('mood'), ['Default of a (SQL)', "'angry'"]],
      'invalid input value for enum mood',
    ],
    [
      'a function that there is not',
      [...byDefault('text'), ['Default of a (SQL)', 'nothing()']],
      'function nothing() does not exist',
    ],
  ])('%s', async (_, script, why) => {
    await expect(ask(script)).rejects.toThrow(why);
  });

  it('types and functions of an extension are left to the rehearsal', async () => {
    const { plan } = await talk([...column, ['Type of a (choose, or type any)', 'citext'], ['a citext', []]]);
    expect(plan.documents[0]).toMatchObject({ fields: [{ name: 'id' }, { name: 'a', type: 'citext' }, {}] });
  });
});

describe('an interview', () => {
  const start: Script = [
    ['Table name', 'products'],
    [NAME, 'title'],
  ];

  it('goes back by Esc, one question a time, with the old answers proposed', async () => {
    const { plan, heard } = await talk([
      ...start,
      ['Type of title (choose, or type any)', 'integer'],
      ['title integer', ESC],
      ['Type of title (choose, or type any)', ESC],
      [NAME, 'name'],
      ['Type of name (choose, or type any)', 'integer'],
    ]);
    expect(plan.documents[0]).toMatchObject({
      fields: [{ name: 'id' }, { name: 'name', type: 'integer' }, { name: 'created_at' }],
    });
    expect(heard.filter((text) => text === 'Table name')).toHaveLength(1);
  });

  it('stays at its first question', async () => {
    const { heard } = await talk([
      ['What do you want to change?', ESC],
      ['What do you want to change?', 'Drop an enum'],
    ]);
    expect(heard.filter((text) => text === 'What do you want to change?')).toHaveLength(2);
  });

  it('takes up its answers, and asks for what is missing alone', async () => {
    let kept: readonly KeptAnswer[] = [];
    const book = new AnswerBook([], (answers) => void (kept = answers));
    await expect(
      talk([...start, ['Type of title (choose, or type any)', 'nothing of the kind']], book),
    ).rejects.toThrow('refuses nothing of the kind');
    const { plan, heard } = await talk(
      [['Type of title (choose, or type any)', 'jsonb']],
      new AnswerBook(kept),
    );
    expect(heard.slice(0, 2)).toEqual(['Type of title (choose, or type any)', 'title jsonb']);
    expect(plan.documents[0]).toMatchObject({ table_name: 'products', fields: [{}, { type: 'jsonb' }, {}] });
  });

  it('asks a refused answer again, says why, and keeps all others', async () => {
    const book = new AnswerBook();
    await talk([...start], book);
    book.reopen('column.0.name', 'title is taken');
    const { plan, heard, shown } = await talk([[NAME, 'name']], book);
    expect(heard).toEqual([NAME]);
    expect(shown).toContain('title is taken');
    expect(plan.documents[0]).toMatchObject({ fields: [{ name: 'id' }, { name: 'name' }, {}] });
  });
});

it('says what to supply when nobody can be asked', async () => {
  await expect(
    askPlan(refusingAsker(), { schema, postgres, capabilities: drizzleCapabilities, hasCode: false }),
  ).rejects.toMatchObject({
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
