import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Route handlers that begin with a check of the session. Next.js itself is not there: a small server gives them requests as it does. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "drizzle-orm": "*", "next": "*", "pg": "*", "zod": "*" },
  "devDependencies": { "@electric-sql/pglite": "*", "drizzle-kit": "*", "typescript": "*", "vitest": "*" }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "lib": ["DOM", "DOM.Iterable", "ES2023"],
    "paths": { "@/*": ["./src/*"] },
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
  schema: './src/server/schema.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/shop' },
});
`,
  'src/server/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres';

export const db = drizzle(process.env.DATABASE_URL ?? 'postgres://localhost/shop');
`,
  'src/server/schema.ts': `import { integer, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: varchar('name', { length: 80 }).notNull(),
  site: text('site'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
`,
  'vitest.config.ts': `import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({ resolve: { alias: { '@': join(import.meta.dirname, 'src') } } });
`,
  'src/server/auth.ts': `/** Who has the key of this shop; null for everybody else. */
export async function auth(request: Request) {
  return request.headers.get('x-key') === 'open' ? { user: 'staff' } : null;
}
`,
  'src/app/api/health/route.ts': `export function GET() {
  return Response.json({ ok: true });
}
`,
  'src/app/api/brands/route.ts': `import { isNull } from 'drizzle-orm';
import { auth } from '@/server/auth';
import { db } from '@/server/db';
import { brands } from '@/server/schema';

export async function GET(request: Request) {
  const session = await auth(request);
  if (!session) {
    return Response.json({ error: 'Sign in first.' }, { status: 401 });
  }
  return Response.json({ data: await db.select().from(brands).where(isNull(brands.deletedAt)) });
}

export async function POST(request: Request) {
  const session = await auth(request);
  if (!session) {
    return Response.json({ error: 'Sign in first.' }, { status: 401 });
  }
  const { name } = (await request.json()) as { name: string };
  const [row] = await db.insert(brands).values({ name }).returning();
  return Response.json(row, { status: 201 });
}
`,
  'src/serve.ts': `import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

type Handler = (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response>;

/** Finds the file of a path below app, as Next.js does. */
async function answer(request: Request): Promise<Response> {
  const [api = '', name = '', id = ''] = new URL(request.url).pathname.slice(1).split('/');
  const file = join(import.meta.dirname, 'app', api, name, id === '' ? '' : '[id]', 'route.ts');
  if (!existsSync(file)) return new Response(null, { status: 404 });
  const handlers = (await import(file)) as Record<string, Handler | undefined>;
  const handler = handlers[request.method];
  if (handler === undefined) return new Response(null, { status: 405 });
  return handler(request, { params: Promise.resolve({ id: decodeURIComponent(id) }) });
}

createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const request = new Request(new URL(req.url ?? '/', 'http://localhost'), {
      method: req.method ?? 'GET',
      headers: Object.entries(req.headers).map(([name, value]) => [name, String(value)]),
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
    });
    void answer(request)
      .catch(() => new Response(null, { status: 500 }))
      .then(async (response) => {
        res.writeHead(response.status, Object.fromEntries(response.headers));
        res.end(Buffer.from(await response.arrayBuffer()));
      });
  });
}).listen(Number(process.env.PORT ?? 3000));
`,
};

describeCrudShape({
  name: 'route handlers of Next.js that begin with a check of the session',
  stack: 'next',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/serve.ts'],
  older: [
    { method: 'GET', path: '/api/health' },
    { method: 'POST', path: '/api/brands', body: { name: 'Acme' } },
    { method: 'GET', path: '/api/brands' },
  ],
  domains: {
    base: '/api',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: true,
  },
  refusesWith: 401,
});
