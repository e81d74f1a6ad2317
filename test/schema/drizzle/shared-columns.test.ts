import { beforeAll, expect, it } from 'vitest';
import type { ColumnDef } from '../../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, EMPTY, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const PRIMARY_KEY = { name: 'pk', columns: ['id'], named: false };
const ID = column('id', 'text', { notNull: true });
const CREATED = column('created_at', 'timestamp', { notNull: true, default: 'now()' });

const HELPERS = `import { text, timestamp } from 'drizzle-orm/pg-core';
export const stamps = { createdAt: timestamp('created_at').notNull().defaultNow() };
export const nanoid = () => 'x';
`;

const SHARED = `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { nanoid, stamps } from './helpers';
`;
const OWN = `createdAt: timestamp('created_at').notNull().defaultNow()`;
const GIVEN = `id: text('id').primaryKey().$defaultFn(() => nanoid())`;
const neighbour = (name: string, columns: readonly string[]) =>
  `export const ${name} = pgTable('${name}', {\n${columns.map((each) => `  ${each},\n`).join('')}});\n`;

/** The new table `notes` as it is written beside `tags` and `posts`. */
function written(
  schema: string,
  columns: readonly ColumnDef[] = [ID, CREATED],
  helpers: string = HELPERS,
): string | undefined {
  const known = ['tags', 'posts', 'teams'].filter((name) => schema.includes(`'${name}'`));
  const before = {
    ...EMPTY,
    tables: known.map((name) => table(name, [ID, CREATED], { primaryKey: PRIMARY_KEY })),
  };
  const { text } = edit(
    { '/p/schema.ts': schema, '/p/helpers.ts': helpers },
    [
      {
        kind: 'create-table',
        domain: undefined,
        table: table('notes', columns, { primaryKey: PRIMARY_KEY }),
      },
    ],
    { before },
  );
  return /export const notes = pgTable\([\s\S]*?\}\);/.exec(text('/p/schema.ts') ?? '')?.[0];
}

const both = SHARED + neighbour('tags', [GIVEN, '...stamps']) + neighbour('posts', [GIVEN, '...stamps']);

it('writes shared columns and values as the neighbours do', () => {
  expect(written(both)).toBe(`export const notes = pgTable('notes', {\n  ${GIVEN},\n  ...stamps,\n});`);
});

it('writes a column out where the plan wants another one than the helper gives', () => {
  expect(written(both, [ID, { ...CREATED, default: undefined }])).toContain(
    "createdAt: timestamp('created_at').notNull(),",
  );
  expect(written(both, [{ ...ID, type: 'varchar(10)' }, CREATED])).toContain(
    "id: varchar('id', { length: 10 }).primaryKey(),",
  );
});

it('writes columns out where most neighbours do so', () => {
  const few = SHARED + neighbour('tags', [GIVEN, '...stamps']);
  const rest = ['posts', 'teams']
    .map((name) => neighbour(name, ["id: text('id').primaryKey()", OWN]))
    .join('');
  expect(written(few + rest)).toBe(neighbour('notes', ["id: text('id').primaryKey()", OWN]).trim());
});

it('leaves out a helper that the plan has only some columns of', () => {
  const two = HELPERS.replace(' };', ", deletedAt: timestamp('deleted_at') };");
  expect(written(both, [ID, CREATED], two)).toContain("createdAt: timestamp('created_at')");
});

it('writes a value that is broken over lines as the neighbours do', () => {
  const broken = `createdAt: timestamp('created_at')\n    .notNull()\n    .defaultNow()\n    .$onUpdate(() => new Date())`;
  const plain = "id: text('id').primaryKey()";
  const schema = SHARED + neighbour('tags', [plain, broken]) + neighbour('posts', [plain, broken]);
  expect(written(schema)).toBe(neighbour('notes', [plain, broken]).trim());
});

it('leaves out types that differ from neighbour to neighbour', () => {
  const [tag, post] = ['TagId', 'PostId'].map((type) =>
    GIVEN.replace('.primary', `.$type<${type}>().primary`),
  );
  const schema = SHARED + neighbour('tags', [tag!, OWN]) + neighbour('posts', [post!, OWN]);
  expect(written(schema)).toContain(`  ${GIVEN},\n`);
});

it('uses spreads and values of columns that come from a callback', () => {
  const given = `id: d.text('id').primaryKey().$defaultFn(() => nanoid())`;
  const called = (name: string) =>
    `export const ${name} = pgTable('${name}', (d) => ({\n  ${given},\n  ...stamps,\n}));\n`;
  const { text } = edit(
    { '/p/schema.ts': SHARED + called('tags') + called('posts'), '/p/helpers.ts': HELPERS },
    [
      {
        kind: 'create-table',
        domain: undefined,
        table: table('notes', [ID, CREATED], { primaryKey: PRIMARY_KEY }),
      },
    ],
    {
      before: {
        ...EMPTY,
        tables: ['tags', 'posts'].map((name) => table(name, [ID, CREATED], { primaryKey: PRIMARY_KEY })),
      },
    },
  );
  expect(text('/p/schema.ts')).toContain(called('notes').trim());
});

it('goes by the neighbours whose column has the type that the plan asks for', () => {
  const touched = (type: string) =>
    `updatedAt: timestamp('updated_at'${type}).notNull().defaultNow().$onUpdate(() => new Date())`;
  const [plain, zoned] = [touched(''), touched(', { withTimezone: true }')];
  const updated = (type: string) => column('updated_at', type, { notNull: true, default: 'now()' });
  const types = {
    tags: 'timestamp',
    posts: 'timestamptz',
    teams: 'timestamptz',
    jobs: 'timestamptz',
    roles: 'timestamp',
  };
  const names = Object.entries(types);
  const schema = `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';\n${names
    .map(([name, type]) =>
      neighbour(name, ["id: text('id').primaryKey()", type === 'timestamp' ? plain : zoned]),
    )
    .join('')}`;
  const before = {
    ...EMPTY,
    tables: names.map(([name, type]) => table(name, [ID, updated(type)], { primaryKey: PRIMARY_KEY })),
  };
  const notes = table('notes', [ID, updated('timestamp')], { primaryKey: PRIMARY_KEY });
  const { text } = edit(
    { '/p/schema.ts': schema },
    [{ kind: 'create-table', domain: undefined, table: notes }],
    { before },
  );
  expect(text('/p/schema.ts')).toContain(neighbour('notes', ["id: text('id').primaryKey()", plain]));
});
