import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';
import { UUID_KEY, changing, dropping, renaming, rowDates } from './plans.ts';

const SCHEMA = `/**
 * Cloud - Drizzle Schema
 *
 * Generate migrations: npm run db:generate
 * Run migrations: npm run db:migrate
 */

import {
  pgTable,
  uuid,
  varchar,
  text,
  timestamp,
  boolean,
  jsonb,
  unique,
  index,
} from 'drizzle-orm/pg-core';
import { relations } from 'drizzle-orm';

// ============================================================================
// Users
// ============================================================================

export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  githubId: varchar('github_id', { length: 255 }).unique().notNull(),
  email: varchar('email', { length: 255 }),
  // Billing
  stripeCustomerId: varchar('stripe_customer_id', { length: 255 }),
  // Connections
  connectionId: varchar('connection_id', { length: 255 }), // Permanent login connection
  createdAt: timestamp('created_at').defaultNow().notNull(),
  updatedAt: timestamp('updated_at').defaultNow().notNull(),
}, (table) => ({
  connectionIdx: index('idx_users_connection').on(table.connectionId),
}));

export const usersRelations = relations(users, ({ many }) => ({
  workspaces: many(workspaces),
}));

// ============================================================================
// Workspaces
// ============================================================================

// Workspace configuration type
export interface WorkspaceConfig {
  providers?: string[];
  maxAgents?: number;
}

export const workspaces = pgTable('workspaces', {
  id: uuid('id').primaryKey().defaultRandom(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  name: varchar('name', { length: 255 }).notNull(),
  status: varchar('status', { length: 50 }).notNull().default('provisioning'),
  publicUrl: varchar('public_url', { length: 255 }),
  config: jsonb('config').$type<WorkspaceConfig>().notNull().default({}),
  errorMessage: text('error_message'),
  createdAt: timestamp('created_at').defaultNow().notNull(),
  updatedAt: timestamp('updated_at').defaultNow().notNull(),
}, (table) => ({
  userIdIdx: index('idx_workspaces_user_id').on(table.userId),
}));

export const workspacesRelations = relations(workspaces, ({ one, many }) => ({
  user: one(users, {
    fields: [workspaces.userId],
    references: [users.id],
  }),
  messages: many(agentMessages),
}));

// ============================================================================
// Agent messages
// ============================================================================

export const agentMessages = pgTable('agent_messages', {
  id: uuid('id').primaryKey().defaultRandom(),
  workspaceId: uuid('workspace_id').notNull().references(() => workspaces.id, { onDelete: 'cascade' }),
  originalId: varchar('original_id', { length: 255 }).notNull(),
  body: text('body').notNull(),
  thread: varchar('thread', { length: 255 }),
  isUrgent: boolean('is_urgent').notNull().default(false),
  createdAt: timestamp('created_at').defaultNow().notNull(),
}, (table) => ({
  workspaceOriginalUnique: unique('agent_messages_workspace_original_unique').on(table.workspaceId, table.originalId),
  workspaceIdIdx: index('idx_agent_messages_workspace_id').on(table.workspaceId),
}));

export const agentMessagesRelations = relations(agentMessages, ({ one }) => ({
  workspace: one(workspaces, {
    fields: [agentMessages.workspaceId],
    references: [workspaces.id],
  }),
}));
`;

const STRIPE = `-- The customer of the billing provider
ALTER TABLE "users" ADD COLUMN IF NOT EXISTS "stripe_customer_id" varchar(255);
--> statement-breakpoint
DO $$ BEGIN
  ALTER TABLE "users" ADD CONSTRAINT "users_github_id_unique" UNIQUE ("github_id");
EXCEPTION
  WHEN duplicate_table THEN null;
END $$;
`;

