import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportOutcome } from '../../src/report/json.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';
const ANY = '00000000-0000-4000-8000-000000000000';

const writer =
  (project: CrudFixture) =>
  (path: string, text: string): void => {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  };
const read = (project: CrudFixture, path: string): string => readFileSync(join(project.root, path), 'utf8');

/** What every route of the domain answers: to a stranger, and to somebody who is known. */
async function statuses(url: string, headers: Record<string, string>): Promise<readonly number[]> {
  const requests: readonly (readonly [method: string, path: string, body?: string])[] = [
    ['POST', '', '{"name":"Acme"}'],
    ['GET', ''],
    ['GET', `/${ANY}`],
    ['PATCH', `/${ANY}`, '{"name":"Other"}'],
    ['DELETE', `/${ANY}`],
  ];
  const answers: number[] = [];
  for (const [method, path, body] of requests) {
    const sent = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    });
    answers.push(sent.status);
  }
  return answers;
}
const CLOSED = [401, 401, 401, 401, 401];
const OPEN = [201, 200, 404, 404, 404];

/** Serves the application, and asks each of its domains as a stranger and as somebody who is known. */
async function asked(project: CrudFixture, listen: string, ...domains: readonly string[]): Promise<unknown> {
  const { url, stop } = await project.serve(listen);
  const answers: Record<string, unknown> = {};
  try {
    for (const path of domains)
      answers[path] = {
        stranger: await statuses(url + path, {}),
        known: await statuses(url + path, { authorization: 'Bearer staff' }),
      };
    return answers;
  } finally {
    stop();
  }
}

describe('a NestJS application with a guard of the whole', () => {
  const LISTEN = `import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { BrandsModule } from './brands/brands.module.js';
import { LabelsModule } from './labels/labels.module.js';
import { startOnPglite } from './common/testing/pglite-app.js';

async function listen(): Promise<void> {
  const { database } = await startOnPglite([BrandsModule, LabelsModule]);
  const testing = Test.createTestingModule({ imports: [AppModule] });
  const module = await testing.overrideProvider(DataSource).useValue(database).compile();
  const app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  console.log('listening on ' + new URL(await app.getUrl()).port);
}

void listen();
`;
  const guarded = (): CrudFixture => {
    const project = crudFixture('nestjs');
    const write = writer(project);
    write(
      'src/auth/auth.guard.ts',
      `import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

export const IS_PUBLIC = 'isPublic';
export const Public = () => SetMetadata(IS_PUBLIC, true);

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]);
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    if (!isPublic && headers.authorization === undefined) throw new UnauthorizedException();
    return true;
  }
}
`,
    );
    write(
      'src/app.module.ts',
      read(project, 'src/app.module.ts')
        .replace(
          'import { TypeOrmModule }',
          "import { APP_GUARD } from '@nestjs/core';\nimport { TypeOrmModule }",
        )
        .replace(
          'import { UsersModule }',
          "import { AuthGuard } from './auth/auth.guard.js';\nimport { UsersModule }",
        )
        .replace(
          /\n\}\)\nexport/,
          '\n  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],\n})\nexport',
        ),
    );
    return project;
  };

  it('keeps strangers out of new routes too, save where that is asked for', async () => {
    const project = guarded();
    const outcome = await project.crud(BRANDS, { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toContain(
      'brands: closed by AuthGuard, the guard of the whole application (src/app.module.ts)',
    );
    expect(read(project, 'src/brands/presenters/http/brands.controller.ts')).not.toContain('Public');
    await project.crud(BRANDS.replace('brands', 'labels'), { authentication: 'public' });
    expect(await asked(project, LISTEN, '/brands', '/labels')).toEqual({
      '/brands': { stranger: CLOSED, known: OPEN },
      '/labels': { stranger: OPEN, known: [409, ...OPEN.slice(1)] },
    });
  });
});

it('a Hono application whose routers stand behind a middleware keeps strangers out', async () => {
  const project = crudFixture('hono');
  const write = writer(project);
  write(
    'src/auth.ts',
    `import type { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

const requireAuth = createMiddleware(async (c, next) => {
  if (c.req.header('authorization') === undefined) return c.json({ error: 'unauthorized' }, 401);
  await next();
});

export function withAuth(app: Hono): Hono {
  return app.use(requireAuth);
}
`,
  );
  write(
    'src/routes/users.ts',
    "import { Hono } from 'hono';\n\nexport const users = new Hono().get('/', (c) => c.json([]));\n",
  );
  write(
    'src/app.ts',
    `import { Hono } from 'hono';
import { withAuth } from './auth.js';
import type { AppDatabase } from './db/client.js';
import { health } from './routes/health.js';
import { users } from './routes/users.js';

export function createApp(db: AppDatabase) {
  const app = new Hono();
  app.route('/api/health', health);

  const api = new Hono();
  const protectedApp = withAuth(api);
  protectedApp.route('/users', users);

  app.route('/api', api);
  return app;
}
`,
  );
  expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
    verification: { ok: true },
    draft: { code: { byHand: [] } },
  });
  expect(read(project, 'src/app.ts')).toContain("  protectedApp.route('/brands', brandRoutes(db));\n");
  const listen = `import { serve } from '@hono/node-server';
import { createApp } from './app.js';
import { testDatabase } from './lib/crud/test-database.js';

const { db } = await testDatabase();
serve({ fetch: createApp(db).fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;
  expect(await asked(project, listen, '/api/brands')).toEqual({
    '/api/brands': { stranger: CLOSED, known: OPEN },
  });
});
