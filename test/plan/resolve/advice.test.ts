import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drizzleCapabilities } from '../../../src/orm/drizzle/capabilities.ts';
import { readSnapshot } from '../../../src/orm/drizzle/snapshot.ts';
import type { Notice } from '../../../src/plan/change.ts';
import { drizzleNaming } from '../../../src/plan/naming.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';

const shop = readSnapshot(
  JSON.parse(
    readFileSync(new URL('../../fixtures/unresolvable-plans/snapshot.json', import.meta.url), 'utf8'),
  ),
);

async function warnings(text: string): Promise<Notice[]> {
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const { notices } = await resolvePlan(plan, shop, {
    naming: drizzleNaming(shop),
    capabilities: drizzleCapabilities,
    hadName: () => false,
  });
  return notices.filter(({ rule }) => rule === 'set-null-on-not-null');
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
