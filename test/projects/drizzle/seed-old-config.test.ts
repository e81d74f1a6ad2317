import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';
import { UUID_KEY, changing, dropping, renaming } from './plans.ts';

const PACKAGE = 'packages/shared-schema';
const MIGRATIONS = `${PACKAGE}/src/migrations`;
const JOURNAL = `${MIGRATIONS}/meta/_journal.json`;

/** As drizzle-kit 0.20 wanted it. */
const OLD_CONFIG = `import type { Config } from 'drizzle-kit';

export default {
  schema: './src/schema/*.ts',
  out: './src/migrations',
  driver: 'pg',
  dbCredentials: {
    connectionString: process.env.DATABASE_URL || 'postgresql://csr:dev_password@localhost:1/csr',
  },
} satisfies Config;
`;

const CONFIG = OLD_CONFIG.replace("driver: 'pg'", "dialect: 'postgresql'").replace(
  'connectionString:',
  'url:',
);

const TABLES = {
  [`${PACKAGE}/src/schema/users.ts`]: `import { pgTable, uuid, varchar, timestamp, jsonb, pgEnum, text, integer, index } from 'drizzle-orm/pg-core';

// Enums
export const privacyRequestTypeEnum = pgEnum('privacy_request_type', ['export', 'delete']);

// Users table
export const users = pgTable('users', {
  id: uuid('id').defaultRandom().primaryKey(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  role: varchar('role', { length: 50 }).notNull(), // admin, company_user, participant, volunteer
  firstName: varchar('first_name', { length: 100 }),
  journeyFlags: jsonb('journey_flags').default({}),
  passwordHash: varchar('password_hash', { length: 255 }),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).defaultNow().notNull(),
});

// Companies table
export const companies = pgTable('companies', {
  id: uuid('id').defaultRandom().primaryKey(),
  name: varchar('name', { length: 255 }).notNull(),
  industry: varchar('industry', { length: 100 }),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
});

// Privacy requests table
export const privacyRequests = pgTable('privacy_requests', {
  id: uuid('id').defaultRandom().primaryKey(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  requestType: privacyRequestTypeEnum('request_type').notNull(),
  progress: integer('progress').notNull().default(0), // 0-100
  errorMessage: text('error_message'),
  requestedAt: timestamp('requested_at', { withTimezone: true }).defaultNow().notNull(),
}, (table) => ({
  userIdIdx: index('privacy_requests_user_id_idx').on(table.userId),
}));
`,
  [`${PACKAGE}/src/schema/kintell.ts`]: `import { pgTable, uuid, varchar, timestamp, integer, decimal, text, jsonb, index } from 'drizzle-orm/pg-core';
import { users } from './users.js';

export const kintellSessions = pgTable('kintell_sessions', {
  id: uuid('id').defaultRandom().primaryKey(),
  externalSessionId: varchar('external_session_id', { length: 255 }),
  sessionType: varchar('session_type', { length: 50 }).notNull(), // language | mentorship
  participantId: uuid('participant_id').notNull().references(() => users.id, { onDelete: 'cascade' }),

  // NEW: Data lineage and program context
  batchId: uuid('batch_id'), // Which import batch created this session

  scheduledAt: timestamp('scheduled_at', { withTimezone: true }),
  durationMinutes: integer('duration_minutes'),
  rating: decimal('rating', { precision: 3, scale: 2 }), // 0.00 - 1.00
  feedbackText: text('feedback_text'),
  languageLevel: varchar('language_level', { length: 10 }), // CEFR: A1, A2, B1, B2, C1, C2
  topics: jsonb('topics').$type<string[]>(),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
}, (table) => ({
  // NEW: Indexes for lineage and program queries
  batchIdIdx: index('kintell_sessions_batch_id_idx').on(table.batchId),
  participantIdIdx: index('kintell_sessions_participant_id_idx').on(table.participantId),
}));
`,
  [`${PACKAGE}/src/schema/index.ts`]: `// Export all schemas
export * from './users.js';
export * from './kintell.js';
`,
};

