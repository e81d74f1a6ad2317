import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, foreignKey, index, name, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const changes: Change[] = [
  { kind: 'add-column', table: name('users'), column: column('nick', 'text', { default: 'upper(1)' }) },
  { kind: 'add-index', table: name('users'), index: index('users_nick_idx', ['nick']) },
];
const OWN = { '/p/own.ts': 'export const text = 1;\nexport const sql = 2;\n' };
const run = (source: string, more: Change[] = changes) =>
  edit({ '/p/schema.ts': source, ...OWN }, more).text('/p/schema.ts')!;

describe('a name that the file has for something else is imported under another one', () => {
  it('a constant of its own', () => {
    const text = run(
      "import { pgTable, integer } from 'drizzle-orm/pg-core';\nconst text = (n: string) => integer(n);\nexport const index = pgTable('index', { id: integer() });\nexport const users = pgTable('users', {\n  id: integer(),\n});\n",
    );
    expect(text).toContain(
      "import { pgTable, integer, text as pgText, index as pgIndex } from 'drizzle-orm/pg-core';",
    );
    expect(text).toContain('  nick: pgText().default(sql`upper(1)`),\n');
    expect(text).toContain("pgIndex('users_nick_idx').on(table.nick)");
  });

  it('an import from elsewhere', () => {
    const text = run(
      "import { pgTable, integer } from 'drizzle-orm/pg-core';\nimport { sql, text } from './own';\nexport const users = pgTable('users', {\n  id: integer(),\n});\n",
    );
    expect(text).toContain("import { sql as drizzleSql } from 'drizzle-orm';");
    expect(text).toContain('  nick: pgText().default(drizzleSql`upper(1)`),\n');
  });

  it('another import of pg-core', () => {
    const text = run(
      "import { pgTable, integer as text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', {\n  id: text(),\n});\n",
    );
    expect(text).toContain(
      "import { pgTable, integer as text, text as pgText, index } from 'drizzle-orm/pg-core';",
    );
    expect(text).toContain('  nick: pgText()');
  });

  it('the parameter of the third argument', () => {
    const text = run(
      "import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer() }, (index) => []);\n",
    );
    expect(text).toContain("pgIndex('users_nick_idx').on(index.nick)");
  });

  it('the parameter that hides a namespace', () => {
    const text = run(
      "import * as t from 'drizzle-orm/pg-core';\nexport const users = t.pgTable('users', { id: t.integer() }, (t) => []);\n",
    );
    expect(text).toContain("import { index } from 'drizzle-orm/pg-core';");
    expect(text).toContain(" index('users_nick_idx').on(t.nick)");
    expect(text).toContain('nick: t.text()');
  });

  it('a table of the same name in another file', () => {
    const core = "import { pgTable, uuid } from 'drizzle-orm/pg-core';\n";
    const { text } = edit(
      {
        '/p/schema.ts': `${core}export const logs = pgTable('logs', { id: uuid(), users_id: uuid() });\nexport const users = 1;\n`,
        '/p/users.ts': `${core}export const users = pgTable('users', { id: uuid('id') });\n`,
      },
      [{ kind: 'add-foreign-key', table: name('logs'), foreignKey: foreignKey('logs', 'users', 'users_id') }],
    );
    expect(text('/p/schema.ts')).toContain("import { users as importedUsers } from './users';");
    expect(text('/p/schema.ts')).toContain('.references(() => importedUsers.id)');
  });
});

describe('a name that the file has under another one is used as it is', () => {
  it('an alias', () => {
    const text = run(
      "import { pgTable, text as str, index } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', {\n  id: str(),\n});\n",
    );
    expect(text).toContain('  nick: str()');
  });

  it('a builder taken out of the callback under another name', () => {
    const text = run(
      "import { pgTable } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', ({ text: str }) => ({\n  id: str(),\n}));\n",
    );
    expect(text).toContain('({ text: str }) => ({\n  id: str(),\n  nick: str()');
  });

  it('the sql of a namespace', () => {
    const text = run(
      "import * as orm from 'drizzle-orm';\nimport { pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', {\n  id: text(),\n});\n",
    );
    expect(text).toContain('.default(orm.sql`upper(1)`)');
  });
});

it('a type change keeps the values of an enum under an alias too', () => {
  const source =
    "import { pgTable, text as str } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { kind: str('kind', { enum: ['a'] }) });\n";
  const before = { tables: [table('users', [column('kind', 'text')])], enums: [], schemas: [], views: [] };
  const change: Change = {
    kind: 'alter-column',
    table: name('users'),
    column: column('kind', 'text'),
    type: { to: 'varchar(9)' },
  };
  const { text } = edit({ '/p/schema.ts': source }, [change], { before });
  expect(text('/p/schema.ts')).toContain("kind: varchar('kind', { enum: ['a'], length: 9 })");
});