interface Journal {
  version: string;
  dialect: string;
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** Files are numbered from 0001 by hand; the newest was generated under the number before, and renamed. */
function history({ cwd }: Project): void {
  const out = join(cwd, 'src/cloud/db/migrations');
  const schema = join(cwd, 'src/cloud/db/schema.ts');
  const older = SCHEMA.slice(0, SCHEMA.indexOf('export const agentMessages'))
    .replace('  messages: many(agentMessages),\n', '')
    .replace("  stripeCustomerId: varchar('stripe_customer_id', { length: 255 }),\n", '');
  writeFileSync(schema, older);
  run(cwd, ['drizzle-kit', 'generate', '--name', 'initial']);
  renameSync(join(out, '0000_initial.sql'), join(out, '0001_initial.sql'));
  writeFileSync(join(out, '0002_stripe_customer_id.sql'), STRIPE);
  const path = join(out, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal;
  const [first] = journal.entries;
  if (first === undefined) throw new Error('drizzle-kit made no migration');
  journal.entries = [
    { ...first, version: '5', tag: '0001_initial', when: 1_735_689_600_000 },
    { ...first, version: '5', idx: 1, tag: '0002_stripe_customer_id', when: 1_735_776_000_000 },
  ];
  writeFileSync(path, JSON.stringify({ ...journal, version: '5', dialect: 'pg' }, null, 2));
  writeFileSync(schema, SCHEMA);
  run(cwd, ['drizzle-kit', 'generate', '--name', 'agent_messages']);
  // It has the column that 0002 added by hand, of which drizzle-kit knew nothing.
  const generated = readFileSync(join(out, '0002_agent_messages.sql'), 'utf8');
  writeFileSync(
    join(out, '0003_agent_messages.sql'),
    generated
      .split('--> statement-breakpoint\n')
      .filter((statement) => !statement.includes('stripe_customer_id'))
      .join('--> statement-breakpoint\n'),
  );
  rmSync(join(out, '0002_agent_messages.sql'));
  const after = JSON.parse(readFileSync(path, 'utf8')) as Journal;
  after.entries.at(-1)!.tag = '0003_agent_messages';
  writeFileSync(path, JSON.stringify(after, null, 2));
}

const NEW_TABLE = `
migration_type: new_enum
enum_name: channel_kind
values: [public, private]
---
migration_type: new_table
table_name: channels
fields:
  ${UUID_KEY}
  - { name: workspace_id, type: uuid, constraints: [NOT NULL, REFERENCES workspaces(id) ON DELETE CASCADE] }
  - { name: name, type: varchar(100), constraints: [NOT NULL] }
  - { name: kind, type: channel_kind, constraints: [NOT NULL], default: "'public'" }
  ${rowDates('timestamp')}
unique:
  - { fields: [workspace_id, name] }
indexes:
  - { fields: [workspace_id] }
`;

describeDrizzle({
  name: 'one schema file, numbers from 0001, statements that may run twice',
  folder: 'seed-one-file',
  files: {
    'package.json': `{
  "name": "relay",
  "private": true,
  "type": "module",
  "scripts": {
    "lint": "eslint src --ext .ts",
    "db:generate": "drizzle-kit generate",
    "db:migrate": "drizzle-kit migrate"
  },
  "tableplan": { "optIn": ["idempotent-ddl"] }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "lib": ["ES2022"],
    "types": ["node"],
    "outDir": "./dist",
    "rootDir": "./src",
    "strict": true,
    "esModuleInterop": true,
    "skipLibCheck": true
  },
  "include": ["src/**/*"],
  "exclude": ["node_modules", "dist", "src/**/*.test.ts"]
}
`,
    'drizzle.config.ts': `import type { Config } from 'drizzle-kit';

export default {
  schema: './src/cloud/db/schema.ts',
  out: './src/cloud/db/migrations',
  dialect: 'postgresql',
  dbCredentials: {
    url: process.env.DATABASE_URL || 'postgres://relay:dev_password@localhost:1/relay',
  },
  verbose: true,
  strict: true,
} satisfies Config;
`,
    'src/cloud/db/schema.ts': SCHEMA,
    'src/cloud/db/drizzle.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import * as schema from './schema.js';

export const db = drizzle(process.env.DATABASE_URL ?? '', { schema });
export const runMigrations = () => migrate(db, { migrationsFolder: 'src/cloud/db/migrations' });
`,
  },
  history,
  checks: [['tsc', '--noEmit', '-p', '.']],
  plans: {
    newTable: NEW_TABLE,
    columns: changing('workspaces')`
  add_columns:
    - { name: archived_at, type: timestamp }
    - { name: invited_by, type: uuid, constraints: [REFERENCES users(id)] }
  add_indexes:
    - { fields: [invited_by] }
`,
    rename: renaming('agent_messages', 'thread', 'thread_id'),
    typeChange: changing('agent_messages')`
  modify_columns:
    - { name: original_id, new_type: text }
    - { name: thread_id, nullable: false, default: "'main'" }
`,
    drop: dropping('workspaces.error_message', 'errors are events now'),
  },
});
