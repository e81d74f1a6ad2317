import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

const FIXTURE = join(process.cwd(), 'test/fixtures/crud/elysia/project');

/** The layers of the fixture, whose tokens, guard and errors are as a project of its own style has them. */
const FILES: Record<string, string> = {
  ...Object.fromEntries(
    readdirSync(join(FIXTURE, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('migrations'))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(FIXTURE, path), readFileSync(path, 'utf8')];
      }),
  ),
  'package.json': readFileSync(join(FIXTURE, 'package.json'), 'utf8'),
  'tsconfig.json': readFileSync(join(FIXTURE, 'tsconfig.json'), 'utf8'),
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/external/drizzle/schema.ts',
  out: './src/external/drizzle/migrations',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/shop' },
});
`,
  'src/adapters/auth/auth.guard.ts': `import type { Elysia } from 'elysia';
import { UnauthorizedError } from '../../core/shared/errors/error-mapper';

export const withAuth = (app: Elysia) =>
  app.derive(({ headers }) => {
    if (headers['x-key'] !== 'open') throw new UnauthorizedError('Sign in first.');
    return { customer: 'somebody' };
  });
`,
  'src/core/shared/errors/error-mapper.ts': `export class ShopError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  toResponse(): Response {
    return Response.json({ error: this.name, message: this.message }, { status: this.status });
  }
}

export class NotFoundError extends ShopError {
  constructor(message = 'There is no such thing') {
    super(404, message);
  }
}

export class ConflictError extends ShopError {
  constructor(message = 'Taken') {
    super(409, message);
  }
}

export class ValidationError extends ShopError {
  constructor(message = 'Not valid') {
    super(400, message);
  }
}

export class UnauthorizedError extends ShopError {
  constructor(message = 'Unauthorized') {
    super(401, message);
  }
}
`,
  'src/external/api/routes.ts': `import type { Elysia } from 'elysia';
import { withAuth } from '../../adapters/auth/auth.guard';
import { GetAllUsersController } from '../../adapters/users/get-all-users.controller';
import { GetUserByIdController } from '../../adapters/users/get-user-by-id.controller';
import { container } from '../../core/shared/container';

export const registerRoutes = (app: Elysia): Elysia => {
  const getAllUsersController = container.resolve(GetAllUsersController);
  const getUserByIdController = container.resolve(GetUserByIdController);

  const protectedApp = withAuth(app) as unknown as Elysia;
  getAllUsersController.register(protectedApp);
  getUserByIdController.register(protectedApp);

  return app;
};
`,
  'src/server.ts': `import 'reflect-metadata';
import { serve } from '@hono/node-server';
import { app } from './external/api/server';

serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) });
`,
};

describeCrudShape({
  name: 'an Elysia application in layers, with tsyringe, a guard around its routes and errors of its own',
  stack: 'elysia',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/server.ts'],
  older: [
    { method: 'GET', path: '/users' },
    { method: 'GET', path: '/users/00000000-0000-4000-8000-000000000000' },
  ],
  domains: {
    base: '',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
  refusesWith: 401,
  says: ['people: closed by withAuth(app), as GetAllUsersController is'],
});
