import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, table } from './memory-project.ts';

beforeAll(loadSqlParser);

/** Files by path, with the tables that each declares: `users` or `users as usersTable`. */
type Layout = Readonly<Record<string, string>>;

function place(layout: Layout, name: string, domain?: string): string {
  const text = (tables: string) =>
    [
      "import { pgTable, uuid } from 'drizzle-orm/pg-core';",
      ...tables
        .split(', ')
        .map(
          (each) =>
            `export const ${each.split(' as ')[1] ?? each.split(' ')[0]!.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())} = pgTable('${each.split(' ')[0]}', { id: uuid('id').primaryKey() });`,
        ),
    ].join('\n');
  const files = Object.fromEntries(
    Object.entries(layout).map(([path, tables]) => [`/p/${path}`, text(tables)]),
  );
  const { edits } = edit(
    files,
    [{ kind: 'create-table', domain, table: table(name, [column('id', 'uuid', { notNull: true })]) }],
    { globMatches: () => true, entries: Object.keys(files) },
  );
  const target = edits.find(({ after }) => after?.includes(`'${name}'`));
  const variable = new RegExp(`export const (\\w+) = pgTable\\('${name}'`).exec(target?.after ?? '')?.[1];
  return `${target?.path.replace('/p/', '')} ${variable}`;
}

it.each<[what: string, layout: Layout, table: string, domain: string | undefined, expected: string]>([
  [
    'plural files',
    { 'db/users.ts': 'users', 'db/posts.ts': 'posts' },
    'order_items',
    undefined,
    'db/order-items.ts orderItems',
  ],
  [
    'singular files',
    { 'db/user.ts': 'users', 'db/post.ts': 'posts' },
    'order_items',
    undefined,
    'db/order-item.ts orderItems',
  ],
  [
    'camelCase files',
    { 'db/userProfiles.ts': 'user_profiles', 'db/posts.ts': 'posts' },
    'order_items',
    undefined,
    'db/orderItems.ts orderItems',
  ],
  [
    'snake_case files',
    { 'db/user_profiles.ts': 'user_profiles', 'db/posts.ts': 'posts' },
    'order_items',
    undefined,
    'db/order_items.ts orderItems',
  ],
  [
    'PascalCase files',
    { 'db/UserProfile.ts': 'user_profiles', 'db/Post.ts': 'posts' },
    'order_items',
    undefined,
    'db/OrderItem.ts orderItems',
  ],
  [
    'a suffix',
    { 'db/users.table.ts': 'users', 'db/posts.table.ts': 'posts' },
    'teams',
    undefined,
    'db/teams.table.ts teams',
  ],
  [
    'a dash and a word',
    { 'db/users-table.ts': 'users', 'db/posts-table.ts': 'posts' },
    'teams',
    undefined,
    'db/teams-table.ts teams',
  ],
  [
    'a word in front',
    { 'db/schema.users.ts': 'users', 'db/schema.posts.ts': 'posts' },
    'teams',
    undefined,
    'db/schema.teams.ts teams',
  ],
  [
    'folders by domain',
    { 'src/users/user.schema.ts': 'users', 'src/posts/post.schema.ts': 'posts' },
    'teams',
    'clubs',
    'src/clubs/team.schema.ts teams',
  ],
  [
    'folders without a domain in the plan',
    { 'src/users/user.schema.ts': 'users', 'src/posts/post.schema.ts': 'posts' },
    'teams',
    undefined,
    'src/teams/team.schema.ts teams',
  ],
  [
    'folders in the middle',
    { 'src/modules/users/db/user.table.ts': 'users', 'src/modules/posts/db/post.table.ts': 'posts' },
    'teams',
    undefined,
    'src/modules/teams/db/team.table.ts teams',
  ],
  [
    'a schema.ts in each folder',
    { 'src/users/schema.ts': 'users', 'src/posts/schema.ts': 'posts' },
    'teams',
    undefined,
    'src/teams/schema.ts teams',
  ],
  [
    'a schema.ts for each domain',
    { 'src/auth/schema.ts': 'users, sessions', 'src/shop/schema.ts': 'orders, carts' },
    'teams',
    'clubs',
    'src/clubs/schema.ts teams',
  ],
  [
    'a domain that is there',
    { 'src/auth/schema.ts': 'users, sessions', 'src/shop/schema.ts': 'orders, carts' },
    'coupons',
    'shop',
    'src/shop/schema.ts coupons',
  ],
  ['one file for all', { 'db/schema.ts': 'users, posts, tags' }, 'teams', 'clubs', 'db/schema.ts teams'],
  [
    'one big file and a small one',
    { 'db/schema.ts': 'users, posts, tags', 'db/auth.ts': 'sessions' },
    'teams',
    undefined,
    'db/schema.ts teams',
  ],
  ['a single table of its own name', { 'db/users.ts': 'users' }, 'teams', undefined, 'db/teams.ts teams'],
  ['a single table in schema.ts', { 'db/schema.ts': 'users' }, 'teams', undefined, 'db/schema.ts teams'],
  [
    'variables with a word behind',
    { 'db/schema.ts': 'users as usersTable, posts as postsTable' },
    'order_items',
    undefined,
    'db/schema.ts orderItemsTable',
  ],
  [
    'singular variables',
    { 'db/schema.ts': 'users as user, posts as post' },
    'order_items',
    undefined,
    'db/schema.ts orderItem',
  ],
  [
    'a name that is no identifier',
    { 'db/schema.ts': 'users, posts' },
    'class',
    undefined,
    'db/schema.ts class_',
  ],
])('%s', (_, layout, name, domain, expected) => {
  expect(place(layout, name, domain)).toBe(expected);
});
