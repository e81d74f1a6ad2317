import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drizzleCapabilities } from '../../../src/orm/drizzle/capabilities.ts';
import { readSnapshot } from '../../../src/orm/drizzle/snapshot.ts';
import type { Notice } from '../../../src/plan/change.ts';
import type { DatabaseSchema } from '../../../src/plan/database-schema.ts';
import { drizzleNaming } from '../../../src/plan/naming.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';

const shop = readSnapshot(
  JSON.parse(
    readFileSync(new URL('../../fixtures/unresolvable-plans/snapshot.json', import.meta.url), 'utf8'),
  ),
);

async function noticesOf(text: string, schema: DatabaseSchema): Promise<readonly Notice[]> {
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const { notices } = await resolvePlan(plan, schema, {
    naming: drizzleNaming(schema),
    capabilities: drizzleCapabilities,
    hadName: () => false,
  });
  return notices;
}

async function warnings(text: string): Promise<Notice[]> {
  return (await noticesOf(text, shop)).filter(({ rule }) => rule === 'set-null-on-not-null');
}

const newTable = (constraints: string): string =>
  `migration_type: new_table\ntable_name: notes\nfields:\n  - { name: id, type: uuid, constraints: [PRIMARY KEY] }\n  - { name: category_id, type: uuid, constraints: [${constraints}] }\n`;
const modify = (changes: string): string =>
  `migration_type: modify_existing\ntable_name: products\nchanges:\n  ${changes}\n`;

it('warns where a foreign key would write NULL into a column that is NOT NULL', async () => {
  expect(await warnings(newTable('NOT NULL, REFERENCES categories(id) ON DELETE SET NULL'))).toEqual([
    {
      severity: 'warning',
      rule: 'set-null-on-not-null',
      message:
        'ON DELETE SET NULL of notes_category_id_categories_id_fk writes NULL into notes.category_id, which is NOT NULL: such a DELETE will fail',
      file: 'plan.yaml',
      line: 5,
    },
  ]);
  const added =
    "add_columns: [{ name: other_id, type: uuid, nullable: false, references: 'categories(id)', on_delete: SET DEFAULT }]";
  expect(await warnings(modify(added))).toMatchObject([{ rule: 'set-null-on-not-null', line: 4 }]);
});

it('says nothing where the column takes NULL, or the default is there', async () => {
  expect(await warnings(newTable('REFERENCES categories(id) ON DELETE SET NULL'))).toEqual([]);
  const withDefault = 'NOT NULL, DEFAULT gen_random_uuid(), REFERENCES categories(id) ON DELETE SET DEFAULT';
  expect(await warnings(newTable(withDefault))).toEqual([]);
});

it('warns where a key or a column is changed to that', async () => {
  const keyed = (rest: string): string =>
    `${modify(`add_columns: [{ name: other_id, type: uuid, ${rest} references: 'categories(id)', on_delete: SET NULL }]`)}`;
  const toNotNull = `${keyed('')}---\n${modify('modify_columns: [{ name: other_id, nullable: false }]')}`;
  expect(await warnings(toNotNull)).toMatchObject([{ rule: 'set-null-on-not-null', line: 9 }]);
});

describe('a new table without timestamps', () => {
  const columns = (...names: string[]) =>
    names.map((name) => ({ name, type: /text/.test(name) ? 'text' : 'timestamptz', notNull: true }));
  const project = (...tables: string[][]): DatabaseSchema => ({
    tables: tables.map((names, index) => ({
      schema: 'public',
      name: `t${index}`,
      columns: columns(...names),
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    })),
    enums: [],
    schemas: [],
    views: [],
  });
  const told = async (column: string, schema: DatabaseSchema) => {
    const plan = `migration_type: new_table\ntable_name: notes\nfields:\n  - { name: ${column}, type: timestamptz }\n`;
    return (await noticesOf(plan, schema)).some(({ rule }) => rule === 'no-timestamps');
  };

  it('is told so beside tables that have them, whatever they call them', async () => {
    expect(await told('due', project(['created_at'], ['updatedAt'], ['text']))).toBe(true);
    expect(await told('due', project(['createdDate']))).toBe(true);
    expect(await told('due', project())).toBe(true);
  });

  it('is not told so where most tables have none', async () => {
    expect(await told('due', project(['text'], ['due'], ['created_at']))).toBe(false);
  });

  it.each(['created', 'createdDate', 'date_created', 'inserted_at', 'lastModified', 'updated_time'])(
    'is not told so where it has one: %s',
    async (name) => {
      expect(await told(name, project(['created_at']))).toBe(false);
    },
  );

  it.each(['created_by_system_until', 'recreated', 'due'])('%s is none', async (name) => {
    expect(await told(name, project(['created_at']))).toBe(true);
  });
});
