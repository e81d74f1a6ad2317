import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runUndoCommand } from '../../src/commands/undo.ts';
import { treeOf } from '../workspace/tree.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const ORDER_ITEMS =
  'order_items id:uuid=gen_random_uuid():pk user_id:uuid!:ref(users) label:varchar(40)!:unique price:numeric(10,2) views:bigint meta:jsonb paid:boolean at:timestamptz';
const PEOPLE = 'people id:int:pk name:text! email:text!:unique order_item_id:uuid:ref(order_items)';

/** The project of the fixture with another application; its old domain is users. */
function shopWith(files: Readonly<Record<string, string>>): CrudFixture {
  const project = crudFixture('hono');
  for (const path of ['src/server.ts', 'src/routes/health.ts']) rmSync(join(project.root, path));
  const manifest = JSON.parse(readFileSync(join(project.root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  Object.assign(manifest.dependencies, { '@hono/zod-openapi': '^1.6.0', '@hono/zod-validator': '^0.9.0' });
  writeFileSync(join(project.root, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  }
  return project;
}

/** What holds for both new domains in every application; runs in this order. */
function itTakesTwoDomains(get: () => CrudFixture): void {
  it('takes two domains, which compile and pass their tests', async () => {
    for (const words of [ORDER_ITEMS, PEOPLE])
      expect(await get().crud(words, { typecheck: true })).toMatchObject({
        verification: { ok: true },
        draft: { code: { byHand: [], install: [] } },
      });
    expect(await get().run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });
}

/** They are left alone by a second run, and undone byte for byte; ends what there is to see of them. */
function itGoesAsItCame(get: () => CrudFixture, before: () => string): void {
  it('leaves them alone the second time, and undoes them byte for byte', async () => {
    const { root } = get();
    const made = treeOf(root);
    for (const table of ['order_items', 'people'])
      expect(await get().crud(table)).toMatchObject({ status: 'no_changes' });
    expect(treeOf(root)).toBe(made);
    for (let runs = 0; runs < 2; runs += 1)
      await runUndoCommand({ cwd: root, dryRun: false, evenIfApplied: false, say: () => undefined });
    expect(sourcesOf(root)).toBe(before());
  });
}

/** All but tableplan's own folder. */
const sourcesOf = (root: string): string =>
  treeOf(root)
    .split('\n')
    .filter((line) => !/^(\.tableplan|node_modules)/.test(line))
    .join('\n');

describe('an application in one chain, with its type exported', () => {
  let project: CrudFixture;
  let before: string;
  beforeAll(() => {
    project = shopWith({
      'src/app.ts': `import { Hono } from 'hono';
import { db } from './db/client.js';
import { users } from './routes/users.js';

const app = new Hono()
  .basePath('/api')
  .route('/users', users);

export { db };
export type AppType = typeof app;
export default app;
`,
      'src/routes/users.ts': `import { Hono } from 'hono';
import { db } from '../db/client.js';
import { users as table } from '../db/schema.js';

export const users = new Hono().get('/', async (c) => c.json(await db.select({ id: table.id }).from(table)));
`,
    });
    before = sourcesOf(project.root);
  });

  itTakesTwoDomains(() => project);

  it('has a client that knows bodies, queries and answers, and no others', async () => {
    const client = (...lines: readonly string[]): string =>
      `import { hc } from 'hono/client';
import type { AppType } from './app.js';

const items = hc<AppType>('http://localhost').api['order-items'];
${lines.join('\n')}
`;
    const right = client(
      "const made = await items.$post({ json: { userId: 'x', label: 'a', price: '1.50', at: '2026-01-01T00:00:00Z' } });",
      'if (made.status !== 201) throw new Error((await made.json()).error.fields.label);',
      'const { id, views, at } = await made.json();',
      'export const row: { id: string; views: number | null; at: string | null } = { id, views, at };',
      "const list = await items.$get({ query: { page: '2', sortBy: 'label' } });",
      'if (list.status !== 200) throw new Error((await list.json()).error.message);',
      'export const labels: string[] = (await list.json()).data.map(({ label }) => label);',
      "await items[':id'].$patch({ param: { id }, json: { paid: true } });",
    );
    const tscOf = async (text: string): Promise<{ readonly code: number; readonly output: string }> => {
      writeFileSync(join(project.root, 'src/client.ts'), text);
      const result = await project.run('npx', 'tsc', '--noEmit', '-p', '.');
      rmSync(join(project.root, 'src/client.ts'));
      return result;
    };
    expect(await tscOf(right)).toEqual({ code: 0, output: '' });
    const wrong = await tscOf(
      client(
        "await items.$post({ json: { userId: 'x', label: 1 } });",
        "await items.$post({ json: { userId: 'x' } });",
        "await items.$get({ query: { sortBy: 'nothing' } });",
        "await items[':id'].$get({ param: { key: 'x' } });",
      ),
    );
    expect([...wrong.output.matchAll(/client\.ts\((\d+),/g)].map(([, line]) => Number(line))).toEqual([
      5, 6, 7, 8,
    ]);
  });

  itGoesAsItCame(
    () => project,
    () => before,
  );
});

it('a database that each handler makes of what the request brings, by routers that are mounted at the top', async () => {
  const project = shopWith({
    'src/db/make.ts': `import { drizzle } from 'drizzle-orm/node-postgres';

export interface Env {
  readonly DATABASE_URL: string;
}

export const createDb = (env: Env) => drizzle(env.DATABASE_URL);
`,
    'src/app.ts': `import { Hono } from 'hono';
import type { Env } from './db/make.js';
import users from './routes/users.js';

const app = new Hono<{ Bindings: Env }>();

app.route('/', users);

export default app;
`,
    'src/routes/users.ts': `import { Hono } from 'hono';
import { createDb, type Env } from '../db/make.js';
import { users as table } from '../db/schema.js';

const app = new Hono<{ Bindings: Env }>();

app.get('/users', async (c) => {
  const db = createDb(c.env);
  return c.json(await db.select({ id: table.id }).from(table));
});

export default app;
`,
  });
  expect(await project.crud(ORDER_ITEMS, { typecheck: true })).toMatchObject({
    verification: { ok: true },
  });
  const routes = readFileSync(join(project.root, 'src/routes/order-items.ts'), 'utf8');
  expect(routes).toContain('(c) => createDb(c.env)');
  expect(routes).toContain(".get('/order-items/:id', ");
  expect(readFileSync(join(project.root, 'src/app.ts'), 'utf8')).toContain(
    "app.route('/', users);\napp.route('/', orderItemRoutes());\n",
  );
  expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  expect(await project.crud('order_items')).toMatchObject({ status: 'no_changes' });
});
