import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, run } from '../project.ts';
import { describeDrizzle } from './drizzle-shape.ts';
import { UUID_KEY, changing, dropping, renaming, rowDates } from './plans.ts';

const ENTITIES = {
  'src/shared/kernel/status.enum.ts': `export enum EStatus {
  active = 'active',
  inactive = 'inactive',
}
`,
  'src/modules/accounts/infrastructure/persistence/user.schema.ts': `import { index, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

import { EStatus } from '@shared/kernel/status.enum';

export const users = pgTable(
  'users',
  {
    id: uuid('id').defaultRandom().primaryKey(),
    email: varchar('email', { length: 255 }).notNull().unique(),
    name: varchar('name', { length: 255 }).notNull(),
    password: varchar('password', { length: 255 }).notNull(),
    created_at: timestamp('created_at').defaultNow().notNull(),
    updated_at: timestamp('updated_at').defaultNow().notNull(),
    status: varchar('status', { length: 30 }).default(EStatus.active).notNull(),
  },
  table => ({
    nameIdx: index('users_name_idx').on(table.name),
    statusIdx: index('users_status_idx').on(table.status),
  })
);

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
`,
  'src/modules/accounts/infrastructure/persistence/user.drizzle.repository.ts': `import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';

import { schema } from '@platform/database/schema';

import { users } from './user.schema';

const db = drizzle(process.env.DATABASE_URL ?? '', { schema });

export class UserDrizzleRepository {
  async getByEmail(email: string) {
    const [row] = await db.select().from(users).where(eq(users.email, email));
    return row && { id: row.id, name: row.name, status: row.status };
  }
}
`,
  'src/modules/auth/infrastructure/persistence/refresh-token.schema.ts': `import { index, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

import { users } from '@modules/accounts/infrastructure/persistence/user.schema';

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid('id').defaultRandom().primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    jti: varchar('jti', { length: 128 }).notNull().unique(),
    tokenHash: varchar('token_hash', { length: 512 }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull(),
    revokedAt: timestamp('revoked_at', { withTimezone: true }),
  },
  table => ({
    userIdx: index('refresh_tokens_user_idx').on(table.userId),
    expiresAtIdx: index('refresh_tokens_expires_at_idx').on(table.expiresAt),
  })
);

export type RefreshToken = typeof refreshTokens.$inferSelect;
export type NewRefreshToken = typeof refreshTokens.$inferInsert;
`,
  'src/modules/content/infrastructure/persistence/post.schema.ts': `import { index, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

import { EStatus } from '@shared/kernel/status.enum';

export const posts = pgTable(
  'posts',
  {
    id: uuid('id').defaultRandom().primaryKey(),
    title: varchar('title', { length: 255 }).notNull(),
    content: text('content').notNull(),
    summary: varchar('summary', { length: 500 }),
    teaser: text('teaser'),
    status: varchar('status', { length: 30 }).default(EStatus.active).notNull(),
    created_at: timestamp('created_at').defaultNow().notNull(),
    updated_at: timestamp('updated_at').defaultNow().notNull(),
  },
  table => ({
    titleIdx: index('posts_title_idx').on(table.title),
    statusIdx: index('posts_status_idx').on(table.status),
  })
);

export type Post = typeof posts.$inferSelect;
export type NewPost = typeof posts.$inferInsert;
`,
  'src/platform/database/schema.ts': `import { users } from '@modules/accounts/infrastructure/persistence/user.schema';
import { refreshTokens } from '@modules/auth/infrastructure/persistence/refresh-token.schema';
import { posts } from '@modules/content/infrastructure/persistence/post.schema';

export { users, posts, refreshTokens };

export const schema = { users, posts, refreshTokens };

export type Schema = typeof schema;
`,
};

const BY_HAND = `CREATE TABLE "refresh_tokens" (
    "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
    "user_id" uuid NOT NULL,
    "jti" varchar(128) NOT NULL,
    "token_hash" varchar(512) NOT NULL,
    "expires_at" timestamptz NOT NULL,
    "created_at" timestamptz DEFAULT now() NOT NULL,
    "revoked_at" timestamptz,
    CONSTRAINT "refresh_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_jti_unique" UNIQUE ("jti");
--> statement-breakpoint
CREATE INDEX "refresh_tokens_user_idx" ON "refresh_tokens" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "refresh_tokens_expires_at_idx" ON "refresh_tokens" USING btree ("expires_at");
`;

