import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { consumerEnv } from '../../e2e/consumer-env.ts';
import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';
import { checkValid } from './openapi-document.ts';

/** Routes with JSON schemas and tags, which stand in the document that the application serves. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "@fastify/swagger": "*", "drizzle-orm": "*", "fastify": "*", "pg": "*", "zod": "*" },
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
  'src/routes/brands.ts': `import type { FastifyPluginAsync } from 'fastify';
import type { db } from '../db/client.js';
import { brands } from '../db/schema.js';

const brand = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
  required: ['id', 'name'],
};

export const brandRoutes: FastifyPluginAsync<{ db: typeof db }> = async (fastify, { db }) => {
  fastify.get(
    '/',
    { schema: { tags: ['brands'], response: { 200: { type: 'array', items: brand } } } },
    async () => db.select().from(brands),
  );

  fastify.post<{ Body: { name: string } }>(
    '/',
    {
      schema: {
        tags: ['brands'],
        body: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        response: { 201: brand },
      },
    },
    async (request, reply) => {
      const [row] = await db.insert(brands).values(request.body).returning();
      return reply.code(201).send(row);
    },
  );
};
`,
  'src/app.ts': `import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { db } from './db/client.js';
import { brandRoutes } from './routes/brands.js';

/** The document is of a version of OpenAPI; of Swagger 2 where there is none. */
export async function buildApp(openapi?: string) {
  const app = Fastify();
  const info = { title: 'shop', version: '1' };
  await app.register(swagger, openapi === undefined ? { swagger: { info } } : { openapi: { openapi, info } });

  app.register(brandRoutes, { prefix: '/api/brands', db });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  return app;
}
`,
  'src/server.ts': `import { buildApp } from './app.js';

const app = await buildApp('3.1.0');
await app.listen({ port: Number(process.env.PORT ?? 3000) });
`,
};

/** Prints what `app.swagger()` gives. */
const PRINT = `import { buildApp } from './src/app.ts';

const app = await buildApp(process.argv[1]);
await app.ready();
console.log(JSON.stringify(app.swagger()));
process.exit(0);
`;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags: readonly string[];
  readonly responses: object;
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly parameters?: readonly object[];
}

/** The body of a new order item, of which prices are numbers or texts, and all but three may be null. */
function bodyOf({ paths }: Document, version: string | undefined): object {
  const { parameters, requestBody } = paths['/api/order-items/']!['post']!;
  // Swagger 2 has bodies among the parameters.
  const { schema } = (
    version === undefined ? parameters![0]! : requestBody!.content['application/json']!
  ) as {
    readonly schema: { readonly properties: object };
  };
  return schema.properties;
}

const price = [{ type: 'number' }, { type: 'string' }];
const BODIES: Readonly<Record<string, object>> = {
  '3.1.0': {
    price: { anyOf: [...price, { type: 'null' }] },
    pattern: { anyOf: [{ type: 'string', maxLength: 9 }, { type: 'null' }] },
  },
  '3.0.3': {
    price: { anyOf: price, nullable: true },
    pattern: { type: 'string', maxLength: 9, nullable: true },
  },
  '2.0': { price: { 'x-nullable': true }, pattern: { type: 'string', maxLength: 9, 'x-nullable': true } },
};

const PATHS = [
  'delete /api/order-items/{id} 204 400 404 409 order items',
  'delete /api/people/{id} 204 400 404 409 people',
  'get /api/brands/ 200 brands',
  'get /api/order-items/ 200 400 order items',
  'get /api/order-items/{id} 200 400 404 order items',
  'get /api/people/ 200 400 people',
  'get /api/people/{id} 200 400 404 people',
  'patch /api/order-items/{id} 200 400 404 order items',
  'patch /api/people/{id} 200 400 404 409 people',
  'post /api/brands/ 201 brands',
  'post /api/order-items/ 201 400 order items',
  'post /api/people/ 201 400 409 people',
];

describeCrudShape({
  name: 'a Fastify application with the document of @fastify/swagger',
  stack: 'fastify',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  plans: {
    people: 'people name:varchar(80)! email:text!:unique',
    orderItems:
      'order-items person!:ref(people) sku:varchar(40)! quantity:integer! price:numeric(10,2) pattern:varchar(9) views:bigint sold_at:timestamptz meta:jsonb',
  },
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
  document: '/openapi.json',
  also: async (_application, { cwd }) => {
    for (const version of ['3.1.0', '3.0.3', undefined]) {
      const args = ['--import', 'tsx', '--input-type=module', '--eval', PRINT];
      const printed = execFileSync(process.execPath, [...args, ...(version === undefined ? [] : [version])], {
        cwd,
        env: consumerEnv(),
        encoding: 'utf8',
      });
      const document = JSON.parse(printed) as Document;
      await checkValid(document);
      expect(operationsOf(document).toSorted(), version).toEqual(PATHS);
      expect(bodyOf(document, version), version).toMatchObject(BODIES[version ?? '2.0']!);
    }
  },
});

/** `get /api/brands/ 200 brands` */
function operationsOf({ paths }: Document): readonly string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { responses, tags }]) =>
        `${method} ${path} ${Object.keys(responses).join(' ')} ${tags.join()}`,
    ),
  );
}
