import { describeDrizzle } from './drizzle-shape.ts';
import { bundledTsconfig } from './package-files.ts';
import { changing, dropping, renaming, rowDates } from './plans.ts';

const TABLES = {
  'src/schema/db-schema.ts': `import { pgSchema } from 'drizzle-orm/pg-core'

export const appSchema = pgSchema('app')
`,
  'src/schema/helpers.ts': `import { timestamp } from 'drizzle-orm/pg-core'

export function timestamps() {
  return {
    createdAt: timestamp('created_at').notNull().defaultNow(),
    updatedAt: timestamp('updated_at')
      .notNull()
      .defaultNow()
      .$onUpdate(() => new Date()),
  }
}
`,
  'src/schema/models/workspaces.ts': `import { bigserial, varchar } from 'drizzle-orm/pg-core'
import { appSchema } from '../db-schema'
import { timestamps } from '../helpers'

export const workspaces = appSchema.table('workspaces', {
  id: bigserial('id', { mode: 'number' }).notNull().primaryKey(),
  name: varchar('name', { length: 256 }).notNull(),
  ...timestamps(),
})
`,
  'src/schema/models/users.ts': `import { boolean, text, uuid, varchar } from 'drizzle-orm/pg-core'
import { appSchema } from '../db-schema'
import { timestamps } from '../helpers'

export const users = appSchema.table('users', {
  id: uuid('id').notNull().primaryKey().defaultRandom(),
  name: text('name'),
  email: text('email').notNull().unique(),
  admin: boolean('admin').notNull().default(false),
  title: varchar('title', { length: 64 }),
  ...timestamps(),
})
`,
  'src/schema/models/projects.ts': `import { bigint, bigserial, index, integer, text, varchar } from 'drizzle-orm/pg-core'
import { appSchema } from '../db-schema'
import { timestamps } from '../helpers'
import { workspaces } from './workspaces'

export const projects = appSchema.table(
  'projects',
  {
    id: bigserial('id', { mode: 'number' }).notNull().primaryKey(),
    name: varchar('name', { length: 256 }).notNull(),
    workspaceId: bigint('workspace_id', { mode: 'number' })
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    position: integer('position'),
    notes: text('notes'),
    ...timestamps(),
  },
  (table) => ({
    workspaceIdx: index('workspace_idx').on(table.workspaceId),
  })
)
`,
  'src/schema/models/memberships.ts': `import { bigint, bigserial, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { appSchema } from '../db-schema'
import { timestamps } from '../helpers'
import { users } from './users'
import { workspaces } from './workspaces'

export const memberships = appSchema.table(
  'memberships',
  {
    id: bigserial('id', { mode: 'number' }).notNull().primaryKey(),
    workspaceId: bigint('workspace_id', { mode: 'number' })
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    ...timestamps(),
  },
  (table) => ({
    uniqueMembership: uniqueIndex('memberships_workspace_id_user_id_index').on(
      table.workspaceId,
      table.userId
    ),
  })
)
`,
  'src/schema/relations.ts': `import { relations } from 'drizzle-orm'

import { memberships } from './models/memberships'
import { projects } from './models/projects'
import { users } from './models/users'
import { workspaces } from './models/workspaces'

export const workspacesRelations = relations(workspaces, ({ many }) => ({
  memberships: many(memberships),
  projects: many(projects),
}))

export const projectsRelations = relations(projects, ({ one }) => ({
  workspace: one(workspaces, {
    fields: [projects.workspaceId],
    references: [workspaces.id],
  }),
}))

export const usersRelations = relations(users, ({ many }) => ({
  memberships: many(memberships),
}))

export const membershipsRelations = relations(memberships, ({ one }) => ({
  user: one(users, {
    fields: [memberships.userId],
    references: [users.id],
  }),
  workspace: one(workspaces, {
    fields: [memberships.workspaceId],
    references: [workspaces.id],
  }),
}))
`,
  'src/schema/index.ts': `export * from './db-schema'

// Accounts
export * from './models/memberships'
export * from './models/users'
export * from './models/workspaces'

// Content
export * from './models/projects'

export * from './relations'
`,
};

describeDrizzle({
  name: 'a Postgres schema with helpers, spread timestamps and relations in one file',
  folder: 'postgres-schema',
  files: {
    'package.json': `{
  "name": "@app/core",
  "private": true,
  "type": "module",
  "scripts": { "db:generate": "drizzle-kit generate", "db:migrate": "drizzle-kit migrate" }
}
`,
    '.prettierrc.json': '{ "semi": false, "singleQuote": true, "trailingComma": "es5", "printWidth": 100 }\n',
    '.prettierignore': 'drizzle\ndocs\n',
    'tsconfig.json': bundledTsconfig({ include: ['src'] }),
    'drizzle.config.ts': `import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'drizzle-kit'

const here = dirname(fileURLToPath(import.meta.url))
const at = (path: string) => './' + relative(process.cwd(), join(here, path))

export default defineConfig({
  out: at('drizzle'),
  schema: at('src/schema/index.ts'),
  schemaFilter: ['app'],
  dialect: 'postgresql',
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
  migrations: { schema: 'drizzle', table: '__drizzle_migrations' },
})
`,
    ...TABLES,
    'src/projects.ts': `import { type InferSelectModel } from 'drizzle-orm'
import { projects } from './schema'

export type Project = InferSelectModel<typeof projects>
export const title = (project: Project) => \`\${project.name} (\${project.position ?? 0})\`
`,
  },
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', 'src', 'drizzle.config.ts'],
  ],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: document_kind
schema: app
values: [prompt, agent]
---
migration_type: new_table
table_name: documents
schema: app
fields:
  - { name: id, type: bigserial, constraints: [PRIMARY KEY, NOT NULL] }
  - { name: project_id, type: bigint, constraints: [NOT NULL, REFERENCES app.projects(id) ON DELETE CASCADE] }
  - { name: author_id, type: uuid, constraints: [REFERENCES app.users(id) ON DELETE SET NULL] }
  - { name: kind, type: app.document_kind, constraints: [NOT NULL], default: "'prompt'" }
  - { name: content, type: text, constraints: [NOT NULL] }
  ${rowDates('timestamp')}
indexes:
  - { fields: [project_id] }
  - { fields: [author_id] }
`,
    columns: changing('app.projects')`
  add_columns:
    - { name: deleted_at, type: timestamp }
    - { name: lead_id, type: uuid, constraints: [REFERENCES app.users(id)] }
  add_indexes:
    - { fields: [lead_id] }
`,
    rename: renaming('app.memberships', 'user_id', 'member_id'),
    typeChange: changing('app.projects')`
  modify_columns:
    - { name: position, new_type: bigint, default: 0, nullable: false }
    - { name: name, new_type: text }
`,
    drop: dropping('app.users.title', 'the profile page shows it no more'),
  },
});
