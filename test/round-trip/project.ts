import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MigrationOptions, runMigrationCommand } from '../../src/commands/migration.ts';
import type { MigrationOutcome } from '../../src/pipeline/types.ts';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { makeTree } from '../workspace/tree.ts';

const SCHEMA = `import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, foreignKey, index, integer, pgEnum, pgMaterializedView, pgPolicy, pgTable, pgView, primaryKey, serial, text, timestamp, unique, uuid, varchar } from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);
export const unusedKind = pgEnum('unused_kind', ['a', 'b']);

export const teams = pgTable('teams', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 100 }).notNull(),
});

export const people = pgTable(
  'people',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    email: varchar('email', { length: 255 }).notNull().unique(),
    nick: varchar('nick', { length: 50 }),
    age: integer('age').default(0),
    score: text('score').default('1'),
    mood: mood('mood').notNull().default('ok'),
    bossId: uuid('boss_id').references((): AnyPgColumn => people.id),
    teamId: uuid('team_id').references(() => teams.id),
    city: text('city'),
    street: text('street'),
    createdAt: timestamp('created_at').defaultNow().notNull(),
  },
  (table) => [
    index('people_team_id_idx').on(table.teamId),
    unique('people_place').on(table.city, table.street),
    check('people_age_positive', sql\`\${table.age} >= 0\`),
  ],
);

export const seats = pgTable('seats', { row: integer('row').notNull(), place: integer('place').notNull(), personId: uuid('person_id') }, (table) => [
  primaryKey({ columns: [table.row, table.place] }),
  foreignKey({ columns: [table.personId], foreignColumns: [people.id], name: 'seats_person' }).onDelete('cascade'),
]);

export const docs = pgTable(
  'docs',
  {
    ownerId: uuid('owner_id'),
    title: text('title'),
    size: integer('size').notNull(),
    double: integer('double').generatedAlwaysAs(sql\`size * 2\`),
    host: varchar('host', { length: 45 }),
    number: serial('number'),
  },
  (t) => [
    pgPolicy('docs_own', { using: sql\`\${t.ownerId} is not null\`, withCheck: sql\`owner_id is not null\` }),
    check('docs_size', sql\`size > 0\`),
    index('docs_lower').on(sql\`lower(\${t.title})\`),
  ],
);
export const docsSized = pgPolicy('docs_sized', { for: 'select', using: sql\`size > 1\` }).link(docs);
export const titles = pgView('titles').as((query) => query.select({ title: docs.title, owner: docs.ownerId }).from(docs));
export const titlesLoud = pgView('titles_loud').as((query) => query.select({ title: titles.title }).from(titles));
export const sizes = pgMaterializedView('sizes').as((query) => query.select({ size: docs.size }).from(docs));

export const makers = pgTable('makers', { id: uuid('id').primaryKey() });
export const parts = pgTable('parts', { makerId: uuid('maker_id') }, (t) => [
  foreignKey({ columns: [t.makerId], foreignColumns: [makers.id], name: 'parts_maker_id_makers_id_fk' }),
]);

export const logs = pgTable('logs', { id: integer('id').generatedAlwaysAsIdentity(), line: text('line') });
`;

/** A project with every kind of object, its first migration made by drizzle-kit. */
export function makeProject(): string {
  const root = makeTree(
    {
      'package.json': JSON.stringify({
        name: 'round-trip',
        private: true,
        type: 'module',
        scripts: { generate: 'drizzle-kit generate' },
      }),
      'drizzle.config.ts':
        "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };\n",
      'src/schema.ts': SCHEMA,
    },
    'tableplan round-trip-',
  );
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  drizzleKit(root, 'generate', '--name', 'init');
  return root;
}

export function drizzleKit(root: string, ...args: string[]): string {
  return execFileSync(process.execPath, [join(root, 'node_modules/drizzle-kit/bin.cjs'), ...args], {
    cwd: root,
    env: consumerEnv(),
    encoding: 'utf8',
  });
}

export function migrate(
  root: string,
  plan: string,
  more: Partial<Pick<MigrationOptions, 'writeAnyway' | 'typecheck' | 'rehearse'>> = {},
): Promise<MigrationOutcome> {
  return runMigrationCommand({
    cwd: root,
    words: [plan],
    dryRun: false,
    typecheck: false,
    tests: false,
    rehearse: false,
    enforce: false,
    say: () => undefined,
    ...more,
  });
}

/** The SQL files of the migrations folder, in order. */
export function migrationFiles(root: string): string[] {
  return readdirSync(join(root, 'drizzle'))
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(join(root, 'drizzle', name), 'utf8'));
}
