import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const TABLE = { schema: 'public', name: 'notes' };

/** What \`at\` is written as once it has another type; \`others\` are columns that show how times are read here. */
function retyped(from: string, to: string, written: string, others = ''): string {
  const at = column('at', from);
  const { text } = edit(
    {
      '/p/schema.ts': `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';\nexport const notes = pgTable('notes', {\n  at: ${written},\n${others}});\n`,
    },
    [{ kind: 'alter-column', table: TABLE, column: at, type: { to } }],
    { before: { ...EMPTY, tables: [table('notes', [at])] } },
  );
  return /\n  at: (.*),\n/.exec(text('/p/schema.ts') ?? '')?.[1] ?? '';
}

it.each([
  ['$defaultFn', '$defaultFn(() => new Date().toISOString())', '$defaultFn(() => new Date())'],
  ['$default', '$default(() => new Date().toISOString())', '$default(() => new Date())'],
  ['$onUpdate', '$onUpdate(() => new Date().toISOString())', '$onUpdate(() => new Date())'],
  ['$onUpdateFn', '$onUpdateFn(() => (new Date().toISOString()))', '$onUpdateFn(() => (new Date()))'],
])('the time that %s gives is a Date where the column is one', (_, before, after) => {
  expect(retyped('text', 'timestamptz', `text('at').${before}`)).toBe(
    `timestamp('at', { withTimezone: true }).${after}`,
  );
});

it('and a text where the column is one', () => {
  expect(retyped('timestamp', 'text', `timestamp('at').$defaultFn(() => new Date())`)).toBe(
    `text('at').$defaultFn(() => new Date().toISOString())`,
  );
});

it('it stays where the project reads times as texts', () => {
  const mode = `  seen: timestamp('seen', { mode: 'string' }),\n`;
  expect(retyped('text', 'timestamp', `text('at').$defaultFn(() => new Date().toISOString())`, mode)).toBe(
    `timestamp('at', { mode: 'string' }).$defaultFn(() => new Date().toISOString())`,
  );
});

it('a function of the project stays as it is', () => {
  expect(retyped('text', 'timestamp', `text('at').$defaultFn(() => now())`)).toBe(
    `timestamp('at').$defaultFn(() => now())`,
  );
});
