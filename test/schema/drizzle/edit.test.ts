import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../../src/errors.ts';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, foreignKey, index, name, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const IMPORT = "import { pgTable, text, uuid } from 'drizzle-orm/pg-core';\n";
const addNote: Change = { kind: 'add-column', table: name('users'), column: column('note', 'text') };

function refusal(run: () => unknown): TableplanError {
  try {
    run();
  } catch (error) {
    if (error instanceof TableplanError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a form that text edits cannot follow is refused, with its place', () => {
  const schema = (body: string) => ({ '/p/schema.ts': IMPORT + body });

  it('a table that no file declares', () => {
    const error = refusal(() =>
      edit(schema("export const posts = pgTable('posts', { id: uuid('id') });\n"), [addNote]),
    );
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: expect.stringContaining('the table users was not found in the schema source'),
    });
    expect(error.hint).toContain('/p/schema.ts');
  });

  it('a table that is not exported', () => {
    const error = refusal(() =>
      edit(schema("const users = pgTable('users', { id: uuid('id') });\n"), [addNote]),
    );
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      at: { file: '/p/schema.ts', line: 2, column: 7 },
    });
    expect(error.frame).toBe("2 | const users = pgTable('users', { id: uuid('id') });\n          ^");
  });

  it('a table that is a property of an object', () => {
    const error = refusal(() =>
      edit(schema("export const tables = {\n  users: pgTable('users', { id: uuid('id') }),\n};\n"), [
        addNote,
      ]),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 3, column: 10 } });
  });

  it('a table that a function returns', () => {
    const error = refusal(() =>
      edit(
        schema(
          "export function make() {\n  return pgTable('users', { id: uuid('id') });\n}\nexport const users = make();\n",
        ),
        [addNote],
      ),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 3, column: 10 } });
  });

  it('a table that two files declare', () => {
    const files = {
      '/p/a.ts': `${IMPORT}export const users = pgTable('users', { id: uuid('id') });\n`,
      '/p/b.ts': `${IMPORT}export const people = pgTable('users', { id: uuid('id') });\n`,
    };
    const error = refusal(() => edit(files, [addNote]));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: 'the table users is declared twice',
      at: { file: '/p/a.ts' },
    });
    expect(error.hint).toContain('/p/b.ts:2:14');
  });

  it('columns that are no literal', () => {
    const error = refusal(() =>
      edit(schema("export const users = pgTable('users', makeColumns());\n"), [addNote]),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 2, column: 14 } });
  });

  it('a column from a spread that is to be changed', () => {
    const body =
      "const stamps = { seenAt: text('seen_at') };\nexport const users = pgTable('users', { id: uuid('id'), ...stamps });\n";
    const error = refusal(() =>
      edit(schema(body), [{ kind: 'drop-column', table: name('users'), column: 'seen_at' }]),
    );
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: expect.stringContaining('comes from a spread'),
    });
  });

  it('a third argument that is made elsewhere', () => {
    const body = "export const users = pgTable('users', { id: uuid('id') }, standardIndexes);\n";
    const error = refusal(() =>
      edit(schema(body), [{ kind: 'add-index', table: name('users'), index: index('users_id_idx', ['id']) }]),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 2, column: 59 } });
  });

  it('a file that has a syntax error already', () => {
    const error = refusal(() =>
      edit(schema("export const users = pgTable('users', { id: uuid('id') });\nconst = 1;\n"), [addNote]),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 3 } });
  });

  it('a drop of a table that another one refers to', () => {
    const body =
      "export const users = pgTable('users', { id: uuid('id') });\nexport const posts = pgTable('posts', {\n  userId: uuid('user_id').references(() => users.id),\n});\n";
    const error = refusal(() => edit(schema(body), [{ kind: 'drop-table', table: name('users') }]));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: 'the table users is still used by posts',
      at: { line: 4, column: 44 },
    });
  });

  it('a drop of a column that a policy uses', () => {
    const body =
      "export const users = pgTable('users', { id: uuid('id'), org: text('org') }, (t) => [tenantPolicy('org', t.org)]);\n";
    const error = refusal(() =>
      edit(schema(body), [{ kind: 'drop-column', table: name('users'), column: 'org' }]),
    );
    expect(error.message).toContain('is used by tenantPolicy');
  });

  it('a type that drizzle-orm has no builder for', () => {
    const body = "export const users = pgTable('users', { id: uuid('id') });\n";
    const error = refusal(() =>
      edit(schema(body), [{ kind: 'add-column', table: name('users'), column: column('blob', 'bytea') }]),
    );
    expect(error).toMatchObject({ code: 'plan-not-supported', frame: expect.stringContaining('customType') });
  });

  it('a new file that drizzle-kit would not load', () => {
    const files = { '/p/users.ts': `${IMPORT}export const users = pgTable('users', { id: uuid('id') });\n` };
    const error = refusal(() =>
      edit(files, [
        { kind: 'create-table', domain: undefined, table: table('posts', [column('id', 'uuid')]) },
      ]),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable' });
  });
});

