import { describe, expect, it } from 'vitest';
import type { CrudDomain } from '../../../../src/crud/domain.ts';
import { domainNames } from '../../../../src/crud/names.ts';
import { expressDialect } from '../../../../src/crud/stacks/express/dialect.ts';
import { fastifyDialect } from '../../../../src/crud/stacks/fastify/dialect.ts';
import { planMount } from '../../../../src/crud/stacks/servers/mounting.ts';
import { mountRoutes } from '../../../../src/crud/stacks/servers/wiring.ts';
import { projectOf } from '../../in-memory.ts';

interface Application {
  readonly framework: 'express' | 'fastify';
  readonly files: Readonly<Record<string, string>>;
  readonly authentication?: CrudDomain['authentication'];
  readonly decorator?: string;
}

/** Mounts brands in an application, and sees that a second run finds them there. */
const mounted = ({ framework, files, authentication, decorator }: Application) => {
  const project = projectOf({ 'db.ts': 'export const db = {};\n', ...files });
  const domain = {
    names: domainNames('brands'),
    table: { schema: 'public', name: 'brands', path: '/p/src/schema.ts' },
    authentication,
  } as unknown as CrudDomain;
  const routesName = framework === 'express' ? 'brandRouter' : 'brandRoutes';
  const dialect = framework === 'express' ? expressDialect : fastifyDialect(project, decorator);
  const wanted = { domain, project, dialect, routesName, database: 'db' };
  const plan = planMount(wanted);
  const { path, edit, paste } = mountRoutes({
    ...wanted,
    plan,
    database: { path: '/p/src/db.ts', name: 'db' },
    routes: '/p/src/routes/brands.ts',
    missing: 'no file creates one',
    findsDatabase: decorator !== undefined,
  });
  const code = edit(project.sources.get(path ?? '') ?? '');
  if (code !== undefined) {
    const sources = new Map(project.sources).set(path!, code);
    const again = planMount({ ...wanted, project: { ...project, sources } });
    expect(again.isThere).toBe(true);
    // What a second run sees of the written code is what the first one said.
    if (/^brands: (guarded|closed)/.test(plan.notice.message))
      expect(again.notice.message).toContain('closed by');
  }
  return { code, path, paste, message: plan.notice.message, severity: plan.notice.severity };
};

