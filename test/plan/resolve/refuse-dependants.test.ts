import { expect, it } from 'vitest';
import { drizzleCapabilities } from '../../../src/orm/drizzle/capabilities.ts';
import type { DatabaseSchema } from '../../../src/plan/database-schema.ts';
import type { Dependant } from '../../../src/plan/dependants.ts';
import { drizzleNaming } from '../../../src/plan/naming.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';

const DOCS = { schema: 'public', name: 'docs' };
const column = (name: string, generated?: string) => ({
  name,
  type: 'text',
  notNull: false,
  ...(generated === undefined ? {} : { generated }),
});
const SCHEMA: DatabaseSchema = {
  tables: [
    {
      ...DOCS,
      columns: [
        column('id'),
        column('title'),
        column('body'),
        column('lowered', 'lower(body)'),
        column('free'),
      ],
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    },
  ],
  enums: [],
  schemas: [],
  views: [],
};
const DEPENDANTS: readonly Dependant[] = [
  { kind: 'view', name: 'titles', standsOn: [{ table: DOCS, columns: ['title'] }] },
  { kind: 'materialized view', name: 'counted', standsOn: [{ table: DOCS, columns: 'all' }] },
  { kind: 'policy', name: 'mine', of: DOCS, standsOn: [{ table: DOCS, columns: ['title'] }] },
];

async function refused(text: string) {
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const resolving = resolvePlan(plan, SCHEMA, {
    naming: drizzleNaming(SCHEMA),
    capabilities: drizzleCapabilities,
    hadName: () => false,
    dependants: async () => DEPENDANTS,
  });
  return resolving.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string; hint: string; at: object },
  );
}

const modify = (changes: string) =>
  `migration_type: modify_existing\ntable_name: docs\nchanges:\n  ${changes}\n`;

it('a column that a view and a policy stand on is neither dropped nor given another type', async () => {
  const dropped = await refused(modify('drop_columns: [title]'));
  expect(dropped).toMatchObject({ code: 'plan-conflict', at: { line: 4, column: 18 } });
  expect(dropped?.message).toBe(
    'docs.title cannot be dropped while the view titles, the policy mine of docs stand on it',
  );
  expect(dropped?.hint).toContain('Drop view titles, policy mine of docs in a migration before this one');
  const retyped = await refused(modify("modify_columns: [{ name: title, new_type: 'varchar(9)' }]"));
  expect(retyped?.message).toContain(
    'docs.title cannot be given another type while the view titles, the policy',
  );
});

it('a column that another one is computed from gets no other type', async () => {
  const retyped = await refused(modify("modify_columns: [{ name: body, new_type: 'varchar(9)' }]"));
  expect(retyped?.message).toBe(
    'docs.body cannot be given another type while the generated column lowered of docs stands on it',
  );
  expect(retyped?.hint).toContain('Drop generated column lowered of docs in the same plan');
});

it('a table is dropped with its own policies, and not with the views that read it', async () => {
  const dropped = await refused('migration_type: drop_table\ntable_name: docs\n');
  expect(dropped?.message).toBe(
    'the table docs cannot be dropped while the view titles, the materialized view counted stand on it',
  );
});

it('names that the plan changes first are known by their old ones', async () => {
  const renamed = await refused(
    modify(
      "rename_columns: [{ from: title, to: label }]\n  modify_columns: [{ name: label, new_type: 'varchar(9)' }]",
    ),
  );
  expect(renamed?.message).toContain('cannot be given another type while the view titles');
});

it('what nothing stands on is free, and so are other changes', async () => {
  expect(await refused(modify('drop_columns: [free]'))).toBeUndefined();
  expect(await refused(modify('modify_columns: [{ name: title, nullable: false }]'))).toBeUndefined();
  expect(await refused(modify('rename_columns: [{ from: title, to: label }]'))).toBeUndefined();
  expect(
    await refused(
      modify('drop_columns: [lowered]\n  modify_columns: [{ name: body, new_type: varchar(9) }]'),
    ),
  ).toBeUndefined();
});