/** The newest migration has no snapshot, one before it is a comment, the first snapshots are lost. */
function history({ root, cwd }: Project): void {
  const schema = join(root, 'src/platform/database/schema.ts');
  const whole = readFileSync(schema, 'utf8');
  writeFileSync(schema, whole.replace(/import \{ refreshTokens.*\n/, '').replaceAll(', refreshTokens', ''));
  run(cwd, ['drizzle-kit', 'generate', '--name', 'steep_racer']);
  writeFileSync(schema, whole);
  const out = join(root, 'src/platform/database/migrations');
  mkdirSync(out, { recursive: true });
  const journal = JSON.parse(readFileSync(join(out, 'meta/_journal.json'), 'utf8')) as { entries: Entry[] };
  const [first] = journal.entries;
  if (first === undefined) throw new Error('drizzle-kit made no migration');
  writeFileSync(join(out, '0001_placeholder.sql'), '-- Placeholder migration: legacy entry\n');
  writeFileSync(join(out, '0002_secure_refresh_tokens.sql'), BY_HAND);
  journal.entries.push(
    { ...first, idx: 1, when: first.when + 1000, tag: '0001_placeholder' },
    { ...first, idx: 2, when: first.when + 2000, tag: '0002_secure_refresh_tokens' },
  );
  writeFileSync(join(out, 'meta/_journal.json'), JSON.stringify(journal, null, 2));
  rmSync(join(out, 'meta/0001_snapshot.json'), { force: true });
}

interface Entry {
  readonly idx: number;
  readonly when: number;
  readonly tag: string;
}

const NEW_TABLE = `
migration_type: new_enum
enum_name: comment_state
values: [shown, hidden]
---
migration_type: new_domain
domain_name: content
table_name: comments
fields:
  ${UUID_KEY}
  - { name: post_id, type: uuid, constraints: [NOT NULL] }
  - { name: author_id, type: uuid, constraints: [REFERENCES users(id) ON DELETE SET NULL] }
  - { name: body, type: text, constraints: [NOT NULL] }
  - { name: state, type: comment_state, constraints: [NOT NULL], default: "'shown'" }
  ${rowDates('timestamp')}
indexes:
  - { fields: [post_id] }
  - { fields: [author_id] }
foreign_keys:
  - { field: post_id, references: posts(id), on_delete: CASCADE }
`;

describeDrizzle({
  name: 'clean architecture: modules, path aliases, a history with gaps',
  folder: 'clean-architecture',
  files: {
    'package.json': `{
  "name": "backend",
  "private": true,
  "scripts": {
    "format": "prettier --write .",
    "db:generate": "drizzle-kit generate",
    "db:migrate": "node ./scripts/run-migrations.mjs",
    "db:migrate:raw": "drizzle-kit migrate"
  },
  "module": "src/index.js"
}
`,
    '.prettierrc': `{
  "semi": true,
  "trailingComma": "es5",
  "singleQuote": true,
  "printWidth": 120,
  "arrowParens": "avoid"
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    /* Language */
    "target": "ES2021",
    "experimentalDecorators": true,
    /* Modules */
    "module": "ES2022",
    "moduleResolution": "bundler",
    "paths": {
      "@modules/*": ["./src/modules/*"],
      "@shared/*": ["./src/shared/*"],
      "@platform/*": ["./src/platform/*"],
    },
    "types": ["node"],
    "noEmit": true,
    "strict": true,
    "skipLibCheck": true /* Skip type checking all .d.ts files. */
  }
}
`,
    'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  schema: './src/platform/database/schema.ts',
  out: './src/platform/database/migrations',
  dialect: 'postgresql',
  dbCredentials: {
    url: process.env.DATABASE_URL!,
  },
});
`,
    ...ENTITIES,
  },
  history,
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', 'src/**/*.ts', 'drizzle.config.ts'],
  ],
  plans: {
    newTable: {
      refused: NEW_TABLE,
      code: 'answer-needed',
      says: ['0002_secure_refresh_tokens', '--repair-snapshots'],
      instead: NEW_TABLE,
      repairSnapshots: true,
    },
    columns: changing('posts')`
  add_columns:
    - { name: published_at, type: timestamp }
    - { name: author_id, type: uuid, constraints: [REFERENCES users(id) ON DELETE SET NULL] }
  add_indexes:
    - { fields: [author_id] }
`,
    rename: renaming('posts', 'summary', 'abstract'),
    typeChange: changing('posts')`
  modify_columns:
    - { name: abstract, old_type: VARCHAR(500), new_type: TEXT, default: "''", nullable: false }
`,
    drop: dropping('posts.teaser', 'the abstract took its place'),
  },
});
