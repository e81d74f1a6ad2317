import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';
import { EMPTY_SCHEMA, readSnapshot } from '../../src/orm/drizzle/snapshot.ts';
import type { Change } from '../../src/plan/change.ts';
import { drizzleNaming } from '../../src/plan/naming.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { type Resolution, resolvePlan, type ResolveContext } from '../../src/plan/resolve.ts';

const shop = readSnapshot(
  JSON.parse(readFileSync(new URL('../fixtures/unresolvable-plans/snapshot.json', import.meta.url), 'utf8')),
);

async function resolve(
  text: string,
  schema = shop,
  overrides: Partial<ResolveContext> = {},
): Promise<Resolution> {
  const context = {
    naming: drizzleNaming(schema),
    capabilities: drizzleCapabilities,
    hadName: () => false,
    ...overrides,
  };
  return resolvePlan(await parsePlan(text, { file: 'plan.yaml' }), schema, context);
}

const kinds = ({ changes }: Resolution) => changes.map((change) => change.kind);
const rules = ({ notices }: Resolution) => notices.map((notice) => notice.rule);
const only = <Kind extends Change['kind']>({ changes }: Resolution, kind: Kind) =>
  changes.filter((change): change is Extract<Change, { kind: Kind }> => change.kind === kind);

const REFERENCE = `
migration_type: 'new_domain'
domain_name: 'goods'
table_name: 'goods'
fields:
  - {name: 'id', type: 'UUID', constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()']}
  - {name: 'name', type: 'VARCHAR(100)', constraints: ['NOT NULL', 'UNIQUE']}
  - {name: 'category_id', type: 'UUID', constraints: ['NOT NULL']}
  - {name: 'status', type: 'VARCHAR(20)', constraints: ['NOT NULL', "DEFAULT 'active'"]}
  - {name: 'created_at', type: 'TIMESTAMP', constraints: ['NOT NULL', 'DEFAULT NOW()']}
indexes:
  - {fields: ['name'], type: 'unique'}
  - {fields: ['category_id'], type: 'index'}
foreign_keys:
  - {field: 'category_id', references: 'categories(id)', on_delete: 'CASCADE'}
`;

