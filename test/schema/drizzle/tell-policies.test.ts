import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const IMPORTS = `import { sql } from 'drizzle-orm';\nimport { pgPolicy, pgTable, text, uuid } from 'drizzle-orm/pg-core';\n`;
const made = (name: string, columns: string, extras = '') =>
  `export const ${name} = pgTable('${name}', { id: uuid('id').primaryKey(), ${columns} }${extras});\n`;
const USER = `userId: uuid('user_id').notNull()`;
const OWN = ", (t) => [pgPolicy('own', { using: sql`${t.userId} = auth.uid()` })]";
const LOOKUP = made('currencies', `label: text('label')`);

/** What is said of a new table with these columns in a file of these tables. */
function told(
  source: string,
  columns: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string[] {
  const id = column('id', 'uuid', { notNull: true });
  const added = table('notes', [id, ...columns.map((name) => column(name, 'uuid'))], {
    primaryKey: { name: 'notes_pkey', named: false, columns: ['id'] },
  });
  const { notices } = edit(
    { '/p/schema.ts': IMPORTS + source, ...more },
    [{ kind: 'create-table', table: added, domain: undefined }],
    { before: { ...EMPTY, tables: [] } },
  );
  return notices.filter(({ rule }) => rule === 'new-table-without-policies').map(({ message }) => message);
}

describe('a new table that has the column of the policies of others', () => {
  const source = made('posts', USER, OWN) + made('drafts', USER, OWN) + LOOKUP;

  it('is reported, whatever tables without that column stand beside them', () => {
    expect(told(source, ['user_id'])).toEqual([
      expect.stringContaining(
        "notes has no row level security, but every other table of its file that has user_id has it (pgPolicy('own', ",
      ),
    ]);
  });

  it('is not reported where it has no such column', () => {
    expect(told(source, ['title'])).toEqual([]);
  });

  it('is not reported where one of the others has the column without a policy', () => {
    expect(told(source + made('likes', USER), ['user_id'])).toEqual([]);
  });

  it.each([
    [
      'in SQL by its name in the database',
      `, () => [pgPolicy('own', { using: sql\`user_id = auth.uid()\` })]`,
    ],
    ['as an argument of a helper', ', (t) => [ownPolicy(t.userId)]'],
    ['within a helper that takes the table', ', (t) => [...ownRows(t)]'],
  ])('is reported where the policy names it %s', (_, extras) => {
    const helpers =
      "const ownPolicy = (column) => pgPolicy('own', { using: sql`${column} = auth.uid()` });\n" +
      "const ownRows = (table) => [pgPolicy('own', { using: sql`${table.userId} = auth.uid()` })];\n";
    expect(told(helpers + made('posts', USER, extras) + LOOKUP, ['user_id'])).toHaveLength(1);
  });

  it('is reported where the policy is tied to the table from outside', () => {
    const linked = "export const own = pgPolicy('own', { using: sql`user_id = auth.uid()` }).link(posts);\n";
    expect(told(made('posts', USER) + linked + LOOKUP, ['user_id'])).toHaveLength(1);
  });

  it('is reported for a helper of another file', () => {
    const policy = `import { sql } from 'drizzle-orm';\nimport { pgPolicy } from 'drizzle-orm/pg-core';\n\nexport const guard = (column) => pgPolicy('own', { using: sql\`\${column} = auth.uid()\` });\n`;
    const first = `import { guard } from './guard';\n${made('posts', USER, ', (t) => [guard(t.userId)]')}${LOOKUP}`;
    expect(told(first, ['user_id'], { '/p/guard.ts': policy })).toHaveLength(1);
  });
});

describe('a column that no policy is about', () => {
  it('does not stand for one that is, though both have it', () => {
    const source = made('posts', `${USER}, label: text('label')`, OWN) + LOOKUP;
    expect(told(source, ['label'])).toEqual([]);
  });

  it('is not the option of a policy that is called so', () => {
    const extras = ", () => [pgPolicy('own', { to: 'app', using: sql`true` })]";
    expect(told(made('mails', `to: text('to')`, extras) + LOOKUP, ['to'])).toEqual([]);
  });
});

it('where every table has policies, one without any of their columns is reported as well', () => {
  expect(told(made('posts', USER, OWN), ['title'])).toEqual([
    expect.stringContaining('but every other table of its file has it (pgPolicy('),
  ]);
});