const HISTORY = {
  [`${MIGRATIONS}/0000_base_schema.sql`]: `-- Base Schema Migration
-- Creates core tables: users, companies, and related tables
-- This must run before other migrations that reference these tables

-- Create enums first
DO $$ BEGIN
    CREATE TYPE privacy_request_type AS ENUM ('export', 'delete');
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;

-- Users table
CREATE TABLE IF NOT EXISTS users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    email VARCHAR(255) UNIQUE NOT NULL,
    role VARCHAR(50) NOT NULL, -- admin, company_user, participant, volunteer
    first_name VARCHAR(100),
    journey_flags JSONB DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- Companies table
CREATE TABLE IF NOT EXISTS companies (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    industry VARCHAR(100),
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- Privacy Requests
CREATE TABLE IF NOT EXISTS privacy_requests (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    request_type privacy_request_type NOT NULL,
    progress INTEGER NOT NULL DEFAULT 0,
    error_message TEXT,
    requested_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS privacy_requests_user_id_idx ON privacy_requests(user_id);
`,
  [`${MIGRATIONS}/0001_add_password_hash.sql`]: `-- Migration: Add password_hash column to users table
-- This migration adds a nullable password_hash column for email/password authentication.

ALTER TABLE users ADD COLUMN password_hash VARCHAR(255);
`,
  [`${MIGRATIONS}/0002_kintell_tables.sql`]: `-- Kintell Tables Migration

-- Kintell Sessions
CREATE TABLE IF NOT EXISTS kintell_sessions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    external_session_id VARCHAR(255),
    session_type VARCHAR(50) NOT NULL, -- language | mentorship
    participant_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    batch_id UUID, -- Will add FK after ingestion_batches table created
    scheduled_at TIMESTAMPTZ,
    duration_minutes INTEGER,
    rating DECIMAL(3, 2), -- 0.00 - 1.00
    feedback_text TEXT,
    language_level VARCHAR(10), -- CEFR: A1, A2, B1, B2, C1, C2
    topics JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS kintell_sessions_batch_id_idx ON kintell_sessions(batch_id);
CREATE INDEX IF NOT EXISTS kintell_sessions_participant_id_idx ON kintell_sessions(participant_id);
`,
  [JOURNAL]: '{"version":"5","dialect":"pg","entries":[]}',
};

const TAGS = ['0000_base_schema', '0001_add_password_hash', '0002_kintell_tables'];

/** As the message says to write it. */
const FULL_JOURNAL = JSON.stringify({
  version: '7',
  dialect: 'postgresql',
  entries: TAGS.map((tag, idx) => ({
    idx,
    version: '7',
    when: 1_700_000_000_000 + idx,
    tag,
    breakpoints: true,
  })),
});

/** Names that Postgres has given, to what Drizzle derives. */
const RENAMES = `ALTER TABLE public.kintell_sessions RENAME CONSTRAINT kintell_sessions_participant_id_fkey TO kintell_sessions_participant_id_users_id_fk;
ALTER TABLE public.privacy_requests RENAME CONSTRAINT privacy_requests_user_id_fkey TO privacy_requests_user_id_users_id_fk;
ALTER TABLE public.users RENAME CONSTRAINT users_email_key TO users_email_unique;
`;

function renameConstraints({ cwd }: Project): void {
  run(cwd, ['drizzle-kit', 'generate', '--custom', '--name', 'rename_constraints']);
  writeFileSync(join(cwd, 'src/migrations/0003_rename_constraints.sql'), RENAMES);
}

const NEW_TABLE = `
migration_type: new_enum
enum_name: batch_state
values: [received, checked, imported]
---
migration_type: new_table
table_name: ingestion_batches
fields:
  ${UUID_KEY}
  - { name: company_id, type: uuid, constraints: [NOT NULL, REFERENCES companies(id) ON DELETE CASCADE] }
  - { name: state, type: batch_state, constraints: [NOT NULL], default: "'received'" }
  - { name: file_name, type: varchar(255), constraints: [NOT NULL] }
  - { name: created_at, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [company_id] }
`;

