import { describe, expect, it } from 'vitest';
import { column, edit, EMPTY, table } from './memory-project.ts';

const LABEL = column('label', 'text');

/** Ways to keep the names of tables in one place. */
const NAMES: Readonly<Record<string, string>> = {
  'an object': "export const TABLES = { users: 'users', 'order-items': 'order_items' } as const;",
  'a frozen type of one':
    "export const TABLES = { users: 'users', 'order-items': 'order_items' } satisfies Record<string, string>;",
  'an enum': "export enum TABLES { users = 'users', 'order-items' = 'order_items' }",
};

describe.each(Object.entries(NAMES))('a table that takes its name from %s', (_, names) => {
  const schema = `import { pgTable, text } from 'drizzle-orm/pg-core';
import { TABLES as NAMES } from './names';

export const users = pgTable(NAMES.users, { name: text('name') });

export const items = pgTable(NAMES['order-items'], { name: text('name') });
`;

  it.each(['users', 'order_items'])('is edited: %s', (name) => {
    const known = [table('users', [column('name', 'text')]), table('order_items', [column('name', 'text')])];
    const { text } = edit(
      { '/p/schema.ts': schema, '/p/names.ts': `${names}\n` },
      [{ kind: 'add-column', table: { schema: 'public', name }, column: LABEL }],
      { before: { ...EMPTY, tables: known } },
    );
    const [users = '', items = ''] = (text('/p/schema.ts') ?? '').split('export const items');
    expect(name === 'users' ? users : items).toContain("label: text('label')");
    expect(name === 'users' ? items : users).not.toContain('label');
  });
});

it('a name that is no text of a constant is none', () => {
  const schema = `import { pgTable, text } from 'drizzle-orm/pg-core';
const TABLES = { users: ['us', 'ers'].join('') };

export const users = pgTable(TABLES.users, { name: text('name') });
`;
  const change = { kind: 'add-column', table: { schema: 'public', name: 'users' }, column: LABEL } as const;
  const before = { ...EMPTY, tables: [table('users', [column('name', 'text')])] };
  expect(() => edit({ '/p/schema.ts': schema }, [change], { before })).toThrow(
    'the table users was not found in the schema source',
  );
});