describe('a new table', () => {
  it('brings a Postgres schema along that does not exist yet', async () => {
    const plan =
      'migration_type: new_table\nschema: audit\ntable_name: events\nfields: [{ name: id, type: uuid }]\n';
    expect(rules(await resolve(plan))).toContain('new-schema');
    expect(only(await resolve(plan), 'create-table')[0]?.table.schema).toBe('audit');
  });

  it.each([
    ['noteKind', '"noteKind"'],
    ['noteKind[]', '"noteKind"[]'],
    ['"noteKind"', '"noteKind"'],
    ['UUID', 'uuid'],
    ['Int4', 'integer'],
  ])('has types of the plan as they are written: %s', async (written, type) => {
    const plan = `migration_type: new_enum
enum_name: noteKind
values: [plain, loud]
---
migration_type: new_table
table_name: notes
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: kind, type: '${written}' }
---
migration_type: modify_existing
table_name: notes
changes:
  add_columns: [{ name: other, type: '${written}' }]
  modify_columns: [{ name: kind, new_type: text }, { name: other, new_type: '${written}' }]
`;
    const resolved = await resolve(plan);
    const [made] = only(resolved, 'create-table');
    expect(made?.table.columns.map((column) => column.type)).toEqual(['uuid', type]);
    expect(only(resolved, 'add-column').map(({ column }) => column.type)).toEqual([type]);
  });

  it('is one change with every name filled in', async () => {
    const [change] = only(await resolve(REFERENCE), 'create-table');
    expect(change?.domain).toBe('goods');
    expect(change?.table.primaryKey).toEqual({ name: 'goods_pkey', named: false, columns: ['id'] });
    expect(change?.table.indexes.map((index) => index.name)).toEqual([
      'goods_name_idx',
      'goods_category_id_idx',
    ]);
    expect(change?.table.foreignKeys).toEqual([
      {
        name: 'goods_category_id_categories_id_fk',
        named: false,
        columns: ['category_id'],
        references: { schema: 'public', name: 'categories', columns: ['id'] },
        onDelete: 'cascade',
        onUpdate: 'no action',
      },
    ]);
  });

  it('has one thing for UNIQUE and a unique index on the same columns: the index', async () => {
    const resolution = await resolve(REFERENCE);
    expect(only(resolution, 'create-table')[0]?.table.uniques).toEqual([]);
    expect(rules(resolution)).toEqual(['unique-merged']);
  });

  it('is nothing to do when it is there already', async () => {
    const { schema } = await resolve(REFERENCE);
    const again = await resolve(REFERENCE, schema);
    expect(again.changes).toEqual([]);
    expect(rules(again)).toEqual(['already-done']);
  });

  it('is nothing to do when its index bears a name of another habit', async () => {
    const { schema } = await resolve(REFERENCE);
    const tables = schema.tables.map((table) => ({
      ...table,
      indexes: table.indexes.map((index) => ({ ...index, name: `old_${index.name}` })),
    }));
    expect((await resolve(REFERENCE, { ...schema, tables })).changes).toEqual([]);
  });

  it('may refer to itself', async () => {
    const resolution = await resolve(`
migration_type: new_table
table_name: nodes
fields:
  - {name: id, type: serial, constraints: [PRIMARY KEY]}
  - {name: parent_id, type: integer, references: nodes}
`);
    expect(only(resolution, 'create-table')[0]?.table.foreignKeys[0]?.name).toBe(
      'nodes_parent_id_nodes_id_fk',
    );
    expect(rules(resolution)).toEqual([]);
  });

  it('has a composite key named as Drizzle does, and its columns are NOT NULL', async () => {
    const resolution = await resolve(`
migration_type: new_table
table_name: likes
fields:
  - {name: user_id, type: uuid, references: users}
  - {name: product_id, type: uuid, references: products}
primary_key: [user_id, product_id]
`);
    const table = only(resolution, 'create-table')[0]?.table;
    expect(table?.primaryKey).toEqual({
      name: 'likes_user_id_product_id_pk',
      named: false,
      columns: ['user_id', 'product_id'],
    });
    expect(table?.columns.map((column) => column.notNull)).toEqual([true, true]);
  });

  it('comes before a document that refers to it, wherever it is written', async () => {
    const resolution = await resolve(`
migration_type: modify_existing
table_name: products
changes:
  add_columns:
    - {name: brand_id, type: uuid, references: brands}
    - {name: size, type: product_size}
---
migration_type: new_table
table_name: brands
fields:
  - {name: id, type: uuid, constraints: [PRIMARY KEY]}
---
migration_type: new_enum
enum_name: product_size
values: [s, m]
`);
    expect(kinds(resolution)).toEqual([
      'create-table',
      'create-enum',
      'add-column',
      'add-column',
      'add-foreign-key',
    ]);
  });

  it('gets numbered names where derived ones collide', async () => {
    const resolution = await resolve(`
migration_type: new_table
table_name: notes
fields:
  - {name: id, type: uuid, constraints: [PRIMARY KEY]}
  - {name: n, type: integer, constraints: ['CHECK (n > 0)', 'CHECK (n < 9)']}
indexes:
  - {fields: [n]}
  - {fields: [n], where: n > 5}
`);
    const table = only(resolution, 'create-table')[0]?.table;
    expect(table?.indexes.map((index) => index.name)).toEqual(['notes_n_idx', 'notes_n_idx_2']);
    expect(table?.checks.map((check) => check.name)).toEqual(['notes_n_check', 'notes_n_check1']);
  });

  it('has what the ORM cannot express as SQL by hand, when the entry says raw', async () => {
    const plan = `
migration_type: new_table
table_name: notes
fields:
  - {name: id, type: uuid, constraints: [PRIMARY KEY]}
  - {name: user_id, type: uuid}
  - {name: title, type: text, constraints: ['COLLATE "C"'], raw: true}
indexes:
  - {fields: [user_id], include: [title], raw: true}
foreign_keys:
  - {field: user_id, references: users, deferrable: initially deferred, raw: true}
`;
    const resolution = await resolve(plan);
    expect(kinds(resolution)).toEqual(['create-table', 'raw-sql', 'raw-sql', 'raw-sql']);
    expect(only(resolution, 'raw-sql').map(({ up }) => up)).toEqual([
      'ALTER TABLE "public"."notes" ALTER COLUMN "title" TYPE text COLLATE "C"',
      'CREATE INDEX "notes_user_id_idx" ON "public"."notes" USING btree ("user_id") INCLUDE ("title")',
      'ALTER TABLE "public"."notes" ADD CONSTRAINT "notes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") DEFERRABLE INITIALLY DEFERRED',
    ]);
    expect((await resolve(plan, resolution.schema)).changes).toEqual([]);
  });
});

