import { describeDrizzle } from './drizzle-shape.ts';
import { UUID_KEY, changing, dropping, rowDates } from './plans.ts';

const ROOT = {
  'package.json': `{
	"name": "acme",
	"private": true,
	"packageManager": "pnpm@9.15.0",
	"scripts": {
		"check": "biome check"
	}
}
`,
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'biome.json': `{
	"formatter": { "indentStyle": "tab", "lineWidth": 100 },
	"javascript": { "formatter": { "quoteStyle": "double" } },
	"assist": { "actions": { "source": { "organizeImports": "on" } } }
}
`,
  'tsconfig.base.json': `{
	"compilerOptions": {
		"target": "ES2022",
		"module": "ESNext",
		"moduleResolution": "Bundler",
		"lib": ["ES2022"],
		"types": ["node"],
		"strict": true,
		"noUncheckedIndexedAccess": true,
		"skipLibCheck": true,
		"noEmit": true
	}
}
`,
};

const DB = {
  'packages/db/package.json': `{
	"name": "@acme/db",
	"private": true,
	"type": "module",
	"exports": {
		".": "./src/client.ts",
		"./schema": "./src/schema/index.ts"
	},
	"scripts": {
		"generate": "drizzle-kit generate",
		"migrate": "tsx src/migrate.ts"
	}
}
`,
  'packages/db/tsconfig.json': `{ "extends": "../../tsconfig.base.json", "include": ["src", "drizzle.config.ts"] }\n`,
  'packages/db/drizzle.config.ts': `import { defineConfig } from "drizzle-kit";
import { connectionString } from "./src/client";

export default defineConfig({
	dialect: "postgresql",
	schema: "./src/schema/index.ts",
	out: "./migrations",
	casing: "snake_case",
	dbCredentials: { url: connectionString },
	strict: true,
	verbose: true,
});
`,
  'packages/db/src/env.ts': `export function requireEnv(name: string): string {
	const value = process.env[name];
	if (value === undefined || value === "") throw new Error(\`\${name} is not set\`);
	return value;
}
`,
  'packages/db/src/client.ts': `import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { requireEnv } from "./env";
import * as schema from "./schema";

export const connectionString = requireEnv("ACME_DATABASE_URL");

export const pool = new Pool({ connectionString, max: 10 });
export const db = drizzle(pool, { schema, casing: "snake_case" });
export type Database = typeof db;
export * from "./schema";
`,
  'packages/db/src/migrate.ts': `import { migrate } from "drizzle-orm/node-postgres/migrator";
import { db, pool } from "./client";

await migrate(db, { migrationsFolder: "./migrations" });
await pool.end();
`,
  'packages/db/src/schema/index.ts': `export * from "./memberships";
export * from "./organizations";
export * from "./projects";
export * from "./users";
`,
  'packages/db/src/schema/columns.ts': `import { timestamp, uuid } from "drizzle-orm/pg-core";

export const id = () => uuid().primaryKey().defaultRandom();

export const timestamps = {
	createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
	updatedAt: timestamp({ withTimezone: true })
		.notNull()
		.defaultNow()
		.$onUpdate(() => new Date()),
};
`,
  'packages/db/src/schema/users.ts': `import { boolean, pgTable, text } from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns";

export const users = pgTable("users", {
	id: id(),
	email: text().notNull().unique(),
	name: text().notNull(),
	isAdmin: boolean().notNull().default(false),
	legacyAvatar: text(),
	...timestamps,
});

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
`,
  'packages/db/src/schema/organizations.ts': `import { pgTable, text } from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns";

export const organizations = pgTable("organizations", {
	id: id(),
	slug: text().notNull().unique(),
	name: text().notNull(),
	...timestamps,
});

export type Organization = typeof organizations.$inferSelect;
export type NewOrganization = typeof organizations.$inferInsert;
`,
  'packages/db/src/schema/memberships.ts': `import { pgEnum, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { timestamps } from "./columns";
import { organizations } from "./organizations";
import { users } from "./users";

export const membershipRole = pgEnum("membership_role", ["owner", "admin", "member"]);

export const memberships = pgTable(
	"memberships",
	{
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: "cascade" }),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		role: membershipRole().notNull().default("member"),
		...timestamps,
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.userId] })],
);

export type Membership = typeof memberships.$inferSelect;
export type NewMembership = typeof memberships.$inferInsert;
`,
  'packages/db/src/schema/projects.ts': `import { index, integer, pgTable, text, uuid, varchar } from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns";
import { organizations } from "./organizations";

export const projects = pgTable(
	"projects",
	{
		id: id(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: "cascade" }),
		name: text().notNull(),
		summary: varchar({ length: 500 }),
		budget: integer(),
		...timestamps,
	},
	(t) => [index("projects_organization_id_idx").on(t.organizationId)],
);

export type Project = typeof projects.$inferSelect;
export type NewProject = typeof projects.$inferInsert;
`,
};

const API = {
  'apps/api/package.json': `{
	"name": "@acme/api",
	"private": true,
	"type": "module",
	"dependencies": { "@acme/db": "workspace:*" }
}
`,
  'apps/api/tsconfig.json': `{ "extends": "../../tsconfig.base.json", "include": ["src"] }\n`,
  'apps/api/src/projects.ts': `import { db } from "@acme/db";
import { projects } from "@acme/db/schema";
import { eq } from "drizzle-orm";

export async function projectsOf(organizationId: string) {
	return db.select().from(projects).where(eq(projects.organizationId, organizationId));
}
`,
};

/** By somebody who has no database: the config's client asks for its URL all the same. */
const unset = (text: string) => ({ text, without: ['ACME_DATABASE_URL'] });

describeDrizzle({
  name: 'a monorepo whose drizzle config imports its database client',
  folder: 'monorepo',
  cwd: 'packages/db',
  workspace: { '@acme/db': 'packages/db', '@acme/api': 'apps/api' },
  env: { ACME_DATABASE_URL: 'postgres://acme:secret@127.0.0.1:1/acme' },
  files: { ...ROOT, ...DB, ...API },
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['tsc', '--noEmit', '-p', '../../apps/api'],
    ['biome', 'check', '--config-path', '../..', 'src', 'drizzle.config.ts'],
  ],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: task_state
values: [open, doing, done]
---
migration_type: new_table
table_name: tasks
fields:
  ${UUID_KEY}
  - { name: project_id, type: uuid, constraints: [NOT NULL] }
  - { name: assignee_id, type: uuid, constraints: [REFERENCES users(id) ON DELETE SET NULL] }
  - { name: title, type: text, constraints: [NOT NULL] }
  - { name: state, type: task_state, constraints: [NOT NULL], default: "'open'" }
  ${rowDates('timestamptz')}
indexes:
  - { fields: [project_id] }
foreign_keys:
  - { field: project_id, references: projects(id), on_delete: CASCADE }
`,
    columns: unset(
      changing('projects')`
  add_columns:
    - { name: archived_at, type: timestamptz }
    - { name: owner_id, type: uuid, constraints: [REFERENCES users(id) ON DELETE SET NULL] }
  add_indexes:
    - { fields: [owner_id] }
    - { fields: [organization_id, name], type: unique, where: archived_at IS NULL }
`,
    ),
    rename: `
migration_type: rename_table
table_name: memberships
changes:
  rename_table: organization_members
`,
    typeChange: unset(
      changing('projects')`
  modify_columns:
    - { name: summary, old_type: varchar(500), new_type: text, default: "''", nullable: false }
    - { name: budget, new_type: 'numeric(12, 2)' }
`,
    ),
    drop: dropping('users.legacy_avatar', 'unread since the gravatar release'),
  },
});
