import { beforeEach, describe, expect, it } from 'vitest';
import { reportOutcome } from '../../src/report/json.ts';
import { treeOf } from '../workspace/tree.ts';
import { editing } from './editing.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';
const ANY = '00000000-0000-4000-8000-000000000000';

let project: CrudFixture;
beforeEach(() => {
  project = crudFixture('elysia-plugins');
});

const { write, read } = editing(() => project);
const notices = async (...given: Parameters<CrudFixture['crud']>): Promise<string> =>
  JSON.stringify(reportOutcome(await project.crud(given[0], { typecheck: true, ...given[1] })));

const AUTH = `import { Elysia } from 'elysia';

export const auth = new Elysia({ name: 'auth' }).macro({
  isSignedIn: {
    resolve({ headers, status }) {
      if (headers['authorization'] === undefined) return status(401, 'Sign in');
      return { user: headers['authorization'] };
    },
  },
});

export function requireAuth({ headers, status }: { headers: Record<string, string | undefined>; status: (code: 401) => unknown }) {
  if (headers['authorization'] === undefined) return status(401);
  return undefined;
}
`;
const LISTEN = `import { serve } from '@hono/node-server';
import { app } from './app';

serve({ fetch: app.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;

/** What the routes of brands answer a stranger, and somebody who is signed in, in the application on PGlite. */
async function asked(path: string): Promise<unknown> {
  write(
    'src/db/client.ts',
    "import { testDatabase } from '../utils/crud/test-database';\n\nexport const { db } = await testDatabase();\n",
  );
  const { url, stop } = await project.serve(LISTEN);
  const statuses = async (headers: Record<string, string>): Promise<readonly number[]> => {
    const send = async (method: string, rest: string, body?: string): Promise<number> =>
      (
        await fetch(url + path + rest, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          ...(body !== undefined && { body }),
        })
      ).status;
    return [
      await send('POST', '', '{"name":"Acme"}'),
      await send('GET', ''),
      await send('GET', `/${ANY}`),
      await send('PATCH', `/${ANY}`, '{"name":"Other"}'),
      await send('DELETE', `/${ANY}`),
    ];
  };
  try {
    return { stranger: await statuses({}), known: await statuses({ authorization: 'me' }) };
  } finally {
    stop();
  }
}
const OPEN = [201, 200, 404, 404, 404];
const CLOSED = [401, 401, 401, 401, 401];

describe('a domain is used in an Elysia application as its neighbours are', () => {
  it('in a guarded group of a version', async () => {
    write('src/auth.ts', AUTH);
    write(
      'src/app.ts',
      `import { Elysia } from 'elysia';
import { requireAuth } from './auth';
import { health } from './modules/health';
import { users } from './modules/users';

export const app = new Elysia()
  .use(health)
  .group('/api/v1', (api) =>
    api.guard({ beforeHandle: requireAuth }, (guarded) =>
      guarded
        .use(users),
    ),
  );
`,
    );
    expect(await notices(BRANDS)).toContain('brands: closed by { beforeHandle: requireAuth }, as users is');
    expect(read('src/app.ts')).toContain('        .use(users)\n        .use(brands),\n');
    expect(await asked('/api/v1/brands')).toEqual({ stranger: CLOSED, known: OPEN });
  });

  it('behind the hooks of the application that uses the plugin which it stands in', async () => {
    write('src/auth.ts', AUTH);
    write(
      'src/modules/index.ts',
      "import { Elysia } from 'elysia';\nimport { users } from './users';\n\nexport const modules = new Elysia({ prefix: '/api' }).use(users);\n",
    );
    write(
      'src/app.ts',
      "import { Elysia } from 'elysia';\nimport { requireAuth } from './auth';\nimport { health } from './modules/health';\nimport { modules } from './modules';\n\nexport const app = new Elysia();\napp.use(health);\napp.onBeforeHandle(requireAuth);\napp.use(modules);\n",
    );
    expect(await notices(BRANDS)).toContain('brands: closed by requireAuth, as users is');
    expect(read('src/modules/index.ts')).toContain('.use(users).use(brands);');
    expect(await asked('/api/brands')).toEqual({ stranger: CLOSED, known: OPEN });
  });

  it('with the macro that all others have on their routes, and tests that need no sign-in', async () => {
    write('src/auth.ts', AUTH);
    write(
      'src/modules/users/index.ts',
      read('src/modules/users/index.ts')
        .replace('import { UserModel }', "import { auth } from '../../auth';\nimport { UserModel }")
        .replace("prefix: '/users' })", "prefix: '/users' })\n  .use(auth)")
        .replace('response: UserModel.list', 'isSignedIn: true, response: UserModel.list')
        .replace('    params: UserModel.params', '    isSignedIn: true,\n    params: UserModel.params'),
    );
    expect(await notices(BRANDS)).toContain(
      'brands: closed by { isSignedIn: true }, as all other domains are',
    );
    expect(read('src/modules/brands/index.ts')).toContain(
      'export const brands = new Elysia().use(auth).guard({ isSignedIn: true }).use(brandsOn(db));',
    );
    expect(await asked('/brands')).toEqual({ stranger: CLOSED, known: OPEN });
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
    // What is generated is a neighbour of the next.
    await project.run('rm', 'src/listen.ts');
    write(
      'src/db/client.ts',
      "import { drizzle } from 'drizzle-orm/node-postgres';\n\nexport const db = drizzle('postgres://localhost/shop');\n",
    );
    await project.crud(BRANDS.replace('brands', 'labels'));
    expect(read('src/modules/labels/index.ts')).toContain(
      '.use(auth).guard({ isSignedIn: true }).use(labelsOn(db))',
    );
    const before = treeOf(project.root);
    expect(await project.crud('brands')).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
  });

  it('but not where only some of the routes of the others are closed: it is asked', async () => {
    write('src/auth.ts', AUTH);
    write(
      'src/modules/users/index.ts',
      read('src/modules/users/index.ts')
        .replace('import { UserModel }', "import { auth } from '../../auth';\nimport { UserModel }")
        .replace("prefix: '/users' })", "prefix: '/users' })\n  .use(auth)")
        .replace('response: UserModel.list', 'isSignedIn: true, response: UserModel.list'),
    );
    const before = treeOf(project.root);
    await expect(project.crud(BRANDS)).rejects.toMatchObject({ code: 'answer-needed', exitCode: 3 });
    expect(treeOf(project.root)).toBe(before);
    await project.crud(BRANDS, { authentication: 'protected', typecheck: true });
    expect(read('src/modules/brands/index.ts')).toContain('.guard({ isSignedIn: true })');
  });

  it('given its database, named and placed as the controllers of others, which change rows by PUT', async () => {
    write(
      'src/controllers/user.controller.ts',
      `import { Elysia } from 'elysia';
