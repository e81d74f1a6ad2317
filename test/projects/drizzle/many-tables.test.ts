import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';
import { bundledTsconfig } from './package-files.ts';
import { changing } from './plans.ts';

const TABLES = 110;
const name = (index: number): string => `resource${String(index).padStart(3, '0')}`;

/** Each with an owner, a key to the table before it, an enum for every tenth. */
function table(index: number): string {
  const variable = name(index);
  const before = name(index - 1);
  const parent =
    index === 0
      ? ''
      : `    parentId: text('parent_id').references(() => ${before}.id, { onDelete: 'set null' }),\n`;
  const type = index % 10 === 0 ? `    state: ${variable}State('state').notNull().default('new'),\n` : '';
  const declared =
    index % 10 === 0
      ? `export const ${variable}State = pgEnum('${variable}_state', ['new', 'done'])\n\n`
      : '';
  return `${declared}export const ${variable} = pgTable(
  '${variable}',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
${parent}${type}    title: varchar('title', { length: 200 }),
    weight: integer('weight').notNull().default(0),
    // Kept for the old importer.
    legacyCode: text('legacy_code'),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: timestamp('created_at').notNull().defaultNow(),
    updatedAt: timestamp('updated_at').notNull().defaultNow(),
  },
  (table) => ({
    userIdIdx: index('${variable}_user_id_idx').on(table.userId),
    userCreatedIdx: index('${variable}_user_created_idx').on(table.userId, table.createdAt),
  })
)
`;
}

const SCHEMA = `import {
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  timestamp,
  varchar,
} from 'drizzle-orm/pg-core'

export const user = pgTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull(),
  createdAt: timestamp('created_at').notNull(),
  updatedAt: timestamp('updated_at').notNull(),
})

${Array.from({ length: TABLES }, (_, index) => table(index)).join('\n')}`;

/** What people write who need CONCURRENTLY in a migrator that opens a transaction. */
const WITHOUT_TRANSACTION = `COMMIT;
--> statement-breakpoint
SET lock_timeout = 0;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "resource001_title_idx" ON "resource001" USING btree ("title");
--> statement-breakpoint
SET lock_timeout = '5s';`;

const SCHEMA_FILE = 'packages/db/schema.ts';
const INDEX = "    userIdIdx: index('resource001_user_id_idx').on(table.userId),\n";

function history({ cwd }: Project): void {
  run(cwd, ['drizzle-kit', 'generate', '--name', 'init']);
  const path = join(cwd, 'schema.ts');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(
      INDEX,
      `${INDEX}    titleIdx: index('resource001_title_idx').on(table.title),\n`,
    ),
  );
  run(cwd, ['drizzle-kit', 'generate', '--name', 'title_index']);
  writeFileSync(join(cwd, 'migrations/0001_title_index.sql'), WITHOUT_TRANSACTION);
}

describeDrizzle({
  name: 'a schema of 110 tables in one file, with COMMIT in its migrations',
  folder: 'many-tables',
  cwd: 'packages/db',
  workspace: { '@big/db': 'packages/db' },
  files: {
    'package.json': '{ "name": "big", "private": true, "workspaces": ["packages/*"] }\n',
    'biome.json': `{
  "formatter": { "indentStyle": "space", "indentWidth": 2, "lineWidth": 100 },
  "javascript": { "formatter": { "quoteStyle": "single", "semicolons": "asNeeded", "trailingCommas": "es5" } }
}
`,
    'packages/db/package.json': `{
  "name": "@big/db",
  "private": true,
  "type": "module",
  "exports": { ".": "./index.ts", "./schema": "./schema.ts" },
  "scripts": { "db:generate": "drizzle-kit generate", "db:migrate": "drizzle-kit migrate" }
}
`,
    'packages/db/tsconfig.json': bundledTsconfig({ include: ['*.ts'], exclude: ['drizzle.config.ts'] }),
    'packages/db/drizzle.config.ts': `import type { Config } from 'drizzle-kit'

export default {
  schema: './schema.ts',
  out: './migrations',
  dialect: 'postgresql',
  dbCredentials: { url: process.env.DATABASE_URL! },
} satisfies Config
`,
    'packages/db/index.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'

export * from './schema'
export const db = drizzle(process.env.DATABASE_URL!, { schema })
`,
    [SCHEMA_FILE]: SCHEMA,
  },
  history,
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['biome', 'format', '--config-path', '../..', 'schema.ts', 'index.ts'],
  ],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: share_mode
values: [view, edit]
---
migration_type: new_table
table_name: share
fields:
  - { name: id, type: text, constraints: [PRIMARY KEY] }
  - { name: resource_id, type: text, constraints: [NOT NULL, REFERENCES resource109(id) ON DELETE CASCADE] }
  - { name: user_id, type: text, constraints: [NOT NULL, REFERENCES "user"(id) ON DELETE CASCADE] }
  - { name: mode, type: share_mode, constraints: [NOT NULL], default: "'view'" }
  - { name: created_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [resource_id] }
  - { fields: [user_id] }
`,
    columns: changing('resource050')`
  add_columns:
    - { name: archived_at, type: timestamp }
    - { name: is_pinned, type: boolean, constraints: [NOT NULL, DEFAULT false] }
  add_indexes:
    - { fields: [user_id, archived_at], where: archived_at IS NULL }
`,
    rename: `
migration_type: rename_table
table_name: resource108
changes:
  rename_table: attachment
`,
    typeChange: changing('resource001')`
  modify_columns:
    - { name: title, new_type: text, nullable: false }
    - { name: weight, new_type: bigint }
`,
    drop: {
      refused: `
migration_type: drop_table
table_name: resource109
`,
      code: 'plan-conflict',
      says: ['resource109 is referred to by share_resource_id_resource109_id_fk of share'],
      instead: `
migration_type: drop_table
table_name: share
safety:
  allow:
    - { rule: drop-table, object: share, reason: the module is gone since March }
    - { rule: drop-table, object: resource109, reason: nothing but shares had them }
---
migration_type: drop_enum
enum_name: share_mode
---
migration_type: drop_table
table_name: resource109
`,
    },
  },
});
