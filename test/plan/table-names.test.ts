import { describe, expect, it } from 'vitest';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { drizzleNaming } from '../../src/plan/naming.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { type TableNames, withoutAffixes, withTableNames } from '../../src/plan/table-names.ts';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';

const PREFIX: TableNames = { schema: 'public', prefix: 'shop_', suffix: '', source: 'createTable' };
const SCHEMA: TableNames = { schema: 'app', prefix: '', suffix: '', source: 'the schema app' };

const posts = (schema: string, name: string): DatabaseSchema => ({
  tables: [
    {
      schema,
      name,
      columns: [{ name: 'id', type: 'integer', notNull: true }],
      primaryKey: { name: `${name}_pkey`, columns: ['id'], named: false },
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    },
  ],
  enums: [],
  schemas: schema === 'public' ? [] : [schema],
  views: [],
});

async function resolved(text: string, schema: DatabaseSchema, names: TableNames) {
  const plan = withTableNames(await parsePlan(text, { file: 'plan.yaml' }), schema, names);
  const { changes } = await resolvePlan(plan, schema, {
    naming: drizzleNaming(schema),
    capabilities: drizzleCapabilities,
    tableNames: names,
    hadName: () => false,
  });
  return { changes, plan };
}

const NEW = `migration_type: new_table
table_name: notes
fields:
  - { name: id, type: integer, constraints: [PRIMARY KEY] }
  - { name: post_id, type: integer, constraints: ['REFERENCES posts(id)'] }
`;
const MORE = `---
migration_type: new_table
table_name: answers
fields: [{ name: note_id, type: integer, constraints: [PRIMARY KEY, 'REFERENCES notes(id)'] }]
`;

describe.each([
  ['a prefix', PREFIX, posts('public', 'shop_posts'), 'shop_notes', 'shop_answers', 'public'],
  ['a schema', SCHEMA, posts('app', 'posts'), 'notes', 'answers', 'app'],
] as const)(
  'where all tables have %s, a plan may leave it out',
  (_, names, schema, note, answer, inSchema) => {
    it('of new tables, and of those that they refer to', async () => {
      const { changes, plan } = await resolved(NEW + MORE, schema, names);
      expect(changes).toMatchObject([
        { kind: 'create-table', table: { schema: inSchema, name: note } },
        { kind: 'create-table', table: { schema: inSchema, name: answer } },
      ]);
      expect(plan.notices).toMatchObject([
        { rule: 'table-name-completed', message: expect.stringContaining('notes is created as') as string },
        { rule: 'table-name-completed' },
      ]);
    });

    it('of tables that change', async () => {
      const text = 'migration_type: rename_table\ntable_name: posts\nnew_name: articles\n';
      const { changes } = await resolved(text, schema, names);
      expect(changes).toMatchObject([
        {
          kind: 'rename-table',
          table: { schema: inSchema, name: `${names.prefix}posts` },
          to: `${names.prefix}articles`,
        },
      ]);
    });
  },
);

it('what the plan says in full stays as it is', async () => {
  const schema = posts('public', 'shop_posts');
  const inOther = NEW.replace('table_name', 'schema: public\ntable_name').replace(
    'posts(id)',
    'shop_posts(id)',
  );
  const { changes } = await resolved(inOther, schema, PREFIX);
  expect(changes).toMatchObject([{ table: { name: 'notes' } }]);
  const whole = await resolved(NEW.replace('notes', 'shop_notes'), schema, PREFIX);
  expect(whole.changes).toMatchObject([{ table: { name: 'shop_notes' } }]);
  expect(whole.plan.notices).toEqual([]);
});

it('a name without the prefix is as the source has it', () => {
  expect(withoutAffixes('shop_posts', PREFIX)).toBe('posts');
  expect(withoutAffixes('posts', PREFIX)).toBe('posts');
  expect(withoutAffixes('shop_', PREFIX)).toBe('shop_');
});
