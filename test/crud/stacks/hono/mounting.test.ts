import { describe, expect, it } from 'vitest';
import type { CrudDomain } from '../../../../src/crud/domain.ts';
import { domainNames } from '../../../../src/crud/names.ts';
import { planMount } from '../../../../src/crud/stacks/hono/mounting.ts';
import { mountRoutes } from '../../../../src/crud/stacks/hono/wiring.ts';
import { projectOf } from '../../in-memory.ts';

const AUTH = `import { createMiddleware } from 'hono/factory';
export const requireAuth = createMiddleware(async (c, next) => {
  if (c.req.header('authorization') === undefined) return c.text('no', 401);
  await next();
});
export const requireRole = (role: string) => createMiddleware(async (c, next) => (c.req.header('x-role') === role ? next() : c.text('no', 403)));
/** Only looks who somebody is. */
export const withSession = createMiddleware(async (c, next) => {
  c.set('user', c.req.header('authorization') ?? null);
  await next();
});
`;
const IMPORTS = `import { Hono } from 'hono';
import { requireAuth, requireRole, withSession } from './auth.js';
import { db } from './db.js';
import { health } from './routes/health.js';
import { posts } from './routes/posts.js';
import { users } from './routes/users.js';
`;
const ROUTER = (name: string): string =>
  `import { Hono } from 'hono';\nexport const ${name} = new Hono().get('/', (c) => c.json([]));\n`;

const mounted = (
  files: Readonly<Record<string, string>>,
  authentication?: CrudDomain['authentication'],
): {
  readonly code: string | undefined;
  readonly paste: string;
  readonly message: string;
  readonly severity: string;
} => {
  const sources = {
    'auth.ts': AUTH,
    'db.ts': 'export const db = {};\n',
    'routes/health.ts': ROUTER('health'),
    'routes/posts.ts': ROUTER('posts'),
    'routes/users.ts': ROUTER('users'),
    ...files,
  };
  const project = projectOf(sources);
  const domain = {
    names: domainNames('brands'),
    table: { schema: 'public', name: 'brands', path: '/p/src/schema.ts' },
    authentication,
  } as unknown as CrudDomain;
  const wanted = { domain, project, routesName: 'brandRoutes', database: 'db' };
  const plan = planMount(wanted);
  const { path, edit, paste } = mountRoutes({
    domain,
    project,
    plan,
    database: { path: '/p/src/db.ts', name: 'db' },
    routes: { path: '/p/src/routes/brands.ts', name: 'brandRoutes', takes: 'database' },
  });
  const before = project.sources.get(path ?? '') ?? '';
  const code = edit(before);
  if (code !== undefined) {
    const again = new Map(project.sources).set(path!, code);
    expect(planMount({ ...wanted, project: { ...project, sources: again } })).toMatchObject({
      isThere: true,
    });
  }
  const { message, severity } = plan.notice;
  return { code: code?.slice(code.indexOf('\n\n') + 2), paste, message, severity };
};
/** An application of one file. */
const app = (code: string, authentication?: CrudDomain['authentication']) =>
  mounted({ 'app.ts': `${IMPORTS}\n${code}` }, authentication);

