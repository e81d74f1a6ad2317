import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { crudFixture } from './project.ts';

const PETS =
  'pets id:int:pk user_id:uuid!:ref(users) keeper_id:uuid:ref(users) tag:text:unique chip:varchar(20)!:unique';
const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

it.each(['hono', 'nestjs', 'elysia'])(
  'a run right after the first changes nothing, by its words and by the name of the table: %s',
  async (stack) => {
    const project = crudFixture(stack);
    await project.crud(PETS);
    const before = treeOf(project.root);
    expect(await project.crud(PETS)).toMatchObject({ status: 'no_changes' });
    expect(await project.crud('pets')).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
  },
);

it('a file that is only laid out otherwise is nobody’s edit, and stays', async () => {
  const project = crudFixture('hono');
  await project.crud(BRANDS);
  const path = join(project.root, 'src/routes/brands.queries.ts');
  const text = readFileSync(path, 'utf8')
    .replaceAll(/'([^'"`\n]*)'/g, '"$1"')
    .replaceAll(/^ +/gm, (spaces) => spaces.repeat(2));
  writeFileSync(path, text);
  expect(await project.crud('brands')).toMatchObject({ status: 'no_changes' });
  expect(readFileSync(path, 'utf8')).toBe(text);
  writeFileSync(path, text.replace('asc(', 'desc('));
  await expect(project.crud('brands')).rejects.toMatchObject({ code: 'code-conflict', exitCode: 1 });
});

it('a domain stays where it is, though its application puts others together in several files', async () => {
  const project = crudFixture('hono');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  };
  write(
    'src/routes/index.ts',
    "import { Hono } from 'hono';\nimport { users } from './users/router.js';\n\nexport const api = new Hono();\napi.route('/users', users);\n",
  );
  write(
    'src/routes/users/router.ts',
    "import { Hono } from 'hono';\n\nexport const users = new Hono().get('/', (c) => c.json([]));\n",
  );
  write(
    'src/app.ts',
    `import { Hono } from 'hono';
import type { AppDatabase } from './db/client.js';
import { health } from './routes/health.js';
import { api } from './routes/index.js';

export function createApp(_db: AppDatabase) {
  const app = new Hono();
  app.route('/health', health);
  app.route('/api', api);
  return app;
}
`,
  );
  expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
  expect(readFileSync(join(project.root, 'src/routes/index.ts'), 'utf8')).toContain(
    "api.route('/users', users);\napi.route('/brands', brandRoutes(db));\n",
  );
  const before = treeOf(project.root);
  expect(await project.crud('brands')).toMatchObject({ status: 'no_changes' });
  expect(treeOf(project.root)).toBe(before);
});
