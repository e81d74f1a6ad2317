import { describeDrizzle } from './drizzle-shape.ts';
import { bundledTsconfig } from './package-files.ts';
import { UUID_KEY, changing, dropping } from './plans.ts';

const SCHEMA = {
  'src/db/schema/index.ts': `export * from './tenants'
export * from './customers'
export * from './invoices'
export * from './roles'
`,
  'src/db/schema/roles.ts': `import { pgRole } from 'drizzle-orm/pg-core'

export const appUser = pgRole('app_user')
`,
  'src/db/schema/tenant-policy.ts': `import { sql } from 'drizzle-orm'
import { type AnyPgColumn, pgPolicy } from 'drizzle-orm/pg-core'
import { appUser } from './roles'

/** Rows of one tenant only: every table with a tenant has it. */
export const tenantPolicy = (table: string, tenantId: AnyPgColumn) =>
  pgPolicy(\`\${table}_tenant_isolation\`, {
    as: 'permissive',
    for: 'all',
    to: appUser,
    using: sql\`\${tenantId} = current_setting('app.tenant_id')::uuid\`,
    withCheck: sql\`\${tenantId} = current_setting('app.tenant_id')::uuid\`,
  })
`,
  'src/db/schema/tenants.ts': `import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const tenants = pgTable('tenants', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
})
`,
  'src/db/schema/customers.ts': `import { index, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core'
import { tenantPolicy } from './tenant-policy'
import { tenants } from './tenants'

export const customers = pgTable(
  'customers',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    email: varchar('email', { length: 320 }).notNull(),
    phone: varchar('phone', { length: 20 }),
    fax: text('fax'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('customers_tenant_id_idx').on(table.tenantId),
    tenantPolicy('customers', table.tenantId),
  ],
)
`,
  'src/db/schema/invoices.ts': `import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgPolicy, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core'
import { customers } from './customers'
import { appUser } from './roles'
import { tenantPolicy } from './tenant-policy'
import { tenants } from './tenants'

export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    customerId: uuid('customer_id')
      .notNull()
      .references(() => customers.id),
    total: integer('total').notNull().default(0),
    isLocked: boolean('is_locked').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('invoices_tenant_id_idx').on(table.tenantId),
    index('invoices_customer_id_idx').on(table.customerId),
    tenantPolicy('invoices', table.tenantId),
    pgPolicy('invoices_locked_stay', {
      as: 'restrictive',
      for: 'update',
      to: appUser,
      using: sql\`not is_locked\`,
      withCheck: sql\`true\`,
    }),
  ],
)
`,
};

describeDrizzle({
  name: 'row security with policies that name columns',
  folder: 'row-security',
  files: {
    'package.json': `{
  "name": "billing",
  "private": true,
  "type": "module",
  "scripts": { "db:generate": "drizzle-kit generate", "db:migrate": "drizzle-kit migrate" }
}
`,
    '.prettierrc': '{ "semi": false, "singleQuote": true, "printWidth": 100 }\n',
    'tsconfig.json': bundledTsconfig({ include: ['src', 'drizzle.config.ts'] }),
    'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema/index.ts',
  out: './src/db/migrations',
  dbCredentials: { url: process.env.DATABASE_URL! },
  entities: { roles: true },
})
`,
    ...SCHEMA,
    'src/invoices.ts': `import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { invoices } from './db/schema'

const db = drizzle(process.env.DATABASE_URL!)

export const invoicesOf = (customerId: string) =>
  db.select().from(invoices).where(eq(invoices.customerId, customerId))
`,
  },
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', 'src/**/*.ts'],
  ],
  plans: {
    newTable: `
migration_type: new_enum
enum_name: payment_method
values: [card, transfer, cash]
---
migration_type: new_table
table_name: payments
fields:
  ${UUID_KEY}
  - { name: tenant_id, type: uuid, constraints: [NOT NULL, REFERENCES tenants(id) ON DELETE CASCADE] }
  - { name: invoice_id, type: uuid, constraints: [NOT NULL, REFERENCES invoices(id)] }
  - { name: method, type: payment_method, constraints: [NOT NULL] }
  - { name: amount, type: integer, constraints: [NOT NULL], check: amount > 0 }
  - { name: created_at, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [tenant_id] }
  - { fields: [invoice_id] }
`,
    columns: changing('customers')`
  add_columns:
    - { name: country, type: char(2) }
    - { name: is_blocked, type: boolean, constraints: [NOT NULL, DEFAULT false] }
  add_indexes:
    - { fields: [tenant_id, email], type: unique }
`,
    rename: changing('invoices')`
  rename_columns:
    - { from: is_locked, to: is_final }
    - { from: tenant_id, to: workspace_id }
`,
    typeChange: `
migration_type: modify_existing
table_name: invoices
changes:
  modify_columns:
    - { name: total, new_type: bigint }
---
migration_type: modify_existing
table_name: customers
changes:
  modify_columns:
    - { name: phone, new_type: text, nullable: false }
`,
    drop: dropping('customers.fax', 'nobody has one'),
  },
});