const CHANGES = `
migration_type: modify_existing
table_name: products
changes:
  rename_columns: [{from: active, to: listed}]
  add_columns:
    - {name: brand, type: text, constraints: ['UNIQUE', "CHECK (brand <> '')"]}
  modify_columns:
    - {name: description, old_type: VARCHAR(500), new_type: TEXT}
    - {name: price, default: 1}
  drop_columns: [name]
  add_indexes:
    - {fields: [listed, price], order: desc}
  add_foreign_keys: []
`.replace('  add_foreign_keys: []\n', '');

describe('what a plan makes and goes on to change', () => {
  const CIRCLE = `
migration_type: new_table
table_name: clubs
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: captain_id, type: uuid }
---
migration_type: new_table
table_name: members
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: club_id, type: uuid, references: clubs }
---
migration_type: modify_existing
table_name: clubs
changes:
  add_foreign_keys: [{ field: captain_id, references: members(id) }]
`;
  const MORE = `${CIRCLE}---
migration_type: modify_existing
table_name: clubs
changes:
  add_columns: [{ name: city, type: text }]
`;
  const KIND = `
migration_type: new_enum
enum_name: kind
values: [a]
---
migration_type: modify_enum
enum_name: kind
changes: { add_values: [{ value: b }] }
`;

  it.each([
    ['tables that refer to each other', CIRCLE],
    ['a table changed twice', MORE],
    ['an enum', KIND],
  ])('is nothing to do the second time: %s', async (_, plan) => {
    const { schema, changes } = await resolve(plan);
    expect(changes.length).toBeGreaterThan(1);
    const again = await resolve(plan, schema);
    expect(again.changes).toEqual([]);
    expect(new Set(rules(again))).toEqual(new Set(['already-done']));
  });

  it('is carried on where it was done in part', async () => {
    const { schema } = await resolve(CIRCLE);
    expect(kinds(await resolve(MORE, schema))).toEqual(['add-column']);
  });

  it('is not done where what is there differs', async () => {
    const { schema } = await resolve(CIRCLE);
    const other = CIRCLE.replace(
      'captain_id, type: uuid }',
      'captain_id, type: uuid, constraints: [NOT NULL] }',
    );
    await expect(resolve(other, schema)).rejects.toMatchObject({
      message: 'table clubs exists and differs from the plan: column captain_id: it is nullable',
    });
  });
});