describe('what follows from other changes of the same plan', () => {
  const users = "export const users = pgTable('users', {\n  id: uuid('id').primaryKey(),\n});\n";

  it('a column that is added is altered, indexed and referred to in one text', () => {
    const { text } = edit({ '/p/schema.ts': IMPORT + users }, [
      { kind: 'add-column', table: name('users'), column: column('boss_id', 'uuid') },
      { kind: 'alter-column', table: name('users'), column: column('boss_id', 'uuid'), notNull: true },
      { kind: 'add-index', table: name('users'), index: index('users_boss_idx', ['boss_id']) },
      { kind: 'add-foreign-key', table: name('users'), foreignKey: foreignKey('users', 'users', 'boss_id') },
    ]);
    expect(text('/p/schema.ts'))
      .toBe(`import { type AnyPgColumn, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  id: uuid('id').primaryKey(),
  bossId: uuid('boss_id')
    .notNull()
    .references((): AnyPgColumn => users.id),
}, (table) => [index('users_boss_idx').on(table.bossId)]);
`);
  });

  it('a table that is renamed first is spoken of by its new name', () => {
    const { text } = edit({ '/p/schema.ts': IMPORT + users }, [
      { kind: 'rename-table', table: name('users'), to: 'people' },
      { kind: 'add-column', table: name('people'), column: column('nick', 'text') },
      {
        kind: 'create-table',
        domain: undefined,
        table: table('accounts', [column('id', 'text', { notNull: true })], {
          foreignKeys: [foreignKey('accounts', 'people', 'id')],
        }),
      },
    ]);
    expect(text('/p/schema.ts')).toBe(`${IMPORT}export const people = pgTable('people', {
  id: uuid('id').primaryKey(),
  nick: text('nick'),
});

export const accounts = pgTable('accounts', {
  id: text('id')
    .notNull()
    .references(() => people.id),
});
`);
  });

  it('two new tables refer to each other', () => {
    const keyed = (own: string, other: string) =>
      table(own, [column('id', 'uuid', { notNull: true }), column('other_id', 'uuid')], {
        foreignKeys: [foreignKey(own, other, 'other_id')],
      });
    const { text } = edit({ '/p/schema.ts': IMPORT + users }, [
      { kind: 'create-table', domain: undefined, table: { ...keyed('a', 'b'), foreignKeys: [] } },
      { kind: 'create-table', domain: undefined, table: keyed('b', 'a') },
      { kind: 'add-foreign-key', table: name('a'), foreignKey: foreignKey('a', 'b', 'other_id') },
    ]);
    expect(text('/p/schema.ts')).toContain("otherId: uuid('other_id').references(() => b.id),");
    expect(text('/p/schema.ts')).toContain("otherId: uuid('other_id').references((): AnyPgColumn => a.id),");
  });

  it('a Postgres schema that the source does not have yet is declared', () => {
    const { text } = edit({ '/p/schema.ts': IMPORT + users }, [
      {
        kind: 'create-table',
        domain: undefined,
        table: table('events', [column('id', 'uuid', { notNull: true })], { schema: 'audit' }),
      },
    ]);
    expect(text('/p/schema.ts')).toContain("export const auditSchema = pgSchema('audit');");
    expect(text('/p/schema.ts')).toContain("export const events = auditSchema.table('events', {");
  });
});

it('an edit that changes nothing gives no edit', () => {
  const files = { '/p/schema.ts': `${IMPORT}export const users = pgTable('users', { id: uuid('id') });\n` };
  expect(
    edit(files, [{ kind: 'raw-sql', table: name('users'), up: 'SELECT 1', down: '', summary: 'x' }], {
      before: EMPTY,
    }).edits,
  ).toEqual([]);
});

