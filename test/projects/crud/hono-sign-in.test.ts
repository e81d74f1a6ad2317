import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Routes behind a middleware of the application; brands are hidden, not deleted. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "@hono/node-server": "*", "drizzle-orm": "*", "hono": "*", "pg": "*", "zod": "*" },
  "devDependencies": { "@electric-sql/pglite": "*", "drizzle-kit": "*", "typescript": "*", "vitest": "*" }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
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
  'src/db/client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';

export const db = drizzle(process.env.DATABASE_URL ?? 'postgres://localhost/shop');
`,
  'src/db/schema.ts': `import { integer, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: varchar('name', { length: 80 }).notNull(),
  site: text('site'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
`,
  'src/auth.ts': `import { createMiddleware } from 'hono/factory';

/** Lets in who has the key of this shop. */
export const requireKey = createMiddleware(async (c, next) => {
  if (c.req.header('x-key') !== 'open') return c.json({ error: 'Sign in first.' }, 401);
  await next();
});
`,
  'src/routes/brands.ts': `import { and, eq, isNull } from 'drizzle-orm';
import { Hono } from 'hono';
import { db } from '../db/client.js';
import { brands } from '../db/schema.js';

export const brandRoutes = new Hono()
  .get('/', async (c) => {
    const rows = await db.select().from(brands).where(isNull(brands.deletedAt));
    return c.json({ data: rows });
  })
  .post('/', async (c) => {
    const { name } = await c.req.json<{ name: string }>();
    const [row] = await db.insert(brands).values({ name }).returning();
    return c.json(row, 201);
  })
  .delete('/:id', async (c) => {
    const id = Number(c.req.param('id'));
    await db
      .update(brands)
      .set({ deletedAt: new Date() })
      .where(and(eq(brands.id, id), isNull(brands.deletedAt)));
    return c.body(null, 204);
  });
`,
  'src/app.ts': `import { Hono } from 'hono';
import { requireKey } from './auth.js';
import { brandRoutes } from './routes/brands.js';

const api = new Hono();
api.use('*', requireKey);
api.route('/brands', brandRoutes);

export const app = new Hono();
app.get('/health', (c) => c.json({ ok: true }));
app.route('/api', api);
`,
  'src/server.ts': `import { serve } from '@hono/node-server';
import { app } from './app.js';

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
`,
};

describeCrudShape({
  name: 'a Hono application behind a middleware, whose rows are marked as deleted',
  stack: 'hono',
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
    { method: 'DELETE', path: '/api/brands/1' },
  ],
  domains: {
    base: '/api',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: true,
  },
  refusesWith: 401,
});
