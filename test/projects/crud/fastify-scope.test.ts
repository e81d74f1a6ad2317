import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Plugins in a scope with a hook, below a prefix; the application is decorated with its database. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "drizzle-orm": "*", "fastify": "*", "pg": "*", "zod": "*" },
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
  'src/auth.ts': `import type { FastifyReply, FastifyRequest } from 'fastify';

/** Lets in who has the key of this shop. */
export async function requireKey(request: FastifyRequest, reply: FastifyReply) {
  if (request.headers['x-key'] !== 'open') return reply.code(401).send({ error: 'Sign in first.' });
}
`,
  'src/fastify.d.ts': `import type { db } from './db/client.js';

declare module 'fastify' {
  interface FastifyInstance {
    db: typeof db;
  }
}
`,
  'src/routes/brands.ts': `import { and, eq, isNull } from 'drizzle-orm';
import type { FastifyPluginAsync } from 'fastify';
import { brands } from '../db/schema.js';

export const brandRoutes: FastifyPluginAsync = async (fastify) => {
  const { db } = fastify;

  fastify.get('/', async () => ({ data: await db.select().from(brands).where(isNull(brands.deletedAt)) }));

  fastify.post<{ Body: { name: string } }>('/', async (request, reply) => {
    const [row] = await db.insert(brands).values({ name: request.body.name }).returning();
    return reply.code(201).send(row);
  });

  fastify.delete<{ Params: { id: string } }>('/:id', async (request, reply) => {
    const id = Number(request.params.id);
    await db
      .update(brands)
      .set({ deletedAt: new Date() })
      .where(and(eq(brands.id, id), isNull(brands.deletedAt)));
    return reply.code(204).send();
  });
};
`,
  'src/app.ts': `import Fastify from 'fastify';
import { requireKey } from './auth.js';
import { db } from './db/client.js';
import { brandRoutes } from './routes/brands.js';

export function buildApp() {
  const app = Fastify();
  app.decorate('db', db);

  app.get('/health', async () => ({ ok: true }));
  app.register(
    async (api) => {
      api.addHook('onRequest', requireKey);
      await api.register(brandRoutes, { prefix: '/brands' });
    },
    { prefix: '/api' },
  );

  return app;
}
`,
  'src/server.ts': `import { buildApp } from './app.js';

await buildApp().listen({ port: Number(process.env.PORT ?? 3000) });
`,
};

describeCrudShape({
  name: 'a Fastify application decorated with its database, whose plugins are in a scope with a hook',
  stack: 'fastify',
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