it('a plan speaks of the real name behind a creator whose literal is shorter', () => {
  const files = {
    '/p/schema.ts':
      "import { pgTableCreator, text } from 'drizzle-orm/pg-core';\nconst make = pgTableCreator((name) => `app_${name}_v2`);\nexport const users = make('users', { id: text('id') });\n",
  };
  const { text } = edit(files, [
    { kind: 'add-column', table: name('app_users_v2'), column: column('nick', 'text') },
  ]);
  expect(text('/p/schema.ts')).toContain("{ id: text('id'), nick: text('nick') }");
});

it('other files are named by the alias that the neighbours use', () => {
  const files = {
    '/p/src/db/index.ts':
      "export * from '@/db/enums';\nexport * from '@/db/schema/users';\nexport * from '@/db/schema/posts';\n",
    '/p/src/db/enums.ts':
      "import { pgEnum } from 'drizzle-orm/pg-core';\nexport const commentKind = pgEnum('comment_kind', ['praise', 'blame']);\n",
    '/p/src/db/schema/users.ts': `${IMPORT}export const users = pgTable('users', { id: uuid('id') });\n`,
    '/p/src/db/schema/posts.ts': `${IMPORT}import { users } from '@/db/schema/users';\nexport const posts = pgTable('posts', { id: uuid('id').references(() => users.id) });\n`,
  };
  const comments = table('comments', [column('post_id', 'uuid'), column('kind', 'comment_kind')], {
    foreignKeys: [foreignKey('comments', 'posts', 'post_id')],
  });
  const resolveImport = (_: string, specifier: string) =>
    specifier.startsWith('@/') ? `/p/src/${specifier.slice(2)}.ts` : undefined;
  const { text, edits } = edit(files, [{ kind: 'create-table', domain: undefined, table: comments }], {
    resolveImport,
  });
  expect(edits.find(({ before }) => before === null)?.after)
    .toBe(`import { pgTable, uuid } from 'drizzle-orm/pg-core';
import { commentKind } from '@/db/enums';
import { posts } from '@/db/schema/posts';

export const comments = pgTable('comments', {
  postId: uuid('post_id').references(() => posts.id),
  kind: commentKind('kind'),
});
`);
  expect(text('/p/src/db/index.ts')).toContain("export * from '@/db/schema/comments';");
});

it('the TypeScript type of a JSON column goes when the column is JSON no more', () => {
  const files = {
    '/p/schema.ts':
      "import { jsonb, pgTable } from 'drizzle-orm/pg-core';\nimport type { Meta } from './meta';\n\nexport const users = pgTable('users', { meta: jsonb('meta').$type<Meta>().notNull() });\n",
  };
  const meta = column('meta', 'jsonb', { notNull: true });
  const before = { ...EMPTY, tables: [table('users', [meta])] };
  const { text } = edit(
    files,
    [{ kind: 'alter-column', table: name('users'), column: meta, type: { to: 'text' } }],
    { before },
  );
  expect(text('/p/schema.ts')).toBe(
    "import { pgTable, text } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { meta: text('meta').notNull() });\n",
  );
});

it('an index is found whatever its import is called', () => {
  const files = {
    '/p/schema.ts':
      "import { index as i, pgTable, text } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { a: text('a') }, (t) => [i('users_a_idx').on(t.a)]);\n",
  };
  const { text } = edit(files, [
    { kind: 'drop-index', table: name('users'), index: index('users_a_idx', ['a']) },
  ]);
  expect(text('/p/schema.ts')).toBe(
    "import { pgTable, text } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { a: text('a') });\n",
  );
});

it('views follow a renamed column, and are told about a dropped one', () => {
  const files = {
    '/p/schema.ts':
      "import { pgTable, pgView, text } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { a: text('a'), b: text('b') });\n\nexport const names = pgView('names').as((q) => q.select({ a: users.a, b: users.b }).from(users));\n",
  };
  const before = { ...EMPTY, tables: [table('users', [column('a', 'text'), column('b', 'text')])] };
  const { text, notices } = edit(
    files,
    [
      { kind: 'rename-column', table: name('users'), from: 'a', to: 'nick' },
      { kind: 'drop-column', table: name('users'), column: 'b' },
    ],
    { before },
  );
  expect(text('/p/schema.ts')).toContain("pgTable('users', { nick: text('nick') })");
  expect(text('/p/schema.ts')).toContain('a: users.nick, b: users.b');
  expect(notices).toEqual([
    {
      severity: 'warning',
      rule: 'drop-not-followed',
      message: 'users.b is dropped but still used here: change it by hand',
      file: '/p/schema.ts',
      line: 5,
    },
  ]);
});
