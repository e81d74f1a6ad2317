import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Routers of one file, each mounted with the same middleware. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "dev": "tsx src/server.ts", "test": "vitest run" },
  "dependencies": { "drizzle-orm": "*", "express": "*", "pg": "*", "zod": "*" },
  "devDependencies": { "@types/express": "*", "@electric-sql/pglite": "*", "drizzle-kit": "*", "typescript": "*", "vitest": "*" }
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
  'src/middleware/require-key.ts': `import type { NextFunction, Request, Response } from 'express';

/** Lets in who has the key of this shop. */
export function requireKey(req: Request, res: Response, next: NextFunction) {
  if (req.headers['x-key'] !== 'open') {
    res.status(401).json({ error: 'Sign in first.' });
    return;
  }
  next();
}
`,
  'src/routes/brands.router.ts': `import { and, eq, isNull } from 'drizzle-orm';
import { Router } from 'express';
import { db } from '../db/client.js';
import { brands } from '../db/schema.js';

export const brandsRouter = Router();

brandsRouter.get('/', async (_req, res) => {
  res.json({ data: await db.select().from(brands).where(isNull(brands.deletedAt)) });
});

brandsRouter.post('/', async (req, res) => {
  const { name } = req.body as { name: string };
  const [row] = await db.insert(brands).values({ name }).returning();
  res.status(201).json(row);
});

brandsRouter.delete('/:id', async (req, res) => {
  await db
    .update(brands)
    .set({ deletedAt: new Date() })
    .where(and(eq(brands.id, Number(req.params.id)), isNull(brands.deletedAt)));
  res.status(204).end();
});
`,
  'src/routes/index.ts': `import { Router } from 'express';
import { requireKey } from '../middleware/require-key.js';
import { brandsRouter } from './brands.router.js';

const router = Router();

router.use('/brands', requireKey, brandsRouter);

export default router;
`,
  'src/app.ts': `import express, { type NextFunction, type Request, type Response } from 'express';
import routes from './routes/index.js';

export const app = express();
app.use(express.json());

app.get('/health', (_req, res) => {
  res.json({ ok: true });
});
app.use('/api', routes);

app.use((error: { status?: number }, _req: Request, res: Response, next: NextFunction) => {
  if (res.headersSent) return next(error);
  res.status(error.status ?? 500).json({ error: 'failed' });
});
`,
  'src/server.ts': `import { app } from './app.js';

app.listen(Number(process.env.PORT ?? 3000));
`,
};

describeCrudShape({
  name: 'an Express application of router files, each mounted with a middleware',
  stack: 'express',
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
