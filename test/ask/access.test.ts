import { expect, it } from 'vitest';
import { type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';
import { makeInterview } from '../../src/ask/session.ts';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';

const schema: DatabaseSchema = {
  tables: [
    {
      schema: 'public',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', notNull: true }],
      primaryKey: { name: 'users_pkey', named: false, columns: ['id'] },
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

async function talk(script: Script, given: { readonly hasAuthentication?: boolean } = {}) {
  const asker = scriptedAsker(script);
  const interview = makeInterview({ command: 'crud', interactive: true, color: false, asker, ...given });
  const { plan } = await interview.ask(schema, async function* () {}, undefined, drizzleCapabilities);
  await interview.close();
  expect(asker.left()).toEqual([]);
  return { plan, interview, heard: asker.heard };
}

const WHO = 'Who may use the routes?';

it('asks who may use the routes of a table that is there', async () => {
  const { interview, plan } = await talk([
    ['For which table?', 'users'],
    [WHO, 'protected'],
  ]);
  expect(interview.existing).toEqual([{ schema: 'public', name: 'users' }]);
  expect(interview.authentication).toBe('protected');
  expect(plan.documents).toEqual([]);
});

it('by Enter leaves it to the other routes', async () => {
  const { interview, heard } = await talk([['For which table?', 'users']]);
  expect(heard).toContain(WHO);
  expect(interview.authentication).toBeUndefined();
});

it('writes it into the plan of a new table', async () => {
  const { plan, interview } = await talk([
    ['For which table?', 'a new table'],
    ['Table name', 'notes'],
    [WHO, 'admin'],
  ]);
  expect(plan.documents).toMatchObject([
    { migration_type: 'new_domain', table_name: 'notes', authentication: 'admin' },
  ]);
  expect(interview.equivalent(plan)).toContain("authentication: 'admin'");
});

it('does not ask where it is given', async () => {
  const { heard } = await talk([['For which table?', 'users']], { hasAuthentication: true });
  expect(heard).not.toContain(WHO);
});
