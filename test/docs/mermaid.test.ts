import { expect, it } from 'vitest';
import type { ColumnDef, DatabaseSchema, TableDef } from '../../src/plan/database-schema.ts';
import { entityDiagram } from '../../src/docs/mermaid.ts';
import { parsedDiagram } from './parsed-diagram.ts';

const table = (name: string, more: Partial<TableDef> = {}): TableDef => ({
  schema: 'public',
  name,
  columns: [],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  ...more,
});
const column = (name: string, type = 'uuid', notNull = false): ColumnDef => ({ name, type, notNull });
const key = (columns: string[], to: string): TableDef['foreignKeys'][number] => ({
  name: 'fk',
  named: false,
  columns,
  references: { schema: 'public', name: to, columns: ['id'] },
  onDelete: 'no action',
  onUpdate: 'no action',
});
const parse = (...tables: TableDef[]) => {
  const schema: DatabaseSchema = { tables, enums: [], schemas: [], views: [] };
  return parsedDiagram(entityDiagram(schema, tables));
};

it('gives every column its type and its marks', async () => {
  const { entities } = await parse(
    table('users', {
      columns: [column('id', 'uuid', true), column('email', 'character varying(255)'), column('team_id')],
      primaryKey: { name: 'pk', named: false, columns: ['id'] },
      uniques: [{ name: 'u', named: false, columns: ['email'], nullsNotDistinct: false }],
      foreignKeys: [key(['team_id'], 'teams')],
    }),
  );
  expect(entities).toEqual({
    users: ['uuid id PK', 'varchar(255) email UK', 'uuid team_id FK'],
    teams: [],
  });
});

const unique = { name: 'u', named: false, columns: ['user_id'], nullsNotDistinct: false };
const index = {
  name: 'i',
  unique: true,
  using: 'btree',
  concurrently: false,
  columns: [{ expression: 'user_id', isExpression: false, order: 'asc', nulls: 'last' } as const],
};

it.each<[string, boolean, Partial<TableDef>, string]>([
  ['many to one', true, {}, 'ZERO_OR_MORE--ONLY_ONE'],
  ['many to one or none where the key may be NULL', false, {}, 'ZERO_OR_MORE--ZERO_OR_ONE'],
  ['one to one where a constraint says so', true, { uniques: [unique] }, 'ZERO_OR_ONE--ONLY_ONE'],
  ['one to one where a unique index says so', true, { indexes: [index] }, 'ZERO_OR_ONE--ONLY_ONE'],
  [
    'many where the unique index is partial',
    true,
    { indexes: [{ ...index, where: 'x' }] },
    'ZERO_OR_MORE--ONLY_ONE',
  ],
  [
    'many where the key is one part of what is unique',
    true,
    { uniques: [{ ...unique, columns: ['user_id', 'kind'] }] },
    'ZERO_OR_MORE--ONLY_ONE',
  ],
  [
    'one to one where the key is the primary key',
    false,
    { primaryKey: { name: 'p', named: false, columns: ['user_id'] } },
    'ZERO_OR_ONE--ONLY_ONE',
  ],
])('a relation is %s', async (_, notNull, more, expected) => {
  const { relations } = await parse(
    table('profiles', {
      columns: [column('user_id', 'uuid', notNull)],
      foreignKeys: [key(['user_id'], 'users')],
      ...more,
    }),
  );
  expect(relations).toEqual([`profiles ${expected} users: user_id`]);
});

it.each([
  ['numeric(10,2)', 'numeric(10_2) x numeric(10,2)'],
  ['text[]', 'text[] x'],
  ['timestamp with time zone', 'timestamptz x'],
  ['timestamp(3) with time zone', 'timestamptz(3) x'],
  ['double precision', 'double_precision x'],
  ['billing.state', 'billing_state x billing.state'],
  ['"Mood Kind"', 'Mood_Kind x'],
  ['"Mood"', 'Mood x'],
  ['"Mood"[]', 'Mood[] x'],
  ['pk', '_pk x pk'],
  ['2fa', '_2fa x 2fa'],
])('the type %s is shown as %s', async (type, expected) => {
  expect((await parse(table('t', { columns: [column('x', type)] }))).entities).toEqual({ t: [expected] });
});

it.each([
  ['größe', 'größe'],
  ['統計', '統計'],
  ['कीमत', 'कीमत'],
  ['𝔘id', '𝔘id'],
  ['end', 'end'],
  ['type_', 'type_'],
  ['__proto__', '__proto__'],
  ['PK', '_PK PK'],
  ['uk-code', '_uk-code uk-code'],
  ['fkä', '_fkä fkä'],
  ['1st', '_1st 1st'],
  ['-', '_- -'],
  ['a b', 'a_b a b'],
  ['a"b', 'a_b a"b'],
  ['100%', '100_ 100%'],
  ['a~b~', 'a_b_ a~b~'],
  ['½', '_ ½'],
  ['😀', '_ 😀'],
  ['x\ny', 'x_y x y'],
])('the column %j is shown as %s', async (name, expected) => {
  const shown = expected.startsWith('100_') ? `_${expected}` : expected;
  expect((await parse(table('t', { columns: [column(name)] }))).entities).toEqual({ t: [`uuid ${shown}`] });
});

it.each([
  'order items',
  'a"b',
  "it's",
  '100%',
  'back\\slash',
  'a#b;',
  '#quot;',
  '{}',
  '[x]',
  'end',
  'title',
  'erDiagram',
  'direction tb',
  'x direction  LR',
  '__proto__',
  'constructor',
  'ünïcode 統計 😀',
  '```',
  '<script>',
  '%%{init: {}}%%',
])('a table may be called %s', async (name) => {
  const { entities, relations } = await parse(
    table(name, { columns: [column('id'), column('up')], foreignKeys: [key(['up'], name)] }),
  );
  const shown = name.replaceAll(/\s+/g, ' ');
  expect(Object.keys(entities)).toEqual([shown]);
  expect(relations).toEqual([`${shown} ZERO_OR_MORE--ZERO_OR_ONE ${shown}: up`]);
});