describe('changes of a table', () => {
  it('come in an order in which Postgres can carry them out', async () => {
    const resolution = await resolve(CHANGES);
    expect(kinds(resolution)).toEqual([
      'rename-column',
      'add-column',
      'alter-column',
      'alter-column',
      'drop-unique',
      'drop-column',
      'add-index',
      'add-unique',
      'add-check',
    ]);
    expect(rules(resolution)).toEqual(['dropped-with-column']);
  });

  it('are nothing to do the second time', async () => {
    const { schema } = await resolve(CHANGES);
    const again = await resolve(CHANGES, schema, { hadName: () => true });
    expect(again.changes).toEqual([]);
    expect(new Set(rules(again))).toEqual(new Set(['already-done']));
  });

  it('that are done in part leave only the rest', async () => {
    const { schema } = await resolve(`
migration_type: modify_existing
table_name: products
changes:
  add_columns:
    - {name: brand, type: text, constraints: ['UNIQUE', "CHECK (brand <> '')"]}
`);
    const rest = await resolve(CHANGES, schema);
    expect(kinds(rest)).toEqual([
      'rename-column',
      'alter-column',
      'alter-column',
      'drop-unique',
      'drop-column',
      'add-index',
    ]);
  });

  it('count a drop or rename as done only when history had the name', async () => {
    const plan = 'migration_type: modify_existing\ntable_name: users\nchanges: {drop_columns: [nick]}';
    await expect(resolve(plan)).rejects.toMatchObject({ code: 'plan-conflict' });
    const asked: unknown[] = [];
    const done = await resolve(plan, shop, { hadName: (wanted) => asked.push(wanted) > 0 });
    expect(done.changes).toEqual([]);
    expect(asked).toEqual([{ kind: 'column', table: { schema: 'public', name: 'users' }, name: 'nick' }]);
  });

  it('go by the new names after a rename, and derived names follow', async () => {
    const resolution = await resolve(`
migration_type: modify_existing
table_name: categories
changes:
  rename_table: groups
  rename_columns: [{from: slug, to: handle}]
  add_indexes:
    - {fields: [handle, name]}
`);
    expect(resolution.changes).toMatchObject([
      { kind: 'rename-table', table: { name: 'categories' }, to: 'groups' },
      { kind: 'rename-column', table: { name: 'groups' }, from: 'slug', to: 'handle' },
      { kind: 'add-index', table: { name: 'groups' }, index: { name: 'groups_handle_name_idx' } },
    ]);
    const products = resolution.schema.tables.find((table) => table.name === 'products');
    expect(products?.foreignKeys[0]).toMatchObject({
      name: 'products_category_id_groups_id_fk',
      references: { name: 'groups' },
    });
  });

  it('drop by the old name what a rename of the plan names anew, and a second time nothing', async () => {
    const plan = `
migration_type: rename_table
table_name: categories
new_name: groups
---
migration_type: modify_existing
table_name: products
changes: { drop_foreign_keys: [products_category_id_categories_id_fk] }
---
migration_type: rename_table
table_name: users
new_name: persons
---
migration_type: modify_existing
table_name: persons
changes:
  rename_columns: [{ from: email, to: address }]
  drop_unique: [users_email_unique]
`;
    const had: ResolveContext['hadName'] = (wanted) =>
      'table' in wanted
        ? ['products', 'users'].includes(wanted.table.name)
        : 'name' in wanted && typeof wanted.name === 'object';
    const resolution = await resolve(plan, shop, { hadName: had });
    expect(only(resolution, 'drop-foreign-key')[0]?.foreignKey.name).toBe(
      'products_category_id_groups_id_fk',
    );
    expect(only(resolution, 'drop-unique')[0]?.unique.name).toBe('persons_address_unique');
    const again = await resolve(plan, resolution.schema, { hadName: had });
    expect(again.changes).toEqual([]);
    expect(new Set(rules(again))).toEqual(new Set(['already-done']));
  });

  it('leave out what is so already: NOT NULL of a key, an equal default, an equal type', async () => {
    const resolution = await resolve(`
migration_type: modify_existing
table_name: products
changes:
  modify_columns:
    - {name: id, nullable: false}
    - {name: price, default: "'0'::integer", new_type: int4}
`);
    expect(resolution.changes).toEqual([]);
  });

  it('take a plan whose change is done for done, not for stale', async () => {
    const plan =
      'migration_type: modify_existing\ntable_name: products\nchanges: {modify_columns: [{name: description, old_type: text, new_type: varchar(500)}]}';
    expect((await resolve(plan)).changes).toEqual([]);
  });

  it('let a unique index stand for UNIQUE and the other way round', async () => {
    const unique = await resolve(
      'migration_type: modify_existing\ntable_name: categories\nchanges: {add_unique: [{fields: [slug]}]}',
    );
    const index = await resolve(
      'migration_type: modify_existing\ntable_name: users\nchanges: {add_indexes: [{fields: [email], type: unique}]}',
    );
    expect([unique.changes, index.changes]).toEqual([[], []]);
    expect([...rules(unique), ...rules(index)]).toEqual(['unique-merged', 'unique-merged']);
  });

  it('change the actions of a foreign key by its column', async () => {
    const resolution = await resolve(
      'migration_type: modify_existing\ntable_name: products\nchanges: {modify_foreign_keys: [{field: category_id, on_delete: restrict}]}',
    );
    expect(resolution.changes).toMatchObject([
      {
        kind: 'alter-foreign-key',
        onDelete: 'restrict',
        onUpdate: 'no action',
        foreignKey: { onDelete: 'cascade' },
      },
    ]);
  });

  it('may drop a part of the primary key when the new one is said', async () => {
    const resolution = await resolve(
      'migration_type: modify_existing\ntable_name: order_items\nchanges: {drop_columns: [product_id], primary_key: [order_id]}',
    );
    expect(kinds(resolution)).toEqual(['set-primary-key', 'drop-foreign-key', 'drop-column']);
    expect(only(resolution, 'set-primary-key')[0]).toMatchObject({
      primaryKey: { name: 'order_items_pkey' },
      from: { name: 'order_items_order_id_product_id_pk' },
    });
  });

  it('leave a foreign key whose types only compare to the review', async () => {
    const resolution = await resolve(
      'migration_type: modify_existing\ntable_name: users\nchanges: {add_columns: [{name: last_order_id, type: bigint, references: orders}]}',
    );
    expect(rules(resolution)).toEqual([]);
  });
});

