import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Each request brings the address of the database, and a middleware of the factory makes the database of it. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": {
    "@hono/node-server": "*",
    "@hono/zod-validator": "*",
    "drizzle-orm": "*",
    "hono": "*",
    "pg": "*",
    "zod": "*"
  },
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
  'src/db/schema.ts': `import { integer, pgTable, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: varchar('name', { length: 80 }).notNull(),
});
`,
  'src/factory.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import { createFactory } from 'hono/factory';

export interface AppEnv {
  Bindings: { DATABASE_URL: string };
  Variables: { db: ReturnType<typeof drizzle> };
}

export const factory = createFactory<AppEnv>({
  initApp: (app) => {
    app.use(async (c, next) => {
      c.set('db', drizzle(c.env.DATABASE_URL));
      await next();
    });
  },
});
`,
  'src/routes/brands.ts': `import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { z } from 'zod';
import { brands } from '../db/schema.js';
import type { AppEnv } from '../factory.js';

export const brandRoutes = new Hono<AppEnv>()
  .get('/', async (c) => c.json(await c.var.db.select().from(brands)))
  .post('/', zValidator('json', z.object({ name: z.string() })), async (c) => {
    const [row] = await c.var.db.insert(brands).values(c.req.valid('json')).returning();
    return c.json(row, 201);
  });
`,
  'src/app.ts': `import { factory } from './factory.js';
import { brandRoutes } from './routes/brands.js';

export const app = factory.createApp().basePath('/v1').route('/brands', brandRoutes);

export type AppType = typeof app;
`,
  'src/server.ts': `import { serve } from '@hono/node-server';
import { app } from './app.js';

const env = { DATABASE_URL: process.env.DATABASE_URL ?? 'postgres://localhost/shop' };

serve({ fetch: (request) => app.fetch(request, env), port: Number(process.env.PORT ?? 3000) });
`,
};

describeCrudShape({
  name: 'a Hono application of a factory, whose database each request brings',
  stack: 'hono',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/server.ts'],
  older: [
    { method: 'POST', path: '/v1/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/v1/brands', body: {} },
    { method: 'GET', path: '/v1/brands' },
  ],
  domains: {
    base: '/v1',
    headers: {},
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
});
