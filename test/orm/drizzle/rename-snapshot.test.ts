import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyRenames, invertRenames } from '../../../src/orm/drizzle/rename-snapshot.ts';
import { unexplained } from '../../../src/orm/drizzle/snapshot-diff.ts';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

const names = { people: 'users', handle: 'nick', level: 'a', bee: 'b' };
type Names = typeof names;

/** The same source twice, but for its names in the database. */
function schemaWith({ people, handle, level, bee }: Names) {
  const rank = pgEnum('rank', [level, 'z']);
  const users = pgTable(
    people,
    {
      id: uuid().primaryKey(),
      nick: text(handle).notNull().unique(),
      rank: rank().default(level),
      loud: text().generatedAlwaysAs(sql.raw(`upper("${handle}")`)),
    },
    (t) => [
      index('users_nick_named').on(t.nick, t.id),
      index('expr').on(sql`lower(${t.nick})`),
      uniqueIndex('partial')
        .on(t.id)
        .where(sql`${t.nick} <> 'nick'`),
      check('c1', sql`${t.nick} <> ''`),
    ],
  );
  const posts = pgTable(
    'posts',
    { a: uuid().references(() => users.id), b: integer(bee), nick: text() },
    (t) => [
      primaryKey({ columns: [t.a, t.b] }),
      foreignKey({ columns: [t.nick], foreignColumns: [users.nick] }),
      unique('given').on(t.b),
    ],
  );
  return { rank, users, posts };
}

const renames: Change[] = [
  { kind: 'rename-table', table: { schema: 'public', name: 'users' }, to: 'people' },
  { kind: 'rename-column', table: { schema: 'public', name: 'people' }, from: 'nick', to: 'handle' },
  { kind: 'rename-column', table: { schema: 'public', name: 'posts' }, from: 'b', to: 'bee' },
  { kind: 'rename-enum-value', enum: { schema: 'public', name: 'rank' }, from: 'a', to: 'low' },
];

const before = generateDrizzleJson(schemaWith(names));
const after = generateDrizzleJson(
  schemaWith({ people: 'people', handle: 'handle', level: 'low', bee: 'bee' }),
  before.id,
);

beforeAll(() => loadSqlParser());

describe('renames in a snapshot', () => {
  it('leave nothing for the differ but constraints under newly derived names', async () => {
    const statements = await generateMigration(applyRenames(before, renames), after);
    const rebuilt =
      /^ALTER TABLE "\w+" (DROP|ADD) CONSTRAINT "(users_nick_unique|people_handle_unique|posts_\w+)"/;
    expect(statements.filter((statement) => !rebuilt.test(statement))).toEqual([]);
    expect(statements).toHaveLength(8);
  });

  it('are taken back by their inverse, to the byte', () => {
    expect(applyRenames(applyRenames(before, renames), invertRenames(renames))).toEqual(before);
  });

  it('explain everything that differs', () => {
    expect(unexplained(before, after, renames)).toEqual([]);
  });

  it('leave the snapshot that they are given as it is', () => {
    const copy = structuredClone(before);
    applyRenames(before, renames);
    expect(before).toEqual(copy);
  });

  it('do nothing where there is no snapshot yet', () => {
    expect(applyRenames(undefined, renames)).toBeUndefined();
  });

  it('leave string literals alone that read like the column', () => {
    expect(JSON.stringify(applyRenames(before, renames))).toContain(`<> 'nick'`);
  });
});
