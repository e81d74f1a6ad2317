import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';
import { UUID_KEY, changing, dropping, renaming } from './plans.ts';

const CONFIG = `import type { Config } from 'drizzle-kit';

export default {
  schema: './src/schema/*.ts',
  out: './src/migrations',
  dialect: 'postgresql',
  dbCredentials: {
    url: process.env.DATABASE_URL || 'postgresql://csr:dev_password@localhost:1/csr',
  },
} satisfies Config;
`;

const TABLES = {
  'packages/shared-schema/src/schema/users.ts': `import { pgTable, uuid, varchar, timestamp } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: uuid('id').defaultRandom().primaryKey(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  role: varchar('role', { length: 50 }).notNull(), // admin, company_user, participant, volunteer
  passwordHash: varchar('password_hash', { length: 255 }),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).defaultNow().notNull(),
});

export const companies = pgTable('companies', {
  id: uuid('id').defaultRandom().primaryKey(),
  name: varchar('name', { length: 255 }).notNull(),
  industry: varchar('industry', { length: 100 }),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
});
`,
  'packages/shared-schema/src/schema/buddy.ts': `import { pgTable, uuid, varchar, timestamp, text, decimal, jsonb, index } from 'drizzle-orm/pg-core';
import { users } from './users.js';

export const buddyMatches = pgTable('buddy_matches', {
  id: uuid('id').defaultRandom().primaryKey(),
  participantId: uuid('participant_id').notNull().references(() => users.id),
  buddyId: uuid('buddy_id').notNull().references(() => users.id),
  matchedAt: timestamp('matched_at', { withTimezone: true }).defaultNow().notNull(),
  status: varchar('status', { length: 50 }).notNull().default('active'), // active, inactive, ended
  endedAt: timestamp('ended_at', { withTimezone: true }),
});

export const buddyFeedback = pgTable('buddy_feedback', {
  id: uuid('id').defaultRandom().primaryKey(),
  matchId: uuid('match_id').notNull().references(() => buddyMatches.id),
  fromRole: varchar('from_role', { length: 50 }).notNull(), // participant | buddy
  rating: decimal('rating', { precision: 3, scale: 2 }).notNull(), // 0.00 - 1.00
  feedbackText: text('feedback_text'),
  submittedAt: timestamp('submitted_at', { withTimezone: true }).defaultNow().notNull(),
});

/**
 * All events received from webhooks
 */
export const buddySystemEvents = pgTable(
  'buddy_system_events',
  {
    id: uuid('id').defaultRandom().primaryKey(),
    eventId: uuid('event_id').notNull().unique(), // From event payload
    eventType: varchar('event_type', { length: 100 }).notNull(),
    userId: varchar('user_id', { length: 100 }),
    payload: jsonb('payload').notNull(), // Full event payload
    legacySource: varchar('legacy_source', { length: 40 }),
    createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
  },
  (table) => ({
    eventTypeIdx: index('buddy_events_event_type_idx').on(table.eventType),
  })
);
`,
  'packages/shared-schema/src/schema/programs.ts': `import { pgTable, uuid, varchar, timestamp } from 'drizzle-orm/pg-core';
import { companies } from './users.js';

export const programs = pgTable('programs', {
  id: uuid('id').defaultRandom().primaryKey(),
  companyId: uuid('company_id').notNull().references(() => companies.id, { onDelete: 'cascade' }),
  name: varchar('name', { length: 255 }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
});
`,
  'packages/shared-schema/src/schema/index.ts': `// Export all schemas
export * from './users.js';
export * from './buddy.js';

// NEW: Program hierarchy schemas
export * from './programs.js';
`,
};

/** What drizzle-kit made, and the rollbacks that people wrote. */
function history({ cwd }: Project): void {
  const out = join(cwd, 'src/migrations');
  run(cwd, ['drizzle-kit', 'generate', '--name', 'base_schema']);
  mkdirSync(join(out, 'rollback'));
  writeFileSync(
    join(out, 'rollback/rollback_20250110_101500_base_schema.sql'),
    'DROP TABLE IF EXISTS programs, buddy_system_events, buddy_feedback, buddy_matches, companies, users;\n',
  );
}

describeDrizzle({
  name: 'a shared schema package: a glob with an index beside it, .js endings, rollback scripts by date',
  folder: 'seed-shared-package',
  cwd: 'packages/shared-schema',
  workspace: { '@csr/shared-schema': 'packages/shared-schema' },
  files: {
    'package.json': '{ "name": "csr", "private": true, "packageManager": "pnpm@8.15.0" }\n',
    'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n",
    '.prettierrc.json': '{ "semi": true, "trailingComma": "es5", "singleQuote": true, "printWidth": 100 }\n',
    'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "types": ["node"],
    "strict": true,
    "skipLibCheck": true,
    "declaration": true
  }
}
`,
    'packages/shared-schema/package.json': `{
  "name": "@csr/shared-schema",
  "type": "module",
  "main": "./src/index.ts",
  "exports": { ".": "./src/index.ts", "./schema/*": "./src/schema/*.ts" },
  "scripts": {
    "build": "tsc",
    "db:generate": "drizzle-kit generate",
    "db:migrate": "tsx src/migrate.ts"
  }
}
`,
    'packages/shared-schema/tsconfig.json': `{
  "extends": "../../tsconfig.json",
  "compilerOptions": { "outDir": "./dist", "composite": true },
  "include": ["src/**/*"],
  "exclude": ["node_modules", "dist", "src/seed/**/*"]
}
`,
    'packages/shared-schema/drizzle.config.ts': CONFIG,
    'packages/shared-schema/src/index.ts': "export * from './schema/index.js';\n",
    'packages/shared-schema/src/migrate.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';

await migrate(drizzle(process.env.DATABASE_URL ?? ''), { migrationsFolder: 'src/migrations' });
`,
    ...TABLES,
  },
  history,
  checks: [['tsc', '--noEmit', '-p', '.', '--composite', 'false']],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: enrollment_state
values: [invited, active, finished]
---
migration_type: new_table
table_name: program_enrollments
fields:
  ${UUID_KEY}
  - { name: program_id, type: uuid, constraints: [NOT NULL, REFERENCES programs(id) ON DELETE CASCADE] }
  - { name: user_id, type: uuid, constraints: [NOT NULL, REFERENCES users(id)] }
  - { name: state, type: enrollment_state, constraints: [NOT NULL], default: "'invited'" }
  - { name: created_at, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [program_id] }
  - { fields: [user_id] }
`,
    columns: changing('buddy_matches')`
  add_columns:
    - { name: program_id, type: uuid, constraints: [REFERENCES programs(id) ON DELETE SET NULL] }
    - { name: end_reason, type: text }
  add_indexes:
    - { fields: [program_id] }
`,
    rename: renaming('buddy_feedback', 'feedback_text', 'comment'),
    typeChange: changing('buddy_feedback')`
  modify_columns:
    - { name: comment, new_type: varchar(2000) }
    - { name: rating, new_type: 'numeric(4, 2)' }
    - { name: from_role, new_type: text, default: "'participant'" }
`,
    drop: dropping('buddy_system_events.legacy_source', 'no source is legacy any more'),
  },
});