describe('enums', () => {
  it('get renames first, then drops, then new values beside each other', async () => {
    const resolution = await resolve(`
migration_type: modify_enum
enum_name: order_status
changes:
  add_values: [{value: lost, after: returned}, {value: returned, after: shipped}]
  rename_values: [{from: shipped, to: sent}]
  drop_values: [paid]
`);
    expect(kinds(resolution)).toEqual([
      'rename-enum-value',
      'drop-enum-value',
      'add-enum-value',
      'add-enum-value',
    ]);
    expect(resolution.schema.enums[0]?.values).toEqual(['new', 'sent', 'returned', 'lost']);
  });

  it('carry the default of a column along when its value is renamed', async () => {
    const { schema } = await resolve(
      'migration_type: modify_enum\nenum_name: order_status\nchanges: {rename_values: [{from: new, to: fresh}]}',
    );
    expect(
      schema.tables
        .find((table) => table.name === 'orders')
        ?.columns.find((column) => column.name === 'status')?.default,
    ).toBe("'fresh'");
  });

  it('can be dropped once the plan has dropped their columns', async () => {
    const resolution = await resolve(`
migration_type: modify_existing
table_name: orders
changes: {drop_columns: [status]}
---
migration_type: drop_enum
enum_name: order_status
`);
    expect(kinds(resolution)).toEqual(['drop-column', 'drop-enum']);
  });
});