import type { Database } from '../db/client';
import { users } from '../db/schema';

export const userController = (db: Database) =>
  new Elysia({ prefix: '/api/users' }).get('/', () => db.select().from(users)).put('/:id', ({ params }) => params.id);
`,
    );
    write('src/services/user.service.ts', "export const nothing = 'yet';\n");
    write(
      'src/db/client.ts',
      "import { drizzle } from 'drizzle-orm/node-postgres';\n\nexport const connect = (url: string) => drizzle(url);\nexport type Database = ReturnType<typeof connect>;\n",
    );
    await project.run('rm', '-r', 'src/modules/users');
    write(
      'src/app.ts',
      `import { Elysia } from 'elysia';
import { userController } from './controllers/user.controller';
import type { Database } from './db/client';
import { health } from './modules/health';

export function createApp(db: Database) {
  const app = new Elysia();
  app.use(health);
  app.use(userController(db));
  return app;
}
`,
    );
    write(
      'src/index.ts',
      "import { createApp } from './app';\nimport { connect } from './db/client';\n\ncreateApp(connect('postgres://localhost/shop')).listen(3000);\n",
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read('src/app.ts')).toContain(
      '  app.use(userController(db));\n  app.use(brandController(db));\n  return app;',
    );
    expect(read('src/controllers/brand.controller.ts')).toMatch(
      /export function brandController\(db: Database\) \{[\s\S]*prefix: '\/api\/brands'[\s\S]*\.put\(/,
    );
    expect(read('src/services/brand.service.ts')).toContain('brandService');
    expect(read('src/controllers/brand.model.ts')).toContain('brandModel');
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('with the database of the plugin that others use, behind the group that bears their name', async () => {
    write(
      'src/db/plugin.ts',
      "import { Elysia } from 'elysia';\nimport { drizzle } from 'drizzle-orm/node-postgres';\n\nexport const database = new Elysia({ name: 'database' }).decorate('db', drizzle('postgres://localhost/shop'));\n",
    );
    write(
      'src/modules/users/index.ts',
      "import { Elysia } from 'elysia';\nimport { database } from '../../db/plugin';\nimport { users as table } from '../../db/schema';\n\nexport const usersRoutes = new Elysia().use(database).get('/', ({ db }) => db.select().from(table));\n",
    );
    write(
      'src/app.ts',
      "import { Elysia } from 'elysia';\nimport { usersRoutes } from './modules/users';\n\nexport const app = new Elysia()\n  .group('/api/users', (app) => app.use(usersRoutes))\n  .listen(3000);\n",
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/app.ts')).toContain(
      "  .group('/api/users', (app) => app.use(usersRoutes))\n  .use(brandsRoutes)\n  .listen(3000);",
    );
    expect(read('src/modules/brands/index.ts')).toContain("prefix: '/api/brands'");
    expect(read('src/modules/brands/index.ts')).toContain(
      'export const brandsRoutes = brandsRoutesOn(database.decorator.db);',
    );
  });

  it('as the first of an application that listens', async () => {
    await project.run('rm', '-r', 'src/modules', 'src/app.ts');
    write(
      'src/index.ts',
      "import { Elysia } from 'elysia';\n\nnew Elysia()\n  .get('/', () => 'ok')\n  .listen(3000);\n",
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read('src/index.ts')).toContain("  .get('/', () => 'ok')\n  .use(brands)\n  .listen(3000);");
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });
});
