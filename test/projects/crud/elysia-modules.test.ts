import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** A feature a folder, as Elysia's documentation has it; the plugins stand behind one that wants a key. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "@hono/node-server": "*", "drizzle-orm": "*", "elysia": "*", "pg": "*" },
  "devDependencies": { "@electric-sql/pglite": "*", "drizzle-kit": "*", "typescript": "*", "vitest": "*" }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "types": ["node"],
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["src"]
}
`,
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/shop' },
});
`,
  'src/db/index.ts': `import { drizzle } from 'drizzle-orm/node-postgres';

export const db = drizzle(process.env.DATABASE_URL ?? 'postgres://localhost/shop');
`,
  'src/db/schema.ts': `import { pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 80 }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
`,
  'src/auth.ts': `import { Elysia } from 'elysia';

/** Lets in who has the key of this shop. */
export const auth = new Elysia({ name: 'auth' }).derive({ as: 'scoped' }, ({ headers, status }) => {
  if (headers['x-key'] !== 'open') return status(401, 'Sign in first.');
  return { customer: 'somebody' };
});
`,
  'src/modules/brands/model.ts': `import { t } from 'elysia';

export const brandModel = {
  'brand.create': t.Object({ name: t.String({ maxLength: 80 }) }),
};
`,
  'src/modules/brands/service.ts': `import { db } from '../../db';
import { brands } from '../../db/schema';

export const Brands = {
  all: () => db.select().from(brands),
  create: (values: { name: string }) => db.insert(brands).values(values).returning(),
};
`,
  'src/modules/brands/index.ts': `import { Elysia } from 'elysia';
import { brandModel } from './model';
import { Brands } from './service';

export const brands = new Elysia({ prefix: '/brands' })
  .model(brandModel)
  .get('/', () => Brands.all())
  .post('/', ({ body }) => Brands.create(body), { body: 'brand.create' });
`,
  'src/app.ts': `import { Elysia } from 'elysia';
import { auth } from './auth';
import { brands } from './modules/brands';

export const app = new Elysia()
  .get('/health', () => ({ ok: true }))
  .group('/api', (api) => api.use(auth).use(brands));
`,
  'src/server.ts': `import { serve } from '@hono/node-server';
import { app } from './app';

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
`,
};

describeCrudShape({
  name: 'an Elysia application of modules behind a plugin that wants a key',
  stack: 'elysia',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/server.ts'],
  older: [
    { method: 'GET', path: '/health' },
    { method: 'POST', path: '/api/brands', body: { name: 'Acme' } },
    { method: 'GET', path: '/api/brands' },
  ],
  domains: {
    base: '/api',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
  refusesWith: 401,
  says: ['people: closed by auth, as brands is'],
});
