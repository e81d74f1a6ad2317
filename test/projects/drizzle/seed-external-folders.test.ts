import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';

const FOLDER = 'src/external/drizzle';

const TABLES = {
  'src/core/shared/status.enum.ts': `export enum EStatus {
  active = 'active',
  inactive = 'inactive',
  deleted = 'deleted',
}
`,
  [`${FOLDER}/users/user.schema.ts`]: `import { index, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

import { EStatus } from '../../../core/shared/status.enum';

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    email: varchar('email', { length: 255 }).notNull().unique(),
    name: varchar('name', { length: 255 }).notNull(),
    password: varchar('password', { length: 255 }).notNull(),
    nickname: varchar('nickname', { length: 60 }),
    status: varchar('status', { length: 30 }).default(EStatus.active).notNull(),
    createdAt: timestamp('created_at').defaultNow().notNull(),
    updatedAt: timestamp('updated_at').defaultNow().notNull(),
  },
  table => {
    return {
      nameIdx: index('users_name_idx').on(table.name),
      statusIdx: index('users_status_idx').on(table.status),
      nameStatusIdx: index('users_name_status_idx').on(table.name, table.status),
    };
  }
);

export type DrizzleUser = typeof users.$inferSelect;
export type NewDrizzleUser = typeof users.$inferInsert;
`,
  [`${FOLDER}/users/user.drizzle.repository.ts`]: `import { and, eq } from 'drizzle-orm';

import { EStatus } from '../../../core/shared/status.enum';
import { db } from '../connection';
import { type DrizzleUser, users } from './user.schema';

export class UserDrizzleRepository {
  async getByEmail(email: string) {
    const result = await db
      .select()
      .from(users)
      .where(and(eq(users.email, email), eq(users.status, EStatus.active)))
      .limit(1);
    return result[0] ? this.toDomain(result[0]) : undefined;
  }

  private toDomain(drizzleUser: DrizzleUser) {
    return { id: drizzleUser.id, name: drizzleUser.name, email: drizzleUser.email };
  }
}
`,
  [`${FOLDER}/posts/post.schema.ts`]: `import { index, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

import { EStatus } from '../../../core/shared/status.enum';
import { users } from '../users/user.schema';

export const posts = pgTable(
  'posts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    title: varchar('title', { length: 255 }).notNull(),
    content: text('content').notNull(),
    excerpt: varchar('excerpt', { length: 500 }),
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    status: varchar('status', { length: 30 }).default(EStatus.active).notNull(),
    createdAt: timestamp('created_at').defaultNow().notNull(),
    updatedAt: timestamp('updated_at').defaultNow().notNull(),
  },
  table => {
    return {
      titleIdx: index('posts_title_idx').on(table.title),
      authorIdx: index('posts_author_id_idx').on(table.authorId),
      statusIdx: index('posts_status_idx').on(table.status),
    };
  }
);

export type DrizzlePost = typeof posts.$inferSelect;
export type NewDrizzlePost = typeof posts.$inferInsert;
`,
  [`${FOLDER}/categories/category.schema.ts`]: `import { index, pgTable, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';

import { EStatus } from '../../../core/shared/status.enum';

export const categories = pgTable(
  'categories',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: varchar('name', { length: 100 }).notNull(),
    description: text('description'),
    status: varchar('status', { length: 20 }).default(EStatus.active).notNull(),
    createdAt: timestamp('created_at').defaultNow().notNull(),
    updatedAt: timestamp('updated_at').defaultNow().notNull(),
  },
  table => {
    return {
      nameIdx: uniqueIndex('categories_name_idx').on(table.name),
      statusIdx: index('categories_status_idx').on(table.status),
    };
  }
);

export type DrizzleCategory = typeof categories.$inferSelect;
export type NewDrizzleCategory = typeof categories.$inferInsert;
`,
};

const SCHEMA = `import { categories } from './categories/category.schema';
import { posts } from './posts/post.schema';
import { users } from './users/user.schema';

// Export all tables for Drizzle
export { users, posts, categories };

// Export schema object
export const schema = { users, posts, categories };

export type Schema = typeof schema;
`;

const README = `# Migrations Documentation

This directory contains documentation for standalone database migrations that are not part of CRUD module generation.

## Current Migrations

### Core Schema (Existing)

- **Migration 0000-0004**: Initial project setup and posts
- Location: \`src/external/drizzle/migrations/\`

### Standalone Migrations

- [Migration 0005: Add categories](migration-0005-add-categories.md)
`;

