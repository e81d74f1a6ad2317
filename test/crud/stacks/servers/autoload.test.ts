import { expect, it } from 'vitest';
import type { CrudDomain } from '../../../../src/crud/domain.ts';
import { domainNames } from '../../../../src/crud/names.ts';
import { planAutoload } from '../../../../src/crud/stacks/fastify/autoload.ts';
import { fastifyDialect } from '../../../../src/crud/stacks/fastify/dialect.ts';
import { readApplication } from '../../../../src/crud/stacks/servers/routers.ts';
import { projectOf } from '../../in-memory.ts';

const APP = (options = ''): string => `import { join } from 'node:path';
import AutoLoad from '@fastify/autoload';
import Fastify from 'fastify';
export const app = Fastify();
app.register(AutoLoad, { dir: join(__dirname, 'plugins') });
app.register(AutoLoad, { dir: join(__dirname, 'routes')${options} });
`;
const PLUGIN = `import fp from 'fastify-plugin';
export default fp(async (fastify) => {
  fastify.decorate('authenticate', async (request, reply) => {
    if (!request.headers.authorization) return reply.code(401).send();
  });
});
`;
const ROUTE = (options = ''): string =>
  `import type { FastifyPluginAsync } from 'fastify';\nconst routes: FastifyPluginAsync = async (fastify) => {\n  fastify.get('/', ${options}async () => []);\n};\nexport default routes;\n`;
const HOOKS = `import type { FastifyInstance } from 'fastify';
export default async function (fastify: FastifyInstance) {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.headers.authorization) return reply.code(401).send();
  });
}
`;

const planned = (files: Readonly<Record<string, string>>, authentication?: CrudDomain['authentication']) => {
  const project = projectOf({ 'plugins/auth.ts': PLUGIN, ...files });
  const domain = {
    names: domainNames('order_items'),
    table: { schema: 'public', name: 'order_items', path: '/p/src/schema.ts' },
    authentication,
  } as unknown as CrudDomain;
  return planAutoload(domain, readApplication(project, fastifyDialect(project, undefined)));
};

it('a domain that is loaded has a folder beside the others', () => {
  expect(planned({ 'app.ts': APP(), 'routes/users/index.ts': ROUTE() })?.folder).toBe(
    '/p/src/routes/order-items',
  );
  expect(
    planned({ 'app.ts': APP(), 'routes/users.ts': ROUTE(), 'routes/blog_posts.ts': ROUTE() })?.folder,
  ).toBe('/p/src/routes/order_items');
  expect(planned({ 'app.ts': APP(', options: { db }'), 'routes/users/index.ts': ROUTE() })?.database).toBe(
    'db',
  );
});

it('is in the folder whose hooks close the others', () => {
  const files = {
    'app.ts': APP(', autoHooks: true, cascadeHooks: true'),
    'routes/open/posts/index.ts': ROUTE(),
    'routes/closed/autohooks.ts': HOOKS,
    'routes/closed/users/index.ts': ROUTE(),
  };
  expect(planned(files)).toMatchObject({
    folder: '/p/src/routes/closed/order-items',
    guard: undefined,
    notice: { message: expect.stringContaining('closed by') as string },
  });
  expect(planned(files, 'public')).toMatchObject({ folder: '/p/src/routes/open/order-items' });
});

it('has the hook that every route of the others has', () => {
  expect(
    planned({ 'app.ts': APP(), 'routes/users/index.ts': ROUTE('{ onRequest: [fastify.authenticate] }, ') }),
  ).toMatchObject({ guard: { imports: [], text: 'fastify.authenticate' } });
});

it('is open where the others are, which is told', () => {
  expect(planned({ 'app.ts': APP(), 'routes/users/index.ts': ROUTE() })?.notice.message).toContain(
    'anybody may use its routes',
  );
});

it('has its whole path where the names of folders are no part of paths', () => {
  const files = {
    'app.ts': APP(', dirNameRoutePrefix: false'),
    'routes/users.ts':
      "import type { FastifyInstance } from 'fastify';\nexport default async function (fastify: FastifyInstance) {\n  fastify.route({ method: 'GET', url: '/api/v1/users/:id', handler: async () => ({}) });\n  fastify.get('/api/v1/users', async () => []);\n}\n",
  };
  expect(planned(files)).toMatchObject({
    folder: '/p/src/routes/order-items',
    prefix: '/api/v1/order-items',
  });
  expect(planned({ 'app.ts': APP(), 'routes/users/index.ts': ROUTE() })?.prefix).toBeUndefined();
});

it('is not loaded where nothing is', () => {
  expect(planned({ 'app.ts': APP() })).toBeUndefined();
});
