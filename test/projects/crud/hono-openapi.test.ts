import { expect } from 'vitest';
import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** An OpenAPI application below a base path, which serves its document. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": {
    "@hono/node-server": "*",
    "@hono/zod-openapi": "*",
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
  'src/db/client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';

export const db = drizzle(process.env.DATABASE_URL ?? 'postgres://localhost/shop');
`,
  'src/db/schema.ts': `import { integer, pgTable, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: varchar('name', { length: 80 }).notNull(),
});
`,
  'src/routes/brands.ts': `import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { db } from '../db/client.js';
import { brands } from '../db/schema.js';

const Brand = z.object({ id: z.int(), name: z.string() }).openapi('Brand');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Brands'],
  responses: { 200: { description: 'All brands', content: { 'application/json': { schema: z.array(Brand) } } } },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['Brands'],
  request: {
    body: { required: true, content: { 'application/json': { schema: z.object({ name: z.string() }) } } },
  },
  responses: { 201: { description: 'The brand', content: { 'application/json': { schema: Brand.optional() } } } },
});

export const brandRoutes = new OpenAPIHono()
  .openapi(list, async (c) => c.json(await db.select().from(brands), 200))
  .openapi(create, async (c) => {
    const [row] = await db.insert(brands).values(c.req.valid('json')).returning();
    return c.json(row, 201);
  });
`,
  'src/app.ts': `import { OpenAPIHono } from '@hono/zod-openapi';
import { brandRoutes } from './routes/brands.js';

export const app = new OpenAPIHono().basePath('/api');

app.route('/brands', brandRoutes);

app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'shop', version: '1' } });
`,
  'src/server.ts': `import { serve } from '@hono/node-server';
import { app } from './app.js';

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
`,
};

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: object; readonly tags: readonly string[] }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** `get /api/brands 200 Brands` */
const operationsOf = ({ paths }: OpenApi): readonly string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { responses, tags }]) =>
        `${method} ${path} ${Object.keys(responses).join(' ')} ${tags.join()}`,
    ),
  );

describeCrudShape({
  name: 'an OpenAPI application of Hono below a base path',
  stack: 'hono',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/server.ts'],
  older: [
    { method: 'POST', path: '/api/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/api/brands', body: {} },
    { method: 'GET', path: '/api/brands' },
  ],
  domains: {
    base: '/api',
    headers: {},
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
  document: '/api/openapi.json',
  also: async (application) => {
    const { body } = await application.send({ method: 'GET', path: '/api/openapi.json' });
    const document = body as OpenApi;
    expect(operationsOf(document).toSorted()).toEqual([
      'delete /api/order-items/{id} 204 400 404 409 Order items',
      'delete /api/people/{id} 204 400 404 409 People',
      'get /api/brands 200 Brands',
      'get /api/order-items 200 400 Order items',
      'get /api/order-items/{id} 200 400 404 Order items',
      'get /api/people 200 400 People',
      'get /api/people/{id} 200 400 404 People',
      'patch /api/order-items/{id} 200 400 404 Order items',
      'patch /api/people/{id} 200 400 404 409 People',
      'post /api/brands 201 Brands',
      'post /api/order-items 201 400 Order items',
      'post /api/people 201 400 409 People',
    ]);
    expect(document.components.schemas['OrderItem']).toMatchObject({
      properties: { sku: { type: 'string' }, quantity: { type: 'integer' } },
      required: expect.arrayContaining(['id', 'personId', 'sku', 'quantity']) as string[],
    });
  },
});