const RECORD = `# Migration 0005: Add categories

## Overview

**Migration File**: \`0005_wonderful_omega_red.sql\`  
**Applied**: 2025-09-21  
**Type**: New Table  
**Impact**: Low

## Changes Made

### Tables Affected

- \`categories\` - created
`;

interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly unknown[];
}

/** The first migrations are comments, their snapshots are lost; one of those after them has rows. */
function history({ cwd }: Project): void {
  const out = join(cwd, FOLDER, 'migrations');
  mkdirSync(join(out, 'meta'), { recursive: true });
  const lost = ['0000_steep_rocket_racer', '0001_empty_phantom_reporter', '0002_white_sage'];
  for (const tag of lost)
    writeFileSync(
      join(out, `${tag}.sql`),
      '-- Placeholder migration: legacy entry referenced in meta journal\n',
    );
  const entries = lost.map((tag, idx) => ({
    idx,
    version: '7',
    when: 1_757_088_124_138 + idx * 1000,
    tag,
    breakpoints: true,
  }));
  const journal: Journal = { version: '7', dialect: 'postgresql', entries };
  writeFileSync(join(out, 'meta/_journal.json'), JSON.stringify(journal, null, 2));
  generate(cwd, 'vengeful_onslaught', ['users']);
  generate(cwd, 'glamorous_silvermane', ['users', 'posts']);
  appendFileSync(
    join(out, '0004_glamorous_silvermane.sql'),
    `--> statement-breakpoint
INSERT INTO "posts" ("title", "content", "status", "created_at", "updated_at")
VALUES
	('Welcome to the blog', 'First example post seeded during migration.', 'active', now(), now()),
	('What''s new in our API', 'This post showcases the brand new posts module.', 'active', now(), now());
`,
  );
  generate(cwd, 'wonderful_omega_red', ['users', 'posts', 'categories']);
  rmSync(join(out, 'meta/0003_snapshot.json'));
  run(cwd, ['prettier', '--write', '.']);
}

/** drizzle-kit's migration for the tables that the schema file names at that time. */
function generate(cwd: string, name: string, tables: readonly string[]): void {
  const path = join(cwd, FOLDER, 'schema.ts');
  const whole = readFileSync(path, 'utf8');
  const missing = ['users', 'posts', 'categories'].filter((table) => !tables.includes(table));
  const lines = whole
    .split('\n')
    .filter((line) => !missing.some((table) => line.includes(`{ ${table} } from`)));
  writeFileSync(
    path,
    missing.reduce((text, table) => text.replaceAll(`, ${table}`, ''), lines.join('\n')),
  );
  run(cwd, ['drizzle-kit', 'generate', '--name', name]);
  writeFileSync(path, whole);
}

const TYPE_CHANGE = `
migration_type: 'modify_existing'
table_name: 'posts'
changes:
  modify_columns:
    - name: 'summary'
      old_type: 'VARCHAR(500)'
      new_type: 'TEXT'
      nullable: false
      default: "''"
`;

/** A migration by hand for the rows that an older one has inserted. */
function fillSummaries({ cwd }: Project): void {
  run(cwd, ['drizzle-kit', 'generate', '--custom', '--name', 'fill_summaries']);
  const sql = 'UPDATE "posts" SET "summary" = \'\' WHERE "summary" IS NULL;\n';
  writeFileSync(join(cwd, FOLDER, 'migrations/0009_fill_summaries.sql'), sql);
  run(cwd, ['prettier', '--write', '.']);
}

