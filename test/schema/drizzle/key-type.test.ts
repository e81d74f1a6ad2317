import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, foreignKey, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const KEY = { primaryKey: { name: 'pk', columns: ['id'], named: false } };
const ID = column('id', 'text', { notNull: true });
const owned = (name: string) =>
  table(name, [ID, column('user_id', 'text')], {
    ...KEY,
    foreignKeys: [foreignKey(name, 'users', 'user_id')],
  });

const USERS = `import { pgTable, text } from 'drizzle-orm/pg-core';
import { type UserId } from './ids';
export const users = pgTable('users', { id: text('id').$type<UserId>().primaryKey() });\n`;
const post = (chain: string) => `import { pgTable, text } from 'drizzle-orm/pg-core';
import { users } from './users';
export const posts = pgTable('posts', {
  id: text('id').primaryKey(),
  userId: text('user_id')${chain}.references(() => users.id),
});\n`;

function notes(users: string, posts: string) {
  const files = {
    '/p/users.ts': users,
    '/p/posts.ts': posts,
    '/p/ids.ts': 'export type UserId = string & { of: 1 };\n',
  };
  const change = { kind: 'create-table', domain: undefined, table: owned('notes') } as const;
  const { edits } = edit(files, [change], {
    entries: ['/p/users.ts', '/p/posts.ts'],
    globMatches: () => true,
    before: { ...EMPTY, tables: [table('users', [ID], KEY), owned('posts')] },
  });
  return edits.find(({ path }) => path === '/p/notes.ts')?.after ?? '';
}

it('a column that refers to a key with a type has that type, and its import', () => {
  const text = notes(USERS, post('.$type<UserId>()'));
  expect(text).toContain(`userId: text('user_id').$type<UserId>().references(() => users.id)`);
  expect(text).toContain(`import type { UserId } from './ids';`);
});

it('a new table has no type where its neighbours say none', () => {
  expect(notes(USERS, post(''))).toContain(`userId: text('user_id').references(() => users.id)`);
});

it('a type that another file cannot have is left out', () => {
  const own = USERS.replace(/import \{ type.*\n/, 'type UserId = string;\n');
  expect(notes(own, post('.$type<UserId>()'))).toContain(
    `userId: text('user_id').references(() => users.id)`,
  );
});
