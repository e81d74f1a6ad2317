import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, foreignKey, table } from './memory-project.ts';

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
    'modules with a folder below, a new domain',
    {
      'src/modules/accounts/persistence/accounts.schema.ts': 'accounts',
      'src/modules/accounts/persistence/users.schema.ts': 'users',
      'src/modules/auth/persistence/sessions.schema.ts': 'sessions',
      'src/modules/content/persistence/posts.schema.ts': 'posts',
    },
    'replies',
    'comments',
    'src/modules/comments/persistence/replies.schema.ts replies',
  ],
  [
    'modules with a folder below, a domain that is there',
    {
      'src/modules/accounts/persistence/accounts.schema.ts': 'accounts',
      'src/modules/auth/persistence/sessions.schema.ts': 'sessions',
      'src/modules/content/persistence/posts.schema.ts': 'posts',
    },
    'comments',
    'content',
    'src/modules/content/persistence/comments.schema.ts comments',
  ],
  [
    'modules with a folder below, without a domain',
    {
      'src/modules/accounts/persistence/users.schema.ts': 'users',
      'src/modules/auth/persistence/sessions.schema.ts': 'sessions',
    },
    'comments',
    undefined,
    'src/modules/comments/persistence/comments.schema.ts comments',
  ],
  [
    'modules with several tables a file',
    {
      'src/modules/accounts/db/accounts.tables.ts': 'users, profiles, teams',
      'src/modules/blog/db/blog.tables.ts': 'posts, tags, likes',
    },
    'replies',
    'comments',
    'src/modules/comments/db/comments.tables.ts replies',
  ],
  [
    'modules with several tables a file, a domain that is there',
    {
      'src/modules/accounts/db/tables.ts': 'users, profiles, teams',
      'src/modules/blog/db/tables.ts': 'posts, tags, likes',
    },
    'replies',
    'blog',
    'src/modules/blog/db/tables.ts replies',
  ],
  [
    'modules in snake_case',
    {
      'src/user_accounts/db/users.ts': 'users',
      'src/blog_posts/db/posts.ts': 'posts',
    },
    'replies',
    'post-comments',
    'src/post_comments/db/replies.ts replies',
  ],
  [
    'a file that an auth library generates beside the own one',
    { 'db/auth-schema.ts': 'user, session, account, verification', 'db/schema.ts': 'posts' },
    'comments',
    undefined,
    'db/schema.ts comments',
  ],
  [
    'a folder of generated files',
    { 'db/generated/auth.ts': 'user, session, account', 'db/posts.ts': 'posts', 'db/tags.ts': 'tags' },
    'comments',
    undefined,
    'db/comments.ts comments',
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

const PK = "{ id: uuid('id').primaryKey() }";

/** Where a new table with a key to `to` goes. */
function placeWithKey(files: Readonly<Record<string, string>>, to: string): string | undefined {
  const paths = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/p/${path}`, text]));
  const columns = [column('id', 'uuid', { notNull: true }), column('to_id', 'uuid')];
  const key = foreignKey('comments', to, 'to_id');
  const { edits } = edit(
    paths,
    [{ kind: 'create-table', domain: undefined, table: table('comments', columns, { foreignKeys: [key] }) }],
    { globMatches: () => true, entries: Object.keys(paths) },
  );
  return edits.find(({ after }) => after?.includes("'comments'"))?.path.replace('/p/', '');
}

const CORE = "import { pgTable, uuid } from 'drizzle-orm/pg-core';\n";

it.each<[what: string, files: Record<string, string>, to: string, expected: string]>([
  [
    'beside the table of its key, not into a file that a header calls generated',
    {
      'db/schema.ts': `${CORE}export const posts = pgTable('posts', ${PK});\nexport const tags = pgTable('tags', ${PK});\n`,
      'db/login.ts': `// This file is auto-generated. Do not edit.\n${CORE}export const a = pgTable('a', ${PK});\nexport const b = pgTable('b', ${PK});\nexport const c = pgTable('c', ${PK});\n`,
    },
    'posts',
    'db/schema.ts',
  ],
  [
    'beside the table of its key where no file is the main one',
    {
      'db/auth.ts': `${CORE}export const users = pgTable('users', ${PK});\nexport const keys = pgTable('keys', ${PK});\nexport const roles = pgTable('roles', ${PK});\n`,
      'db/blog.ts': `${CORE}export const posts = pgTable('posts', ${PK});\nexport const tags = pgTable('tags', ${PK});\n`,
    },
    'posts',
    'db/blog.ts',
  ],
  [
    'into the main file of its Postgres schema, however much another schema has',
    {
      'db/auth.ts': `${CORE.replace('pgTable', 'pgSchema')}export const auth = pgSchema('auth');\n${['users', 'keys', 'roles', 'teams'].map((name) => `export const ${name} = auth.table('${name}', ${PK});\n`).join('')}`,
      'db/github.ts': `${CORE}export const repos = pgTable('repos', ${PK});\n`,
      'db/schema.ts': `${CORE}${['posts', 'tags', 'votes'].map((name) => `export const ${name} = pgTable('${name}', ${PK});\n`).join('')}`,
    },
    'posts',
    'db/schema.ts',
  ],
  [
    'never into a file that the one of its key passes on',
    {
      'db/schema.ts': `${CORE}export * from './other';\nexport const posts = pgTable('posts', ${PK});\n`,
      'db/other.ts': `${CORE}${['users', 'keys', 'roles', 'teams', 'logs'].map((name) => `export const ${name} = pgTable('${name}', ${PK});\n`).join('')}`,
    },
    'posts',
    'db/schema.ts',
  ],
  [
    'into the module of the table of its key',
    {
      'src/modules/auth/db/users.ts': `${CORE}export const users = pgTable('users', ${PK});\n`,
      'src/modules/blog/db/posts.ts': `${CORE}export const posts = pgTable('posts', ${PK});\n`,
    },
    'posts',
    'src/modules/blog/db/comments.ts',
  ],
])('a table with a key goes %s', (_, files, to, expected) => {
  expect(placeWithKey(files, to)).toBe(expected);
});