describeDrizzle({
  name: 'folders of domains below src/external, callbacks with a return, records by hand',
  folder: 'seed-external-folders',
  files: {
    '.gitignore': 'node_modules\n.env\n',
    'package.json': `{
  "name": "architecture-backend",
  "private": true,
  "scripts": {
    "format": "prettier --write .",
    "format:check": "prettier --check .",
    "dev": "bun run --watch src/index.ts",
    "db:generate": "drizzle-kit generate",
    "db:migrate": "node ./scripts/run-migrations.mjs",
    "db:migrate:raw": "drizzle-kit migrate",
    "db:push": "drizzle-kit push"
  },
  "module": "src/index.js"
}
`,
    'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }\n',
    '.prettierrc': `{
  "semi": true,
  "trailingComma": "es5",
  "singleQuote": true,
  "printWidth": 120,
  "tabWidth": 2,
  "useTabs": false,
  "bracketSpacing": true,
  "arrowParens": "avoid",
  "endOfLine": "lf"
}
`,
    '.prettierignore': 'node_modules/\ndist/\ncoverage/\n*.log\n.env\n*.lock\n',
    'tsconfig.json': `{
  "compilerOptions": {
    /* Language and Environment */
    "target": "ES2021",
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,

    /* Modules */
    "module": "ES2022",
    "moduleResolution": "bundler",
    "types": ["node"],

    /* Interop Constraints */
    "esModuleInterop": true,

    /* Type Checking */
    "strict": true,
    "skipLibCheck": true
  }
}
`,
    'env.example': 'DATABASE_URL=postgresql://user:password@localhost:5432/app\n',
    'drizzle.config.ts': `import 'dotenv/config';
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  schema: './src/external/drizzle/schema.ts',
  out: './src/external/drizzle/migrations',
  dialect: 'postgresql',
  dbCredentials: {
    url: process.env.DATABASE_URL!,
  },
});
`,
    'scripts/run-migrations.mjs': `import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';

await migrate(drizzle(process.env.DATABASE_URL), { migrationsFolder: 'src/external/drizzle/migrations' });
`,
    'docs/migrations/README.md': README,
    'docs/migrations/migration-0005-add-categories.md': RECORD,
    [`${FOLDER}/schema.ts`]: SCHEMA,
    [`${FOLDER}/connection.ts`]: `import { drizzle } from 'drizzle-orm/node-postgres';

import { schema } from './schema';

const url = process.env.DATABASE_URL;

if (!url) {
  throw new Error('DATABASE_URL environment variable is required to initialize the database connection.');
}

export const db = drizzle(url, { schema });
`,
    ...TABLES,
  },
  history,
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', '.'],
  ],
  plans: {
    newTable: `
migration_type: 'new_domain'
domain_name: 'products'
table_name: 'products'
fields:
  - name: 'id'
    type: 'UUID'
    constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()']
  - name: 'name'
    type: 'VARCHAR(100)'
    constraints: ['NOT NULL', 'UNIQUE']
  - name: 'description'
    type: 'TEXT'
    constraints: []
  - name: 'price'
    type: 'INTEGER'
    constraints: ['NOT NULL']
  - name: 'category_id'
    type: 'UUID'
    constraints: ['NOT NULL']
  - name: 'kind'
    type: 'product_kind'
    constraints: ['NOT NULL', "DEFAULT 'goods'"]
  - name: 'status'
    type: 'VARCHAR(20)'
    constraints: ['NOT NULL', "DEFAULT 'active'"]
  - name: 'created_at'
    type: 'TIMESTAMP'
    constraints: ['NOT NULL', 'DEFAULT NOW()']
  - name: 'updated_at'
    type: 'TIMESTAMP'
    constraints: ['NOT NULL', 'DEFAULT NOW()']

indexes:
  - fields: ['name']
    type: 'unique'
  - fields: ['category_id']
    type: 'index'
  - fields: ['status']
    type: 'index'

foreign_keys:
  - field: 'category_id'
    references: 'categories(id)'
    on_delete: 'CASCADE'
---
migration_type: 'new_enum'
enum_name: 'product_kind'
values: ['goods', 'service']
`,
    columns: `
migration_type: 'modify_existing'
table_name: 'posts'
changes:
  add_columns:
    - name: 'category_id'
      type: 'UUID'
      constraints: ['NULL']
    - { name: 'published_at', type: 'TIMESTAMP' }
  add_indexes:
    - fields: ['category_id']
      type: 'index'
  add_foreign_keys:
    - field: 'category_id'
      references: 'categories(id)'
      on_delete: 'SET NULL'
`,
    rename: `
migration_type: 'modify_existing'
table_name: 'posts'
changes:
  rename_columns:
    - { from: 'excerpt', to: 'summary' }
`,
    typeChange: {
      refused: TYPE_CHANGE,
      code: 'plan-invalid',
      says: ['contains null values', 'UPDATE "posts" SET "summary" = … WHERE "summary" IS NULL;'],
      followed: fillSummaries,
      instead: TYPE_CHANGE,
    },
    drop: `
migration_type: 'modify_existing'
table_name: 'users'
changes:
  drop_columns:
    - 'nickname'
safety:
  allow:
    - { rule: drop-column, object: users.nickname, reason: names are shown in full }
`,
  },
});
