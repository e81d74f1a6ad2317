import { describeDrizzle } from './drizzle-shape.ts';
import { bundledTsconfig } from './package-files.ts';
import { changing, dropping, renaming } from './plans.ts';

describeDrizzle({
  name: 'vector columns in a database that somebody else gave the extension',
  folder: 'vectors',
  files: {
    'package.json': `{
  "name": "assistant",
  "private": true,
  "type": "module",
  "scripts": { "db:generate": "drizzle-kit generate", "db:migrate": "tsx lib/db/migrate.ts" },
  "devDependencies": { "prettier": "^3.0.0" }
}
`,
    'docker-compose.yml': `services:
  postgres:
    image: pgvector/pgvector:pg16
    volumes:
      - ./docker/init.sql:/docker-entrypoint-initdb.d/init.sql
`,
    'docker/init.sql': 'CREATE EXTENSION IF NOT EXISTS vector;\n',
    'tsconfig.json': bundledTsconfig({
      include: ['lib', 'drizzle.config.ts'],
      compilerOptions: { paths: { '@/*': ['./*'] } },
    }),
    'drizzle.config.ts': `import type { Config } from "drizzle-kit";
import { env } from "@/lib/env.mjs";

export default {
  schema: "./lib/db/schema",
  dialect: "postgresql",
  out: "./lib/db/migrations",
  dbCredentials: {
    url: env.DATABASE_URL,
  },
} satisfies Config;
`,
    'lib/env.mjs': 'export const env = { DATABASE_URL: process.env.DATABASE_URL ?? "" };\n',
    'lib/env.d.mts': 'export declare const env: { DATABASE_URL: string };\n',
    'lib/db/schema/resources.ts': `import { sql } from "drizzle-orm";
import { text, varchar, timestamp, pgTable } from "drizzle-orm/pg-core";

export const resources = pgTable("resources", {
  id: varchar("id", { length: 191 })
    .primaryKey()
    .$defaultFn(() => crypto.randomUUID()),
  content: text("content").notNull(),
  origin: varchar("origin", { length: 100 }),
  checksum: text("checksum"),

  createdAt: timestamp("created_at")
    .notNull()
    .default(sql\`now()\`),
  updatedAt: timestamp("updated_at")
    .notNull()
    .default(sql\`now()\`),
});
`,
    'lib/db/schema/embeddings.ts': `import { index, pgTable, text, varchar, vector } from "drizzle-orm/pg-core";
import { resources } from "./resources";

export const embeddings = pgTable(
  "embeddings",
  {
    id: varchar("id", { length: 191 })
      .primaryKey()
      .$defaultFn(() => crypto.randomUUID()),
    resourceId: varchar("resource_id", { length: 191 }).references(
      () => resources.id,
      { onDelete: "cascade" },
    ),
    content: text("content").notNull(),
    embedding: vector("embedding", { dimensions: 1536 }).notNull(),
  },
  (table) => ({
    embeddingIndex: index("embeddingIndex").using(
      "hnsw",
      table.embedding.op("vector_cosine_ops"),
    ),
  }),
);
`,
    'lib/search.ts': `import { cosineDistance } from "drizzle-orm";
import { embeddings } from "@/lib/db/schema/embeddings";

export const nearest = (to: number[]) => cosineDistance(embeddings.embedding, to);
`,
  },
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', 'lib/db/**/*.ts'],
  ],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: message_role
values: [user, assistant]
---
migration_type: new_table
table_name: messages
fields:
  - { name: id, type: varchar(191), constraints: [PRIMARY KEY] }
  - { name: resource_id, type: varchar(191), constraints: [REFERENCES resources(id) ON DELETE SET NULL] }
  - { name: role, type: message_role, constraints: [NOT NULL] }
  - { name: embedding, type: vector(768) }
  - { name: created_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [resource_id] }
`,
    columns: changing('resources')`
  add_columns:
    - { name: summary_embedding, type: vector(1536) }
    - { name: language, type: varchar(10), constraints: [NOT NULL], default: "'en'" }
  add_indexes:
    - { fields: [summary_embedding], using: hnsw, opclass: vector_cosine_ops }
`,
    rename: renaming('embeddings', 'content', 'chunk'),
    typeChange: changing('resources')`
  modify_columns:
    - { name: origin, new_type: text, nullable: false }
`,
    drop: dropping('resources.checksum', 'computed where it is needed'),
  },
});