describe('names that every JavaScript object has', () => {
  it('are fine where drizzle-kit is: in a new table, and as the new name of a column', async () => {
    const table =
      'migration_type: new_table\ntable_name: makes\nfields: [{ name: constructor, type: uuid }, { name: toString, type: text }]\n';
    expect(kinds(await resolve(table))).toEqual(['create-table']);
    const rename =
      'migration_type: modify_existing\ntable_name: users\nchanges: { rename_columns: [{ from: name, to: constructor }] }\n';
    expect(kinds(await resolve(rename))).toEqual(['rename-column']);
  });
});

describe('a new enum value and its use in one plan', () => {
  const used = (added: string) => `${added}
---
migration_type: modify_existing
table_name: orders
changes:
  modify_columns: [{ name: status, default: "'gift'" }]
`;
  const add =
    'migration_type: modify_enum\nenum_name: order_status\nchanges:\n  add_values: [{ value: gift }]\n';

  it('are refused, with two plans as the way out', async () => {
    await expect(resolve(used(add))).rejects.toMatchObject({
      code: 'plan-conflict',
      hint: expect.stringContaining('two plans'),
    });
  });

  it('are fine where the value is there already', async () => {
    const schema = {
      ...shop,
      enums: shop.enums.map((item) => ({ ...item, values: [...item.values, 'gift'] })),
    };
    expect(kinds(await resolve(used(add), schema))).toEqual(['alter-column']);
  });

  it('are fine where the plan makes the enum', async () => {
    const plan = `
migration_type: new_enum
enum_name: kind
values: [old]
---
migration_type: modify_enum
enum_name: kind
changes: { add_values: [{ value: gift }] }
---
migration_type: modify_existing
table_name: orders
changes:
  add_columns: [{ name: kind, type: kind, default: "'gift'" }]
`;
    expect(kinds(await resolve(plan))).toEqual(['create-enum', 'add-enum-value', 'add-column']);
  });

  it('are fine where the label is only a text', async () => {
    const plan = `${add}
---
migration_type: modify_existing
table_name: orders
changes:
  add_columns: [{ name: note, type: text, default: "'gift'" }]
  add_checks: [{ expression: "status::text <> 'gift'" }]
`;
    expect(kinds(await resolve(plan))).toEqual(['add-enum-value', 'add-column', 'add-check']);
  });
});

describe('a table that only another Postgres schema has', () => {
  it('is to be written with that schema in a reference', async () => {
    const plan = `
migration_type: new_table
schema: sales
table_name: leads
fields: [{ name: user_id, type: uuid, references: REFERENCE }]
`;
    await expect(resolve(plan.replace('REFERENCE', 'users(id)'))).rejects.toMatchObject({
      message: 'there is no table "sales.users"',
      hint: 'There is one in the schema public: write public.users.',
    });
    expect(kinds(await resolve(plan.replace('REFERENCE', 'public.users(id)')))).toEqual(['create-table']);
  });

  it('is told from a column behind a dot', async () => {
    const plan =
      'migration_type: new_table\ntable_name: leads\nfields: [{ name: user_id, type: uuid, references: users.id }]\n';
    await expect(resolve(plan)).rejects.toMatchObject({
      message: 'there is no table "users.id"',
      hint: 'A column stands in brackets: users(id).',
    });
  });

  it('is to be found by the schema of the plan', async () => {
    const plan =
      'migration_type: modify_existing\nschema: sales\ntable_name: users\nchanges: { drop_columns: [name] }\n';
    await expect(resolve(plan)).rejects.toMatchObject({
      hint: "There is one in the schema public: say schema: 'public'.",
    });
  });
});

describe('an empty schema', () => {
  it('takes a first table', async () => {
    const resolution = await resolve(
      'migration_type: new_table\ntable_name: logs\nfields: [{name: line, type: text}]',
      EMPTY_SCHEMA,
    );
    expect(kinds(resolution)).toEqual(['create-table']);
    expect(rules(resolution)).toEqual(['no-timestamps']);
  });
});
