import { expect } from 'vitest';
import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

const MANIFEST = (json: object): string =>
  `${JSON.stringify({ private: true, type: 'module', ...json }, null, 2)}\n`;

/** The database is a package of its own; the application throws HTTPExceptions, which it answers in its own shape. */
const FILES = {
  'package.json': MANIFEST({ name: 'acme', workspaces: ['apps/*', 'packages/*'] }),
  'package-lock.json': '{}\n',
  'tsconfig.base.json': `{
  "compilerOptions": {
    "target": "es2023",
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "skipLibCheck": true,
    "noEmit": true
  }
}
`,
  'packages/db/package.json': MANIFEST({
    name: '@acme/db',
    exports: { '.': './src/index.ts', './schema': './src/schema/index.ts' },
    scripts: { generate: 'drizzle-kit generate', migrate: 'drizzle-kit migrate' },
    dependencies: { 'drizzle-orm': '^0.45.0', pg: '^8.0.0' },
    devDependencies: { 'drizzle-kit': '^0.31.0' },
  }),
  'packages/db/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src"] }\n',
  'packages/db/drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './migrations',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/acme' },
});
`,
  'packages/db/src/client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';

export const db = drizzle(process.env.DATABASE_URL ?? 'postgres://localhost/acme', { schema });
`,
  'packages/db/src/index.ts': "export { db } from './client';\n",
  'packages/db/src/schema/index.ts': "export * from './brands';\n",
  'packages/db/src/schema/brands.ts': `import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
`,
  'apps/api/package.json': MANIFEST({
    name: '@acme/api',
    scripts: { dev: 'tsx watch src/server.ts', test: 'vitest run' },
    dependencies: {
      '@acme/db': '*',
      '@hono/node-server': '^2.0.0',
      '@hono/zod-validator': '^0.9.0',
      'drizzle-orm': '^0.45.0',
      hono: '^4.13.0',
      zod: '^4.6.0',
    },
    devDependencies: { '@electric-sql/pglite': '^0.5.0', vitest: '^4.1.0' },
  }),
  'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src"] }\n',
  'apps/api/src/auth.ts': `import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';

/** Lets in who has the key of this shop. */
export const requireKey = createMiddleware(async (c, next) => {
  if (c.req.header('x-key') !== 'open') throw new HTTPException(401, { message: 'Sign in first.' });
  await next();
});
`,
  'apps/api/src/routes/brands.ts': `import { db } from '@acme/db';
import { brands } from '@acme/db/schema';
import { zValidator } from '@hono/zod-validator';
import { eq } from 'drizzle-orm';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';

const newBrand = z.object({ name: z.string().min(1) });

export const brandRoutes = new Hono()
  .get('/', async (c) => c.json(await db.select().from(brands)))
  .get('/:id', zValidator('param', z.object({ id: z.uuid() })), async (c) => {
    const [row] = await db.select().from(brands).where(eq(brands.id, c.req.valid('param').id));
    if (!row) throw new HTTPException(404, { message: 'No such brand.' });
    return c.json(row);
  })
  .post('/', zValidator('json', newBrand), async (c) => {
    const [row] = await db.insert(brands).values(c.req.valid('json')).returning();
    return c.json(row, 201);
  });
`,
  'apps/api/src/app.ts': `import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { requireKey } from './auth';
import { brandRoutes } from './routes/brands';

export const app = new Hono()
  .basePath('/api')
  .use(requireKey)
  .route('/brands', brandRoutes);

app.onError((error, c) => {
  if (error instanceof HTTPException)
    return c.json({ error: { status: error.status, message: error.message } }, error.status);
  console.error(error);
  return c.json({ error: { status: 500, message: 'Something went wrong.' } }, 500);
});

export type AppType = typeof app;
`,
  'apps/api/src/server.ts': `import { serve } from '@hono/node-server';
import { app } from './app';

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
`,
};

describeCrudShape({
  name: 'a monorepo of a Hono application and a package with the database',
  stack: 'hono',
  files: FILES,
  cwd: 'packages/db',
  application: 'apps/api',
  workspace: { '@acme/db': 'packages/db', '@acme/api': 'apps/api' },
  plans: {
    people: 'people name:varchar(80)! email:text!:unique',
    // Postgres 18 refuses by another code what RESTRICT keeps.
    orderItems: 'order-items person!:ref(people,restrict) sku:varchar(40)! quantity:integer!',
  },
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['apps/api/src', 'packages/db/src'],
  tests: ['vitest', 'run', '--root', '.'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/server.ts'],
  older: [
    { method: 'POST', path: '/api/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/api/brands', body: {} },
    { method: 'GET', path: '/api/brands' },
    { method: 'GET', path: '/api/brands/00000000-0000-4000-8000-000000000000' },
  ],
  domains: {
    base: '/api',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
    refusesEmpty: true,
  },
  refusesWith: 401,
  also: async (application) => {
    const headers = { 'x-key': 'open' };
    const people = '/api/people';
    const ada = { name: 'Ada', email: 'ada@example.com' };
    await application.send({ method: 'POST', path: people, body: ada }, headers);
    const refused = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> =>
      (await application.send({ method, path, body }, headers)).body;
    expect(await refused('POST', people, ada)).toEqual({
      error: { status: 409, message: 'Already exists; email: Already taken' },
    });
    expect(await refused('POST', people, { ...ada, name: 1 })).toEqual({
      error: { status: 400, message: expect.stringMatching(/^Invalid input; name: /) as string },
    });
    expect(await refused('GET', `${people}/00000000-0000-4000-8000-000000000000`)).toEqual({
      error: { status: 404, message: 'There is no such person' },
    });
  },
});
