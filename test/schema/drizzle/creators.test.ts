import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import type { TableDef } from '../../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, foreignKey, index, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const KEY = { primaryKey: { name: 'pk', columns: ['id'], named: false } };
const ID = column('id', 'uuid', { notNull: true, default: 'gen_random_uuid()' });
const MADE_AT = column('made_at', 'timestamp', { notNull: true, default: 'now()' });
const LABEL = column('label', 'text');
const IMPORTS = `import { pgPolicy, pgSchema, pgTable, pgTableCreator, text, timestamp, uuid } from 'drizzle-orm/pg-core';\n`;

const ADDED = `id: uuid('id').primaryKey().defaultRandom(), madeAt: timestamp('made_at').notNull().defaultNow()`;
/** Ways to write a function that makes tables with columns of its own. */
const WRAPPERS: Readonly<Record<string, string>> = {
  'a function': `function owned(name, columns, extras) { return pgTable(name, { ${ADDED}, ...columns }, extras); }`,
  'an arrow function': `const owned = (name, columns, extras) => pgTable(name, { ...columns, ${ADDED} }, extras);`,
  'a function with a constant inside': `function owned(name, columns, extras) { const all = { ${ADDED}, ...columns }; return pgTable(name, all, extras); }`,
  'a function with a shared object': `const base = { ${ADDED} };\nconst owned = (name, columns, extras) => pgTable(name, { ...base, ...columns }, extras);`,
  'a function over another one': `const plain = (name, columns, extras) => pgTable(name, { ${ADDED}, ...columns }, extras);\nconst owned = (name, columns, extras) => plain(name, columns, extras);`,
};

function edited(source: string, known: readonly TableDef[], change: Change) {
  const { text, notices } = edit({ '/p/schema.ts': source }, [change], {
    before: { ...EMPTY, tables: known },
  });
  return { text: text('/p/schema.ts') ?? '', notices };
}

const addLabel = (name: string, schema = 'public'): Change => ({
  kind: 'add-column',
  table: { schema, name },
  column: LABEL,
});
const create = (made: TableDef): Change => ({ kind: 'create-table', domain: undefined, table: made });
const last = (text: string) => text.trim().split('\n\n').at(-1);

describe.each(Object.entries(WRAPPERS))('tables made by %s', (_, wrapper) => {
  const source = `${IMPORTS}\n${wrapper}\n\nexport const rooms = owned('rooms', { name: text('name') });\n`;
  const rooms = table('rooms', [ID, MADE_AT, column('name', 'text')], KEY);

  it('are edited in what their own call says', () => {
    const { text } = edited(source, [rooms], addLabel('rooms'));
    expect(text).toContain(`owned('rooms', { name: text('name'), label: text('label') });`);
  });

  it('are referred to by the columns that the function adds', () => {
    const desks = table('desks', [column('room_id', 'uuid')], {
      foreignKeys: [foreignKey('desks', 'rooms', 'room_id')],
    });
    expect(edited(source, [rooms], create(desks)).text).toContain(
      `roomId: uuid('room_id').references(() => rooms.id)`,
    );
  });

  it('have new neighbours made in the same way, where the plan has what the function adds', () => {
    const desks = table('desks', [ID, LABEL, MADE_AT], {
      ...KEY,
      indexes: [index('desks_made_at_idx', ['made_at'])],
    });
    const { text, notices } = edited(source, [rooms], create(desks));
    expect(last(text)).toBe(
      [
        'export const desks = owned(',
        "  'desks',",
        '  {',
        "    label: text('label'),",
        '  },',
        "  (table) => [index('desks_made_at_idx').on(table.madeAt)],",
        ');',
      ].join('\n'),
    );
    expect(notices).toEqual([]);
  });

  it('have other neighbours where it has not, and that is said', () => {
    const desks = table('desks', [ID, LABEL], KEY);
    const { text, notices } = edited(source, [rooms], create(desks));
    expect(last(text)).toContain(`export const desks = pgTable('desks', {`);
    expect(notices).toMatchObject([
      { rule: 'made-without-helper', message: expect.stringContaining('owned adds made_at') as string },
    ]);
  });
});

it('a function that takes no constraints is said to, and none are given to it', () => {
  const source = `${IMPORTS}const owned = (name, columns) => pgTable(name, { ${ADDED}, ...columns });
export const rooms = owned('rooms', { name: text('name') });\n`;
  const rooms = table('rooms', [ID, MADE_AT, column('name', 'text')], KEY);
  const added = { kind: 'add-index', table: rooms, index: index('rooms_name_idx', ['name']) } as const;
  expect(() => edited(source, [rooms], added)).toThrow('owned, which makes rooms, takes no indexes');
});