describe('routes are mounted behind what closes their neighbours', () => {
  it('a middleware of the whole application', () => {
    const { code, message } = app(
      "const app = new Hono();\napp.route('/health', health);\napp.use('*', requireAuth);\napp.route('/users', users);\n",
    );
    expect(code).toContain("app.route('/users', users);\napp.route('/brands', brandRoutes(db));\n");
    expect(message).toBe('brands: closed by requireAuth, as the routes beside it are');
  });

  it('which stands behind the last route, where no other domain is', () => {
    const { code, message } = app(
      "const app = new Hono();\napp.route('/health', health);\napp.use('/*', requireAuth);\napp.get('/me', (c) => c.text('me'));\n",
    );
    expect(code).toContain("app.use('/*', requireAuth);\napp.route('/brands', brandRoutes(db));\n");
    expect(message).toContain('closed by requireAuth');
  });

  it('a router of its own, with middleware', () => {
    const { code } = app(
      "const app = new Hono();\nconst secured = new Hono();\nsecured.use(requireAuth);\nsecured.route('/users', users);\napp.route('/health', health);\napp.route('/api', secured);\n",
    );
    expect(code).toContain("secured.route('/users', users);\nsecured.route('/brands', brandRoutes(db));\n");
  });

  it('a router that a function has wrapped', () => {
    const { code, message } = app(
      "function withAuth(app: Hono) {\n  app.use('*', requireAuth);\n  return app;\n}\nconst app = new Hono();\nconst protectedApp = withAuth(app);\napp.route('/health', health);\nprotectedApp.route('/users', users);\n",
    );
    expect(code).toContain("protectedApp.route('/brands', brandRoutes(db));\n");
    expect(message).toContain('closed by withAuth(app)');
  });

  it('a chain', () => {
    const { code } = app(
      "export const app = new Hono()\n  .basePath('/api')\n  .route('/health', health)\n  .use('*', requireAuth)\n  .route('/users', users);\n",
    );
    expect(code).toContain("  .route('/users', users)\n  .route('/brands', brandRoutes(db));\n");
  });

  it('a chain that a function gives back', () => {
    const { code } = app(
      "export const createApp = (db: Database) =>\n  new Hono()\n    .use('*', requireAuth)\n    .route('/users', users);\n",
    );
    expect(code).toContain("    .route('/users', users)\n    .route('/brands', brandRoutes(db));\n");
  });

  it('a router of another file, mounted behind the middleware', () => {
    const { code, message } = mounted({
      'app.ts':
        "import { Hono } from 'hono';\nimport { requireAuth } from './auth.js';\nimport { api } from './api.js';\nconst app = new Hono();\napp.use('/api/*', requireAuth);\napp.route('/api', api);\nexport default app;\n",
      'api.ts':
        "import { Hono } from 'hono';\nimport { users } from './routes/users.js';\n\nexport const api = new Hono();\napi.route('/users', users);\n",
    });
    expect(code).toContain("api.route('/users', users);\napi.route('/brands', brandRoutes(db));\n");
    expect(message).toContain('closed by requireAuth');
  });

  it('though others of the application are open', () => {
    const { code, message } = app(
      "const app = new Hono();\nconst admin = new Hono();\nadmin.use(requireRole('admin'));\nadmin.route('/users', users);\napp.route('/admin', admin);\napp.route('/posts', posts);\n",
    );
    expect(code).toContain("admin.route('/brands', brandRoutes(db));\n");
    expect(message).toContain("closed by requireRole('admin')");
  });
});

describe('routes stand in a list that a loop mounts', () => {
  const list = (loop: string): string =>
    `const app = new Hono();\nconst routes = [\n  health,\n  users,\n] as const;\n${loop}\n`;

  it.each([
    "routes.forEach((route) => {\n  app.route('/', route);\n});",
    "for (const route of routes) app.route('/', route);",
  ])('once, behind the others: %s', (loop) => {
    const { code } = app(list(loop));
    expect(code).toContain('  users,\n  brandRoutes(db),\n] as const;\n');
    expect(code).toContain(loop);
  });
});

