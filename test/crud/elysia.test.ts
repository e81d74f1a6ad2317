import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { reportOutcome } from '../../src/report/json.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const LISTEN = `import 'reflect-metadata';
import { serve } from '@hono/node-server';
import { Elysia } from 'elysia';
import { container } from './core/shared/container';
import { TOKENS } from './core/shared/tokens';
import { registerRoutes } from './external/api/routes';
import { testDatabase } from './external/drizzle/test-database';

const { db } = await testDatabase();
container.register<unknown>(TOKENS.Database, { useValue: db });
// Applications answer what they do not know in a way of their own; that is not to hide what the domain says.
const own = new Elysia().onError(({ code, status }) =>
  code === 'VALIDATION' || code === 'PARSE' ? undefined : status(500, 'Something went wrong'),
);
const app = registerRoutes(own);
serve({ fetch: app.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;

describe('two domains in an Elysia project', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  const read = (path: string): string => readFileSync(join(project.root, path), 'utf8');
  beforeAll(async () => {
    project = crudFixture('elysia');
    outcomes = [
      await project.crud('categories', { authentication: 'public' }),
      await project.crud('order-items', { authentication: 'public', typecheck: true }),
    ];
  });

  it('compile with the strictest settings', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: { code: { stack: 'elysia', byHand: [], install: [] } },
    });
  });

  it('stand among the tokens, in the container and in the README beside the other domain', () => {
    expect(read('src/core/shared/tokens.ts')).toContain(
      "  UserRepository: Symbol.for('UserRepository'),\n  CategoryRepository: Symbol.for('CategoryRepository'),\n  OrderItemRepository: Symbol.for('OrderItemRepository'),\n} as const;",
    );
    expect(read('src/core/shared/container.ts')).toContain(
      'container.register(TOKENS.UserRepository, { useClass: UserDrizzleRepository });\n' +
        'container.register(TOKENS.CategoryRepository, { useClass: CategoryDrizzleRepository });\n' +
        'container.register(TOKENS.OrderItemRepository, { useClass: OrderItemDrizzleRepository });\n\n// Use cases\n',
    );
    expect(read('README.md')).toContain('[order-items](docs/modules/order-items-README.md)');
  });

  it('pass their own tests', async () => {
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('serve rows through their whole life', async () => {
    const { url, stop } = await project.serve(LISTEN);
    try {
      await lifeOfARow(url);
    } finally {
      stop();
    }
  });

  it('are left as they are the second time', async () => {
    const before = treeOf(project.root);
    expect(await project.crud('order-items')).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
  });

  it('are not overwritten where somebody has edited them', async () => {
    const path = join(project.root, 'src/adapters/order-items/dtos/order-item.dto.ts');
    const own = readFileSync(path, 'utf8');
    writeFileSync(path, `${own}// mine\n`);
    await expect(project.crud('order-items')).rejects.toMatchObject({ code: 'code-conflict', exitCode: 1 });
    writeFileSync(path, own);
  });
});

describe('a guarded domain in an Elysia project', () => {
  it('is registered within the guard of the others, though nobody asks for it', async () => {
    const project = crudFixture('elysia');
    const outcome = await project.crud('categories');
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toContain(
      'categories: closed by { beforeHandle: requireAuth }, as GetAllUsersController is',
    );
    const routes = readFileSync(join(project.root, 'src/external/api/routes.ts'), 'utf8');
    expect(routes).toContain(
      '    getUserByIdController.register(guarded);\n    createCategoryController.register(guarded);\n',
    );
    expect(routes).toContain(
      '  const deleteCategoryController = container.resolve(DeleteCategoryController);\n\n  app.guard(',
    );
    const { url, stop } = await project.serve(LISTEN);
    try {
      expect((await fetch(`${url}/categories`)).status).toBe(401);
      const staff = { headers: { authorization: 'Bearer staff' } };
      expect((await fetch(`${url}/categories`, staff)).status).toBe(200);
    } finally {
      stop();
    }
  });

  it('is asked about where no guard is like it', async () => {
    const project = crudFixture('elysia');
    const before = treeOf(project.root);
    await expect(project.crud('categories', { authentication: 'admin' })).rejects.toMatchObject({
      code: 'answer-needed',
      exitCode: 3,
    });
    expect(treeOf(project.root)).toBe(before);
  });
});