describe('Express', () => {
  const AUTH = `import type { RequestHandler } from 'express';
export const requireAuth: RequestHandler = (req, res, next) => {
  if (req.headers.authorization === undefined) return void res.status(401).end();
  next();
};
export const requireRole = (role: string): RequestHandler => (req, res, next) => {
  if (req.headers['x-role'] !== role) return void res.sendStatus(403);
  next();
};
/** Only looks who somebody is. */
export const session: RequestHandler = (req, _res, next) => {
  req.headers['x-user'] = 'nobody';
  next();
};
`;
  const ROUTER = (name: string): string =>
    `import { Router } from 'express';\nexport const ${name} = Router();\n${name}.get('/', (_req, res) => res.json([]));\n`;
  const IMPORTS = `import express, { Router } from 'express';
import { requireAuth, requireRole, session } from './auth.js';
import { db } from './db.js';
import { health } from './routes/health.js';
import { posts } from './routes/posts.js';
import { users } from './routes/users.js';
`;
  const express = (files: Readonly<Record<string, string>>, authentication?: CrudDomain['authentication']) =>
    mounted({
      framework: 'express',
      files: {
        'auth.ts': AUTH,
        'routes/health.ts': ROUTER('health'),
        'routes/posts.ts': ROUTER('posts'),
        'routes/users.ts': ROUTER('users'),
        ...files,
      },
      authentication,
    });
  const app = (code: string, authentication?: CrudDomain['authentication']) =>
    express({ 'app.ts': `${IMPORTS}const app = express();\n${code}` }, authentication);

  it('mounts behind the routers of others, before what answers errors', () => {
    const { code, message } = app(
      "app.use(session);\napp.use('/api/users', users);\napp.use((err, req, res, next) => res.status(500).end());\n",
    );
    expect(code).toContain(
      "app.use('/api/users', users);\napp.use('/api/brands', brandRouter(db));\napp.use((err",
    );
    expect(message).toContain('anybody may use its routes');
  });

  it('mounts behind the middleware of the application, where no router is mounted yet', () => {
    const { code } = app(
      "app.use(express.json());\napp.get('/', (req, res) => res.send('shop'));\napp.use((req, res) => res.status(404).end());\napp.use((err, req, res, next) => res.status(500).end());\n",
    );
    expect(code).toContain("app.use(express.json());\napp.use('/brands', brandRouter(db));\napp.get");
  });

  it('mounts behind the middleware that closes the others', () => {
    const { code, message } = app(
      "app.use('/health', health);\napp.use('/api', requireAuth);\napp.use('/api/users', users);\n",
    );
    expect(code).toContain("app.use('/api/users', users);\napp.use('/api/brands', brandRouter(db));\n");
    expect(message).toBe('brands: closed by requireAuth, as the routes beside it are');
  });

  it('mounts behind middleware that stands behind the last open router', () => {
    const { code, message } = app(
      "app.use('/health', health);\napp.use(requireAuth);\napp.get('/me', (req, res) => res.end());\n",
    );
    expect(code).toContain("app.use(requireAuth);\napp.use('/brands', brandRouter(db));\n");
    expect(message).toContain('closed by requireAuth');
  });

  it('mounts with the middleware that each of the others is mounted with', () => {
    const { code, message } = app(
      "app.use('/api/users', requireAuth, users);\napp.use('/api/posts', [requireAuth], posts);\n",
    );
    expect(code).toContain(
      "app.use('/api/posts', [requireAuth], posts);\napp.use('/api/brands', requireAuth, brandRouter(db));\n",
    );
    expect(message).toBe('brands: guarded by requireAuth, as all other domains are');
  });

  it('mounts with the middleware that the routes of others have', () => {
    const { code } = express({
      'app.ts':
        "import express from 'express';\nimport { users } from './routes/users.js';\nconst app = express();\napp.use('/users', users);\n",
      'routes/users.ts':
        "import { Router } from 'express';\nimport { requireRole } from '../auth.js';\nexport const users = Router();\nusers.get('/', requireRole('staff'), (req, res) => res.json([]));\nusers.post('/', requireRole('staff'), (req, res) => res.json({}));\n",
    });
    expect(code).toContain("import { requireRole } from './auth.js';");
    expect(code).toContain("app.use('/brands', requireRole('staff'), brandRouter(db));\n");
  });

  it('mounts in the router of another file, which is closed where it is mounted', () => {
    const { code, path, message } = express({
      'app.ts':
        "import express from 'express';\nimport { requireAuth } from './auth.js';\nimport routes from './routes/index.js';\nconst app = express();\napp.use('/api', requireAuth, routes);\n",
      'routes/index.ts':
        "import { Router } from 'express';\nimport { users } from './users.js';\n\nconst router = Router();\nrouter.use('/users', users);\n\nexport default router;\n",
    });
    expect(path).toBe('/p/src/routes/index.ts');
    expect(code).toContain("router.use('/users', users);\nrouter.use('/brands', brandRouter(db));\n");
    expect(message).toContain('closed by requireAuth');
  });

  it('says where some are closed and others not', () => {
    const { message, severity } = app("app.use('/users', requireAuth, users);\napp.use('/posts', posts);\n");
    expect(severity).toBe('warning');
    expect(message).toContain('though /users is guarded by requireAuth');
  });

  it('guards what is asked to be protected, for administrators too', () => {
    expect(app("app.use('/posts', posts);\n", 'protected').code).toContain(
      "app.use('/brands', requireAuth, brandRouter(db));\n",
    );
    expect(
      app(
        "app.use('/posts', posts);\napp.get('/x', requireRole('admin'), (req, res) => res.end());\n",
        'admin',
      ).code,
    ).toContain("app.use('/brands', requireRole('admin'), brandRouter(db));\n");
  });

  it('refuses a guard that cannot be had', () => {
    const files = {
      'app.ts':
        "import express from 'express';\nimport { users } from './routes/users.js';\nconst app = express();\napp.use('/users', users);\n",
      'routes/users.ts':
        "import { Router } from 'express';\nexport const users = Router();\nusers.use((req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)));\nusers.get('/', (req, res) => res.json([]));\n",
    };
    expect(() => express(files)).toThrow(
      expect.objectContaining({ code: 'answer-needed', exitCode: 3 }) as Error,
    );
    expect(() => express({ 'auth.ts': '', 'app.ts': files['app.ts'] }, 'protected')).toThrow('no middleware');
    expect(express(files, 'public').code).toContain("app.use('/brands', brandRouter(db));\n");
  });

  it('keeps a prefix that is only known when it runs', () => {
    const { code } = app('app.use(`${config.prefix}/users`, users);\n');
    expect(code).toContain('app.use(`${config.prefix}/brands`, brandRouter(db));\n');
  });

  it('knows the prefix of routers that have their own path in their routes', () => {
    const { code } = express({
      'app.ts':
        "import express from 'express';\nimport { users } from './routes/users.js';\nconst app = express();\napp.use('/api', users);\n",
      'routes/users.ts':
        "import { Router } from 'express';\nexport const users = Router();\nusers.get('/users', (req, res) => res.json([]));\nusers.get('/users/:id', (req, res) => res.json([]));\n",
    });
    expect(code).toContain("app.use('/api/brands', brandRouter(db));\n");
  });

  it('leaves a place that is not there to a person', () => {
    expect(express({ 'app.ts': 'export {};\n' })).toMatchObject({
      path: undefined,
      severity: 'warning',
      paste: expect.stringContaining("app.use('/brands', brandRouter(db));") as string,
    });
  });
});