describe('routes get the middleware that every neighbour has', () => {
  it('on its path', () => {
    const { code, message } = app(
      "const app = new Hono();\napp.use('/users/*', requireAuth);\napp.route('/users', users);\n",
    );
    expect(code).toContain("app.use('/brands/*', requireAuth);\napp.route('/brands', brandRoutes(db));\n");
    expect(message).toBe('brands: guarded by requireAuth, as all other domains are');
  });

  it('in its router', () => {
    const { code } = mounted({
      'app.ts': `import { Hono } from 'hono';\nimport { users } from './routes/users.js';\n\nconst app = new Hono();\napp.route('/users', users);\n`,
      'routes/users.ts':
        "import { Hono } from 'hono';\nimport { requireRole } from '../auth.js';\nexport const users = new Hono();\nusers.use(requireRole('staff'));\nusers.get('/', (c) => c.json([]));\n",
    });
    expect(code).toContain(
      "app.use('/brands/*', requireRole('staff'));\napp.route('/brands', brandRoutes(db));\n",
    );
  });

  it('of a package whose code is not the project’s', () => {
    for (const guard of ["bearerAuth({ token: 't' })", 'authMiddleware', 'requireUser()']) {
      const { code } = mounted({
        'app.ts': `import { Hono } from 'hono';\nimport { ${guard.split('(')[0]} } from '@shop/auth';\nimport { users } from './routes/users.js';\n\nconst app = new Hono();\napp.use('/users/*', ${guard});\napp.route('/users', users);\n`,
      });
      expect(code).toContain(`app.use('/brands/*', ${guard});\n`);
    }
  });

  it('on each of its routes', () => {
    const { code } = mounted({
      'app.ts': `import { Hono } from 'hono';\nimport { users } from './routes/users.js';\n\nconst app = new Hono();\napp.route('/users', users);\n`,
      'routes/users.ts':
        "import { Hono } from 'hono';\nimport { requireAuth } from '../auth.js';\nexport const users = new Hono()\n  .get('/', requireAuth, (c) => c.json([]))\n  .post('/', requireAuth, (c) => c.json({}));\n",
    });
    expect(code).toContain("app.use('/brands/*', requireAuth);\n");
  });

  it('or nothing, where that cannot be had elsewhere', () => {
    const files = {
      'app.ts': `import { Hono } from 'hono';\nimport { users } from './routes/users.js';\n\nconst app = new Hono();\napp.route('/users', users);\n`,
      'routes/users.ts':
        "import { Hono } from 'hono';\nexport const users = new Hono();\nusers.use(async (c, next) => (c.req.header('a') ? next() : c.text('no', 401)));\nusers.get('/', (c) => c.json([]));\n",
    };
    expect(() => mounted(files)).toThrow(expect.objectContaining({ code: 'answer-needed', exitCode: 3 }));
    expect(mounted(files, 'public').code).toContain("app.route('/brands', brandRoutes(db));\n");
  });
});

describe('routes are open', () => {
  it('where nothing refuses anybody, whatever a middleware is called', () => {
    const { code, message, severity } = app(
      "const app = new Hono();\napp.use('*', withSession);\napp.route('/users', users);\n",
    );
    expect(code).toContain("app.route('/brands', brandRoutes(db));\n");
    expect({ message, severity }).toEqual({
      message:
        'brands: anybody may use its routes; no middleware that refuses strangers was seen before them',
      severity: 'info',
    });
  });

  it('where a refusal is only spoken of, or looked at', () => {
    const logged = `app.use('*', async (c, next) => {
  // Whoever must not pass gets 401 elsewhere.
  await next();
  if (c.res.status === 401) console.warn('refused');
});
`;
    const { message } = app(`const app = new Hono();\n${logged}app.route('/users', users);\n`);
    expect(message).toContain('anybody may use its routes');
  });

  it('with a warning where one of the others is not', () => {
    const { code, message, severity } = app(
      "const app = new Hono();\napp.use('/users/*', requireAuth);\napp.route('/users', users);\napp.route('/posts', posts);\n",
    );
    expect(code).not.toContain("'/brands/*'");
    expect(severity).toBe('warning');
    expect(message).toContain('/users is guarded by requireAuth; --authentication protected');
  });

  it('before what closes the rest, only where that is asked for', () => {
    const code =
      "const app = new Hono();\napp.route('/posts', posts);\napp.use('*', requireAuth);\napp.route('/users', users);\n";
    expect(app(code, 'public').code).toContain(
      "app.route('/posts', posts);\napp.route('/brands', brandRoutes(db));\n",
    );
    expect(app(code).code).toContain("app.route('/users', users);\napp.route('/brands', brandRoutes(db));\n");
  });

  it('but not where everything is closed, which is told', () => {
    const { message, severity } = app(
      "const app = new Hono();\napp.use('*', requireAuth);\napp.route('/users', users);\n",
      'public',
    );
    expect(severity).toBe('warning');
    expect(message).toContain('closed by requireAuth, before which no other domain is mounted');
  });
});

it('what is to be pasted names the router that is closed', () => {
  const { paste } = app(
    "function withAuth(app: Hono) {\n  app.use('*', requireAuth);\n  return app;\n}\nconst app = new Hono();\nconst protectedApp = withAuth(app);\nprotectedApp.route('/users', users);\n",
  );
  expect(paste).toContain("protectedApp.route('/brands', brandRoutes(db));");
});

it('routes that find no application are said to be as open as their place will be', () => {
  const { code, message, severity } = mounted({ 'app.ts': 'export {};\n' });
  expect(code).toBeUndefined();
  expect({ message, severity }).toEqual({
    message: 'brands: not mounted yet: the routes are as open as the place where you mount them',
    severity: 'warning',
  });
});
