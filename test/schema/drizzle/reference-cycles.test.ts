import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, foreignKey, name, table } from './memory-project.ts';

const ROOT = mkdtempSync(join(import.meta.dirname, '../../../node_modules/.cycles-'));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));
beforeAll(loadSqlParser);

const CORE = "import { foreignKey, integer, jsonb, pgTable } from 'drizzle-orm/pg-core';\n";
const id = column('id', 'integer', { notNull: true });
const key = (from: string, to: string): Change => ({
  kind: 'add-foreign-key',
  table: name(from),
  foreignKey: foreignKey(from, to, `${to}_id`),
});
const create = (from: string, to: string): Change => ({
  kind: 'create-table',
  table: table(from, [id, column(`${to}_id`, 'integer')]),
  domain: undefined,
});
const a = "export const a = pgTable('a', { id: integer('id'), b_id: integer('b_id') });\n";

/** Projects by what they show: their texts and changes, and how often a type must come to be written in them. */
const CASES: Record<string, [texts: Record<string, string>, changes: Change[], written: number]> = {
  'a key that closes a cycle of two': [
    {
      's.ts': `${CORE}${a}export const b = pgTable('b', { id: integer('id'), aId: integer().references(() => a.id) });\n`,
    },
    [key('a', 'b')],
    1,
  ],
  'two new tables that refer to each other': [
    {
      's.ts': `${CORE}export const c = pgTable('c', { id: integer('id') });\nexport const d = pgTable('d', { id: integer('id') });\n`,
    },
    [create('a', 'b'), create('b', 'a'), key('a', 'b'), key('b', 'a')],
    1,
  ],
  'a table that refers to itself': [{ 's.ts': CORE + a }, [create('e', 'e'), key('e', 'e')], 1],
  'a cycle of three, through a barrel and a namespace': [
    {
      'index.ts': "export * from './a.js';\nexport * from './b.js';\nexport * from './c.js';\n",
      'a.ts': CORE + a,
      'b.ts': `${CORE}import { c as third } from './index.js';\nexport const b = pgTable('b', { id: integer('id'), cId: integer().references(() => third.id) });\n`,
      'c.ts': `${CORE}import * as all from './index.js';\nexport const c = pgTable('c', { id: integer('id'), aId: integer() }, (t) => [foreignKey({ columns: [t.aId], foreignColumns: [all.a.id] })]);\n`,
    },
    [key('a', 'b')],
    1,
  ],
  'a cycle through columns that are spread in': [
    {
      's.ts': `${CORE}${a}const owned = () => ({ aId: integer().references(() => a.id) });\nexport const b = pgTable('b', { id: integer('id'), ...owned() });\n`,
    },
    [key('a', 'b')],
    1,
  ],
  'a cycle through the row type of a JSON column': [
    {
      's.ts': `${CORE}${a}type A = typeof a.$inferSelect;\nexport const b = pgTable('b', { id: integer('id'), was: jsonb().$type<A>() });\n`,
    },
    [key('a', 'b')],
    1,
  ],
  'columns made by a callback': [
    {
      's.ts': `${CORE}export const a = pgTable('a', (t) => ({ id: t.integer('id'), b_id: t.integer('b_id') }));\nexport const b = pgTable('b', (t) => ({ id: t.integer('id'), aId: t.integer().references(() => a.id) }));\n`,
    },
    [key('a', 'b')],
    1,
  ],
  'keys in third arguments that are objects': [
    {
      's.ts': `${CORE}export const a = pgTable('a', { id: integer('id'), b_id: integer('b_id') }, t => ({}));\nexport const b = pgTable('b', { id: integer('id'), aId: integer() }, (t) => ({ fk: foreignKey({ columns: [t.aId], foreignColumns: [a.id] }) }));\n`,
    },
    [{ ...key('a', 'b'), foreignKey: { ...foreignKey('a', 'b', 'b_id'), named: true } } as Change],
    1,
  ],
  'a cycle that is broken already': [
    {
      's.ts': `import { type AnyPgColumn, integer, pgTable } from 'drizzle-orm/pg-core';\n${a}export const b = pgTable('b', { id: integer('id'), aId: integer().references((): AnyPgColumn => a.id) });\n`,
    },
    [key('a', 'b')],
    0,
  ],
  'no cycle': [
    { 's.ts': `${CORE}${a}export const b = pgTable('b', { id: integer('id') });\n` },
    [key('a', 'b')],
    0,
  ],
};

const edited = (label: string): Record<string, string> => {
  const [texts, changes] = CASES[label]!;
  const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/p/${path}`, text]));
  const result = edit(files, changes, {
    resolveImport: (_, from) => from.replace(/^\.(.*)\.js$/, '/p$1.ts'),
  });
  const written = Object.fromEntries(result.edits.map(({ path, after }) => [path.slice(3), after!]));
  return { ...texts, ...written };
};
const typesIn = (texts: Record<string, string>) =>
  Object.values(texts)
    .join('')
    .match(/\): (AnyPgColumn|PgTableExtraConfig)/g)?.length ?? 0;

describe('a type is written only where a new key closes a cycle', () => {
  it.each(Object.keys(CASES))('%s', (label) => {
    const [texts, , written] = CASES[label]!;
    expect(typesIn(edited(label)) - typesIn(texts)).toBe(written);
  });

  it('and tsc is content with every one of them', () => {
    for (const [index, label] of Object.keys(CASES).entries())
      for (const [path, text] of Object.entries(edited(label))) write(`${index}/${path}`, text);
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', skipLibCheck: true, types: [] };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*/*.ts'] }));
    write('package.json', '{"type":"module"}');
    const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');
    const { stdout } = spawnSync(tsc, ['-p', ROOT], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
