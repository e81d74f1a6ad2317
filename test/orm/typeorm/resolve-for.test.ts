import { beforeAll, expect, it } from 'vitest';
import type { WantedName } from '../../../src/orm/typeorm/child/child.ts';
import { resolveForTypeorm } from '../../../src/orm/typeorm/resolve-for.ts';
import type { DatabaseSchema, IndexDef } from '../../../src/plan/database-schema.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

/** A strategy whose names say what was asked. */
const asked: WantedName[] = [];
async function ask(wanted: readonly WantedName[]): Promise<string[]> {
  asked.push(...wanted);
  return wanted.map(
    (name) => `${name.kind}:${name.table}:${'columns' in name ? name.columns.join('+') : ''}`,
  );
}

const index = (name: string, column: string): IndexDef => ({
  name,
  unique: false,
  columns: [{ expression: column, isExpression: false, order: 'asc', nulls: 'last' }],
  using: 'btree',
  concurrently: false,
});

function schema(indexes: readonly IndexDef[] = []): DatabaseSchema {
  const users = {
    schema: 'public',
    name: 'users',
    columns: [
      { name: 'id', type: 'serial', notNull: true },
      { name: 'name', type: 'text', notNull: false },
    ],
    primaryKey: { name: 'primary-key:users:id', named: false, columns: ['id'] },
    uniques: [],
    indexes,
    foreignKeys: [],
    checks: [],
  };
  return { tables: [users], enums: [], schemas: [], views: [] };
}

async function resolve(text: string, current = schema(), migrations: readonly string[] = []) {
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  return resolveForTypeorm(plan, current, { ask, version: '1.1.1', migrations, conventions: current });
}

const TEAMS = `migration_type: new_table
table_name: teams
fields:
  - { name: id, type: serial, constraints: [PRIMARY KEY] }
  - { name: owner_id, type: integer, constraints: [NOT NULL, UNIQUE] }
foreign_keys: [{ field: owner_id, references: users(id) }]
`;

it("takes the names of keys from the project's own strategy, in one question", async () => {
  asked.length = 0;
  const { changes } = await resolve(TEAMS);
  expect(changes).toMatchObject([
    {
      kind: 'create-table',
      table: {
        primaryKey: { name: 'primary-key:teams:id', named: false },
        uniques: [{ name: 'unique:teams:owner_id', named: false }],
        foreignKeys: [{ name: 'foreign-key:teams:owner_id', named: false }],
      },
    },
  ]);
  expect(asked).toHaveLength(3);
});

const ADD_INDEX = `migration_type: modify_existing
table_name: users
changes:
  add_indexes: [{ fields: [name], type: index }]
`;

it.each([
  ['`{table}_{columns}_idx` where nothing shows a habit', [], 'users_name_idx'],
  ['as the others are called', [index('ix_users_id', 'id')], 'ix_users_name'],
  [
    'as TypeORM derives it where the others are',
    [index('IDX_0123456789abcdef0123456789', 'id')],
    'index:users:name',
  ],
])('calls an index %s', async (_, indexes, name) => {
  const { changes } = await resolve(ADD_INDEX, schema(indexes));
  expect(changes).toMatchObject([{ kind: 'add-index', index: { name } }]);
});

const NEW_ENUM = 'migration_type: new_enum\nenum_name: users_role_enum\nvalues: [a, b]\n';

it('refuses an enum that stands alone, and takes one that a column of the plan has', async () => {
  await expect(resolve(NEW_ENUM)).rejects.toMatchObject({
    code: 'plan-not-supported',
    message: expect.stringContaining('TypeORM 1.1 has no enums of their own'),
  });
  const column = `migration_type: modify_existing
table_name: users
changes:
  add_columns: [{ name: role, type: users_role_enum }]
`;
  const { changes } = await resolve(`${NEW_ENUM}---\n${column}`);
  expect(changes.map(({ kind }) => kind)).toEqual(['create-enum', 'add-column']);
});

it('counts a drop as done where a migration speaks of it', async () => {
  const drop = 'migration_type: modify_existing\ntable_name: users\nchanges:\n  drop_columns: [nick]\n';
  await expect(resolve(drop)).rejects.toMatchObject({ code: 'plan-conflict' });
  const past = ['await q.query(`ALTER TABLE "users" DROP COLUMN "nick"`)'];
  expect((await resolve(drop, schema(), past)).changes).toEqual([]);
});

it('leaves a serial column alone that holds the type already', async () => {
  const widen = (type: string) =>
    `migration_type: modify_existing\ntable_name: users\nchanges:\n  modify_columns: [{ name: id, old_type: integer, new_type: ${type} }]\n`;
  expect((await resolve(widen('integer'))).changes).toEqual([]);
  expect((await resolve(widen('bigint'))).changes).toMatchObject([{ type: { to: 'bigint' } }]);
});
