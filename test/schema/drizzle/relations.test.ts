import { describe, expect, it } from 'vitest';
import type { ForeignKeyRef, TableRef } from '../../../src/schema/drizzle/model.ts';
import { editRelations, type RelationRequest } from '../../../src/schema/drizzle/relations.ts';
import { editingOf } from './in-memory-editing.ts';

const ref = (variable: string, path: string): TableRef => ({
  schema: 'public',
  name: variable,
  variable,
  path,
});
const key = (table: TableRef, keys: readonly string[], target: TableRef): ForeignKeyRef => ({
  table,
  keys,
  target,
  targetKeys: ['id'],
});
const add = (foreignKey: ForeignKeyRef, otherSide: 'one' | 'many' = 'many'): RelationRequest => ({
  kind: 'add',
  foreignKey,
  otherSide,
});

const giant = '/p/schema.ts';
const users = ref('users', giant);
const posts = ref('posts', giant);
const comments = ref('comments', giant);

const blog = `import { relations } from 'drizzle-orm';
import { pgTable, uuid } from 'drizzle-orm/pg-core';

export const users = pgTable('users', { id: uuid('id').primaryKey() });

export const usersRelations = relations(users, ({ many }) => ({
  posts: many(posts),
}));

export const posts = pgTable('posts', { id: uuid('id').primaryKey(), authorId: uuid('author_id') });

export const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, {
    fields: [posts.authorId],
    references: [users.id],
  }),
}));
`;

function run(
  requests: readonly RelationRequest[],
  texts: Readonly<Record<string, string>> = { [giant]: blog },
) {
  const harness = editingOf(texts);
  editRelations(harness.editing, requests);
  return harness;
}