describe('Fastify', () => {
  const AUTH = `import fp from 'fastify-plugin';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
export async function requireAuth(request: FastifyRequest, reply: FastifyReply) {
  if (request.headers.authorization === undefined) return reply.code(401).send();
}
export const closed = fp(async (fastify: FastifyInstance) => {
  fastify.addHook('onRequest', requireAuth);
});
export const auth = fp(async (fastify: FastifyInstance) => {
  fastify.decorate('authenticate', async (request: FastifyRequest) => {
    await request.jwtVerify();
  });
});
`;
  const PLUGIN = (name: string): string =>
    `import type { FastifyInstance } from 'fastify';\nexport async function ${name}(fastify: FastifyInstance) {\n  fastify.get('/', async () => []);\n}\n`;
  const fastify = (
    files: Readonly<Record<string, string>>,
    authentication?: CrudDomain['authentication'],
    decorator?: string,
  ) =>
    mounted({
      framework: 'fastify',
      files: {
        'auth.ts': AUTH,
        'routes/health.ts': PLUGIN('health'),
        'routes/users.ts': PLUGIN('users'),
        'routes/posts.ts': PLUGIN('posts'),
        ...files,
      },
      authentication,
      ...(decorator !== undefined && { decorator }),
    });
  const IMPORTS = `import Fastify from 'fastify';
import cors from '@fastify/cors';
import { auth, closed, requireAuth } from './auth.js';
import { health } from './routes/health.js';
import { posts } from './routes/posts.js';
import { users } from './routes/users.js';
`;
  const app = (code: string, authentication?: CrudDomain['authentication'], decorator?: string) =>
    fastify(
      {
        'app.ts': `${IMPORTS}export async function buildApp(db) {\n  const app = Fastify();\n${code}  return app;\n}\n`,
      },
      authentication,
      decorator,
    );

  it('registers behind the plugins of others, with the database of the place', () => {
    const { code } = app(
      "  await app.register(cors);\n  await app.register(users, { prefix: '/api/users', db });\n",
    );
    expect(code).toContain(
      "  await app.register(users, { prefix: '/api/users', db });\n  await app.register(brandRoutes, { prefix: '/api/brands', db });\n",
    );
  });

  it('registers without it, where the application is decorated with it', () => {
    const { code } = app("  app.register(users, { prefix: '/users' });\n", undefined, 'db');
    expect(code).toContain(
      "  app.register(users, { prefix: '/users' });\n  app.register(brandRoutes, { prefix: '/brands' });\n",
    );
    expect(code).not.toContain('import { db }');
  });

  it('registers in the scope whose hook closes the others', () => {
    const { code, message } = app(
      "  app.register(health, { prefix: '/health' });\n  app.register(async (api) => {\n    api.addHook('onRequest', requireAuth);\n    api.register(users, { prefix: '/users' });\n  }, { prefix: '/api' });\n",
    );
    expect(code).toContain(
      "    api.register(users, { prefix: '/users' });\n    api.register(brandRoutes, { prefix: '/brands', db });\n",
    );
    expect(message).toBe('brands: closed by requireAuth, as the routes beside it are');
  });

  it('registers in the plugin of another file, closed where that is registered', () => {
    const { code, path, message } = fastify({
      'app.ts':
        "import Fastify from 'fastify';\nimport api from './api.js';\nimport { closed } from './auth.js';\nconst app = Fastify();\napp.register(closed);\napp.register(api, { prefix: '/api' });\n",
      'api.ts':
        "import type { FastifyPluginAsync } from 'fastify';\nimport { users } from './routes/users.js';\n\nconst api: FastifyPluginAsync = async (fastify) => {\n  await fastify.register(users, { prefix: '/users' });\n};\n\nexport default api;\n",
    });
    expect(path).toBe('/p/src/api.ts');
    expect(code).toContain("  await fastify.register(brandRoutes, { prefix: '/brands', db });\n");
    expect(message).toContain('closed by requireAuth');
  });

  it('is not closed by a plugin that only brings a guard', () => {
    const { message } = app("  app.register(auth);\n  app.register(users, { prefix: '/users' });\n");
    expect(message).toContain('anybody may use its routes');
  });

  it('is guarded in a scope of its own by what each route of the others has', () => {
    const { code, message } = fastify({
      'app.ts':
        "import Fastify from 'fastify';\nimport { auth } from './auth.js';\nimport { users } from './routes/users.js';\n\nconst app = Fastify();\napp.register(auth);\napp.register(users, { prefix: '/users' });\n",
      'routes/users.ts':
        "import type { FastifyInstance } from 'fastify';\nexport async function users(app: FastifyInstance) {\n  app.get('/', { preHandler: [app.authenticate] }, async () => []);\n  app.post('/', { preHandler: [app.authenticate] }, async () => []);\n}\n",
    });
    expect(code).toContain(
      "app.register(async (app) => {\n  app.addHook('preHandler', app.authenticate);\n  await app.register(brandRoutes, { prefix: '/brands', db });\n});\n",
    );
    expect(message).toBe('brands: guarded by fastify.authenticate, as all other domains are');
  });

  it('is guarded by the hook that the plugins of others add', () => {
    const { code } = fastify({
      'app.ts':
        "import Fastify from 'fastify';\nimport { users } from './routes/users.js';\n\nconst app = Fastify();\napp.register(users, { prefix: '/users' });\n",
      'routes/users.ts':
        "import type { FastifyInstance } from 'fastify';\nimport { requireAuth } from '../auth.js';\nexport async function users(app: FastifyInstance) {\n  app.addHook('onRequest', requireAuth);\n  app.get('/', async () => []);\n}\n",
    });
    expect(code).toContain("import { requireAuth } from './auth.js';");
    expect(code).toContain("  app.addHook('onRequest', requireAuth);\n");
  });

  it('guards what is asked to be protected, by what the application is decorated with', () => {
    expect(app("  app.register(posts, { prefix: '/posts' });\n", 'protected').code).toContain(
      "    app.addHook('onRequest', app.authenticate);\n",
    );
  });

  it('refuses a guard that cannot be had', () => {
    const files = {
      'app.ts':
        "import Fastify from 'fastify';\nimport { users } from './routes/users.js';\n\nconst app = Fastify();\napp.register(users, { prefix: '/users' });\n",
      'routes/users.ts':
        "import type { FastifyInstance } from 'fastify';\nexport async function users(app: FastifyInstance) {\n  app.addHook('onRequest', async (request, reply) => {\n    if (!request.headers.authorization) return reply.code(401).send();\n  });\n  app.get('/', async () => []);\n}\n",
    };
    expect(() => fastify(files)).toThrow(
      expect.objectContaining({ code: 'answer-needed', exitCode: 3 }) as Error,
    );
  });

  it('registers in an application that has no plugins yet', () => {
    const { code } = app('  await app.register(cors);\n');
    expect(code).toContain("brandRoutes, { prefix: '/brands', db }");
  });
});