it('columns that several tables share are not edited for one of them', () => {
  const source = `${IMPORTS}const base = { ${ADDED} };
const owned = (name) => pgTable(name, base);
export const rooms = owned('rooms');
export const desks = pgTable('desks', base);\n`;
  for (const name of ['rooms', 'desks'])
    expect(() => edited(source, [table(name, [ID, MADE_AT], KEY)], addLabel(name))).toThrow(
      `the columns of ${name} are not listed in its declaration`,
    );
});

const RENAMED: Readonly<Record<string, readonly [source: string, callee: string, schema: string]>> = {
  'another name for a schema’s factory': [
    `const app = pgSchema('app');\nconst make = app.table;`,
    'make',
    'app',
  ],
  'another name for pgTable': ['const make = pgTable;', 'make', 'public'],
  'a function over a schema': [
    `const app = pgSchema('app');\nconst make = (name, columns) => app.table(name, columns);`,
    'make',
    'app',
  ],
};

describe.each(Object.entries(RENAMED))('%s', (_, [source, callee, schema]) => {
  const rooms = { ...table('rooms', [ID], KEY), schema };
  const whole = `${IMPORTS}${source}\n\nexport const rooms = ${callee}('rooms', {\n  id: uuid('id').primaryKey().defaultRandom(),\n});\n`;

  it('makes tables that are found and new ones', () => {
    expect(edited(whole, [rooms], addLabel('rooms', schema)).text).toContain(`  label: text('label'),\n});`);
    const desks = { ...table('desks', [ID], KEY), schema };
    expect(last(edited(whole, [rooms], create(desks)).text)).toContain(
      `export const desks = ${callee}('desks', {`,
    );
  });
});

const AFFIXES: Readonly<Record<string, string>> = {
  'a variable of the environment': '(name) => `${process.env.PREFIX}${name}`',
  'a function that decides': `(name) => (name.length > 20 ? name : 'acme_' + name)`,
};

it.each(Object.entries(AFFIXES))('a prefix that comes from %s is read from the tables', (_, callback) => {
  const source = `${IMPORTS}const make = pgTableCreator(${callback});

export const rooms = make('rooms', {\n  id: uuid('id').primaryKey().defaultRandom(),\n});
export const desks = make('desks', {\n  id: uuid('id').primaryKey().defaultRandom(),\n});\n`;
  const known = [table('acme_rooms', [ID], KEY), table('acme_desks', [ID], KEY), table('old_rooms', [])];
  expect(edited(source, known, addLabel('acme_rooms')).text).toContain(`  label: text('label'),\n});`);
  expect(last(edited(source, known, create(table('acme_lamps', [ID], KEY))).text)).toContain(
    `export const lamps = make('lamps', {`,
  );
});

const PROTECTED: Readonly<Record<string, readonly [before: string, table: string, said: string]>> = {
  'a policy of its own': ['', `pgTable('rooms', {}, (t) => [pgPolicy('own')])`, "pgPolicy('own')"],
  'a policy by a helper': [
    `const ownRows = (t) => pgPolicy('own');\n`,
    `pgTable('rooms', {}, (t) => [ownRows(t)])`,
    'ownRows(t)',
  ],
  'policies that are spread': [
    `const ownRows = (t) => [pgPolicy('own')];\n`,
    `pgTable('rooms', {}, (t) => [...ownRows(t)])`,
    '...ownRows(t)',
  ],
  'row level security': ['', `pgTable('rooms', {}).enableRLS()`, '.enableRLS()'],
  'a function that adds policies': [
    `const owned = (name, columns) => pgTable(name, columns, (t) => [pgPolicy('own')]);\n`,
    `owned('rooms', {})`,
    'owned()',
  ],
};

it.each(Object.entries(PROTECTED))(
  'a new table beside one with %s is said to be without',
  (_, [before, made, said]) => {
    const source = `${IMPORTS}${before}\nexport const rooms = ${made};\n`;
    const change = create(table('desks', [ID], KEY));
    const { notices } = edited(source, [table('rooms', [])], change);
    expect(notices.find(({ rule }) => rule === 'new-table-without-policies')).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining(`every other table of its file has it (${said})`) as string,
    });
    const mixed = `${source}export const lamps = pgTable('lamps', {});\n`;
    const { notices: none } = edited(mixed, [table('rooms', []), table('lamps', [])], change);
    expect(none.filter(({ rule }) => rule === 'new-table-without-policies')).toEqual([]);
  },
);