describe('a new foreign key', () => {
  it('of a new table gets a block of its own and an entry on the other side', () => {
    const { result } = run([add(key(comments, ['postId'], posts)), add(key(comments, ['userId'], users))]);
    expect(result(giant)).toBe(
      `${blog
        .replace('  posts: many(posts),\n', '  posts: many(posts),\n  comments: many(comments),\n')
        .replace('({ one }) =>', '({ one, many }) =>')
        .replace(
          'references: [users.id],\n  }),\n',
          'references: [users.id],\n  }),\n  comments: many(comments),\n',
        )}
export const commentsRelations = relations(comments, ({ one }) => ({
  post: one(posts, {
    fields: [comments.postId],
    references: [posts.id],
  }),
  user: one(users, {
    fields: [comments.userId],
    references: [users.id],
  }),
}));
`,
    );
  });

  it('that is unique gives one row on the other side', () => {
    const profiles = ref('profiles', giant);
    const { result } = run([add(key(profiles, ['userId'], users), 'one')]);
    expect(result(giant)).toContain(
      'relations(users, ({ many, one }) => ({\n  posts: many(posts),\n  profile: one(profiles),\n}))',
    );
  });

  it('to a table without a block adds no block there', () => {
    const tags = ref('tags', giant);
    const { result } = run([add(key(posts, ['tagId'], tags))]);
    expect(result(giant)).toContain(
      '  tag: one(tags, {\n    fields: [posts.tagId],\n    references: [tags.id],\n  }),\n}));',
    );
    expect(result(giant)).not.toContain('tagsRelations');
  });

  it('of a table to itself has one side', () => {
    const { result } = run([add(key(posts, ['parentId'], posts))]);
    expect(result(giant)).toContain(
      '  parent: one(posts, {\n    fields: [posts.parentId],\n    references: [posts.id],\n  }),\n',
    );
    expect(result(giant).match(/many\(posts\)/g)).toHaveLength(1);
  });

  it('twice to the same table gets names', () => {
    const { result } = run([
      add(key(comments, ['authorId'], users)),
      add(key(comments, ['editorId'], users)),
    ]);
    expect(result(giant)).toContain(
      "  authorComments: many(comments, {\n    relationName: 'comments_author',\n  }),\n  editorComments: many(comments, {\n    relationName: 'comments_editor',\n  }),\n",
    );
    expect(result(giant)).toContain(
      "    references: [users.id],\n    relationName: 'comments_editor',\n  }),\n}));",
    );
  });

  it('there and back between two tables gets names too', () => {
    const tags = ref('tags', giant);
    const text = `${blog}
export const tags = pgTable('tags', { id: uuid('id').primaryKey() });

export const tagsRelations = relations(tags, ({ one }) => ({
  owner: one(users, { fields: [tags.ownerId], references: [users.id] }),
}));
`;
    const requests = [add(key(posts, ['tagId'], tags)), add(key(tags, ['coverId'], posts), 'one')];
    const written = run(requests, { [giant]: text }).result(giant);
    for (const name of ['posts_tag', 'tags_cover'])
      expect(written.match(new RegExp(`relationName: '${name}'`, 'g'))).toHaveLength(2);
  });

  it('beside one that exists without a name is left to a person', () => {
    const { touched, notices } = run([add(key(posts, ['editorId'], users))]);
    expect(touched()).toEqual([]);
    expect(notices).toMatchObject([{ rule: 'relations-not-written', file: giant }]);
  });

  it('does nothing in a project without relations()', () => {
    const text = "export const users = pgTable('users', {});\n";
    expect(run([add(key(comments, ['userId'], users))], { [giant]: text }).touched()).toEqual([]);
  });

  it('follows the helper parameter, one-line configs, and a relations file with a namespace', () => {
    const texts = {
      '/p/schema.ts':
        "export const users = pgTable('users', {});\nexport const posts = pgTable('posts', {});\n",
      '/p/relations.ts':
        "import { relations } from 'drizzle-orm'\nimport * as s from './schema'\n\nexport const postRelations = relations(s.posts, (r) => ({\n\tauthor: r.one(s.users, { fields: [s.posts.authorId], references: [s.users.id] })\n}))\n",
    };
    const { result, imports } = run([add(key(comments, ['postId'], posts))], texts);
    expect(result('/p/relations.ts')).toContain(
      'references: [s.users.id] }),\n\tcomments: r.many(comments)\n}))',
    );
    expect(result('/p/relations.ts')).toContain(
      'export const commentRelations = relations(comments, (r) => ({\n\tpost: r.one(posts, { fields: [comments.postId], references: [posts.id] })\n}))\n',
    );
    expect(imports).toEqual([
      "/p/relations.ts: import { comments } from './schema'",
      "/p/relations.ts: import { posts } from './schema'",
    ]);
  });

  it('gets a file of its own where every table has one', () => {
    const texts = {
      '/p/users/user.schema.ts': "export const users = pgTable('users', {});\n",
      '/p/users/user.relations.ts':
        "import { relations } from 'drizzle-orm';\nimport { users } from './user.schema';\n\nexport const usersRelations = relations(users, ({ many }) => ({}));\n",
      '/p/posts/post.schema.ts': "export const posts = pgTable('posts', {});\n",
      '/p/posts/post.relations.ts':
        "import { relations } from 'drizzle-orm';\nimport { posts } from './post.schema';\n\nexport const postsRelations = relations(posts, ({ many }) => ({}));\n",
    };
    const items = ref('orderItems', '/p/order-items/order-item.schema.ts');
    const { result } = run([add(key(items, ['userId'], ref('users', '/p/users/user.schema.ts')))], texts);
    expect(result('/p/order-items/order-item.relations.ts')).toContain(
      'export const orderItemsRelations = relations(orderItems',
    );
    expect(result('/p/users/user.relations.ts')).toContain(
      '({ many }) => ({\n  orderItems: many(orderItems),\n}));',
    );
  });
});

describe('what goes', () => {
  it('a foreign key takes both entries with it, and the helper that nothing uses', () => {
    const before = blog
      .replace(
        '  posts: many(posts),\n',
        '  posts: many(posts),\n  picture: one(files, { fields: [users.fileId], references: [files.id] }),\n',
      )
      .replace('({ many })', '({ one, many })');
    const { result } = run([{ kind: 'remove-foreign-key', foreignKey: key(posts, ['authorId'], users) }], {
      [giant]: before,
    });
    expect(result(giant)).toContain('relations(users, ({ one }) => ({\n  picture: one(files');
    expect(result(giant)).not.toContain('postsRelations');
  });

  it('a table takes its block and the entries that point to it', () => {
    const { result } = run([{ kind: 'remove-table', table: posts }]);
    expect(result(giant)).not.toMatch(/usersRelations|postsRelations/);
  });

  it('an entry that goes makes room for one that comes', () => {
    const { result } = run([
      { kind: 'remove-foreign-key', foreignKey: key(posts, ['authorId'], users) },
      add(key(posts, ['editorId'], users)),
    ]);
    expect(result(giant)).toContain(
      '({ one }) => ({\n  editor: one(users, {\n    fields: [posts.editorId],\n    references: [users.id],\n  }),\n}));',
    );
    expect(result(giant)).toContain('({ many }) => ({\n  posts: many(posts),\n}));');
  });
});