describeDrizzle({
  name: "a package as drizzle-kit 0.20 left it: driver 'pg', SQL by hand, a journal without entries",
  folder: 'seed-old-config',
  cwd: PACKAGE,
  workspace: { '@csr/shared-schema': PACKAGE },
  files: {
    'package.json': `{
  "name": "csr-platform",
  "private": true,
  "packageManager": "pnpm@8.15.0",
  "scripts": { "db:migrate": "pnpm --filter @csr/shared-schema db:migrate" }
}
`,
    'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n",
    'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "lib": ["ES2022"],
    "moduleResolution": "bundler",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "skipLibCheck": true,
    "types": ["node"]
  }
}
`,
    [`${PACKAGE}/package.json`]: `{
  "name": "@csr/shared-schema",
  "version": "1.0.0",
  "type": "module",
  "main": "./src/index.ts",
  "exports": { ".": "./src/index.ts", "./schema/*": "./src/schema/*.ts" },
  "scripts": {
    "build": "tsc",
    "db:generate": "drizzle-kit generate:pg",
    "db:migrate": "tsx src/migrate.ts"
  }
}
`,
    [`${PACKAGE}/tsconfig.json`]: `{
  "extends": "../../tsconfig.json",
  "compilerOptions": { "outDir": "./dist", "rootDir": "./src", "declaration": true },
  "include": ["src/**/*"],
  "exclude": ["node_modules", "dist", "src/seed/**/*"]
}
`,
    [`${PACKAGE}/drizzle.config.ts`]: OLD_CONFIG,
    [`${PACKAGE}/src/index.ts`]: "export * from './schema/index.js';\n",
    [`${PACKAGE}/src/migrate.ts`]: `import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';

await migrate(drizzle(process.env.DATABASE_URL ?? ''), { migrationsFolder: './src/migrations' });
`,
    ...TABLES,
    ...HISTORY,
  },
  history: () => undefined,
  checks: [['tsc', '--noEmit', '-p', '.']],
  plans: {
    newTable: {
      refused: NEW_TABLE,
      code: 'dialect-not-supported',
      says: [
        'has no dialect',
        "dialect: 'postgresql'",
        "driver: 'pg'",
        'url instead of connectionString',
        '`generate:pg`',
      ],
      followed: ({ cwd }) => {
        writeFileSync(join(cwd, 'drizzle.config.ts'), CONFIG);
        const manifest = readFileSync(join(cwd, 'package.json'), 'utf8');
        writeFileSync(join(cwd, 'package.json'), manifest.replace('generate:pg', 'generate'));
      },
      instead: {
        refused: NEW_TABLE,
        code: 'history-broken',
        says: ['_journal.json has no entries', FULL_JOURNAL],
        followed: ({ root }) => writeFileSync(join(root, JOURNAL), FULL_JOURNAL),
        instead: {
          refused: NEW_TABLE,
          code: 'answer-needed',
          says: ['0002_kintell_tables', '--repair-snapshots'],
          repairSnapshots: true,
          instead: {
            refused: NEW_TABLE,
            code: 'history-broken',
            says: ['generate --custom --name rename_constraints', RENAMES],
            followed: renameConstraints,
            repairSnapshots: true,
            instead: NEW_TABLE,
          },
        },
      },
    },
    columns: changing('kintell_sessions')`
  add_columns:
    - { name: volunteer_id, type: uuid, constraints: [REFERENCES users(id) ON DELETE SET NULL] }
    - { name: completed_at, type: timestamptz }
  add_indexes:
    - { fields: [volunteer_id] }
`,
    rename: renaming('kintell_sessions', 'feedback_text', 'comment'),
    typeChange: changing('kintell_sessions')`
  modify_columns:
    - { name: comment, new_type: varchar(2000) }
    - { name: language_level, nullable: false, default: "'A1'" }
`,
    drop: dropping('users.journey_flags', 'journeys are kept by another service'),
  },
});
