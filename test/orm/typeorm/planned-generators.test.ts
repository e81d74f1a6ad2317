import { expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { withPlannedGenerators } from '../../../src/orm/typeorm/planned-generators.ts';

const table = (schema: string) => ({
  schema,
  name: 'notes',
  columns: [
    { name: 'id', type: 'uuid', notNull: true, default: 'gen_random_uuid()' },
    { name: 'token', type: 'uuid', notNull: true, default: 'uuid_generate_v1()' },
    { name: 'other', type: 'uuid', notNull: true },
  ],
});
const created = (schema: string) => ({ kind: 'create-table', table: table(schema) }) as unknown as Change;

it('new tables and columns have the generator of the plan, and no other statement is touched', () => {
  const sql = (name: string) => ({
    sql: `CREATE TABLE ${name} ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "token" uuid NOT NULL DEFAULT uuid_generate_v4(), "other" uuid NOT NULL)`,
  });
  const planned = (name: string) =>
    `CREATE TABLE ${name} ("id" uuid NOT NULL DEFAULT gen_random_uuid(), "token" uuid NOT NULL DEFAULT uuid_generate_v1(), "other" uuid NOT NULL)`;
  expect(withPlannedGenerators([sql('"notes"'), sql('"others"')], [created('public')])).toEqual([
    { sql: planned('"notes"') },
    sql('"others"'),
  ]);
  expect(withPlannedGenerators([sql('"app"."notes"')], [created('app')])).toEqual([
    { sql: planned('"app"."notes"') },
  ]);
  const added = {
    kind: 'add-column',
    table: { schema: 'public', name: 'notes' },
    column: { name: 'key', type: 'uuid', notNull: true, default: 'gen_random_uuid()' },
  } as unknown as Change;
  expect(
    withPlannedGenerators(
      [{ sql: 'ALTER TABLE "notes" ADD "key" uuid NOT NULL DEFAULT uuid_generate_v4()' }],
      [added],
    ),
  ).toEqual([{ sql: 'ALTER TABLE "notes" ADD "key" uuid NOT NULL DEFAULT gen_random_uuid()' }]);
});
