import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCrudCommand } from '../../src/commands/crud.ts';
import { runUndoCommand } from '../../src/commands/undo.ts';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { makeProject, type Project, type ProjectFiles, run } from '../projects/project.ts';

const MANIFEST = (json: object): string =>
  `${JSON.stringify({ private: true, type: 'module', ...json }, null, 2)}\n`;
const HONO_APP = (db: string): string => `import { ${db} } from '@acme/db';
import { Hono } from 'hono';
import { users } from './routes/users';

const app = new Hono();

app.route('/users', users);

export default app;
`;
const USERS = `import { db } from '@acme/db';
import { users as table } from '@acme/db/schema';
import { Hono } from 'hono';

export const users = new Hono().get('/', async (c) => c.json(await db.select().from(table)));
`;

const FILES = {
  'package.json': MANIFEST({ name: 'acme', workspaces: ['apps/*', 'packages/*'] }),
  'package-lock.json': '{}\n',
  'tsconfig.base.json': `{
  "compilerOptions": {
    "target": "es2023",
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "skipLibCheck": true,
    "noEmit": true
  }
}
`,
  'packages/db/package.json': MANIFEST({
    name: '@acme/db',
    exports: { '.': './src/index.ts', './schema': './src/schema/index.ts' },
    dependencies: { 'drizzle-orm': '^0.45.0' },
    devDependencies: { 'drizzle-kit': '^0.31.0' },
  }),
  'packages/db/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src"] }\n',
  'packages/db/drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './src/schema/index.ts', out: './migrations' });
`,
  'packages/db/src/client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';

export const db = drizzle(process.env['DATABASE_URL'] ?? 'postgres://127.0.0.1/acme', { schema });
`,
  'packages/db/src/index.ts': "export { db } from './client';\n",
  'packages/db/src/schema/index.ts': "export * from './users';\n",
  'packages/db/src/schema/users.ts': `import { pgTable, text, uuid } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
});
`,
  'apps/api/package.json': MANIFEST({
    name: '@acme/api',
    scripts: { test: 'vitest run' },
    dependencies: { '@acme/db': '*', 'drizzle-orm': '^0.45.0', hono: '^4.13.0', zod: '^4.6.0' },
    devDependencies: { '@electric-sql/pglite': '^0.5.0', vitest: '^4.1.0' },
  }),
  'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src"] }\n',
  'apps/api/src/index.ts': HONO_APP('db'),
  'apps/api/src/routes/users.ts': USERS,
};
const SHAPE: ProjectFiles = {
  cwd: 'packages/db',
  workspace: { '@acme/db': 'packages/db', '@acme/api': 'apps/api' },
  files: FILES,
};
const WORDS = 'order_items id:uuid=gen_random_uuid():pk user_id:uuid!:ref(users) label:varchar(40)!:unique';

const git = (project: Project, ...args: string[]): string =>
  execFileSync('git', args, { cwd: project.root, encoding: 'utf8' });
const status = (project: Project): string => git(project, 'status', '--porcelain', '-uall');
const read = (project: Project, path: string): string => readFileSync(join(project.root, path), 'utf8');

/** A repository of this shape with its first migration. */
const start = (shape: ProjectFiles): Project => {
  const project = makeProject(shape);
  run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']);
  git(project, 'add', '-A');
  git(project, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'start');
  return project;
};

const crud = (
  project: Project,
  words: string,
  more: Partial<Parameters<typeof runCrudCommand>[0]> = {},
): Promise<RunOutcome> =>
  runCrudCommand({
    cwd: project.cwd,
    words: words.split(' '),
    dryRun: false,
    typecheck: true,
    tests: false,
    rehearse: false,
    enforce: false,
    force: false,
    bare: true,
    say: () => undefined,
    ...more,
  });

describe('an application beside the package with the schema', () => {
  let project: Project;
  let outcome: RunOutcome;
  beforeAll(async () => {
    project = start(SHAPE);
    outcome = await crud(project, WORDS);
  });

  it('has the code, that package the migration', () => {
    expect(outcome).toMatchObject({ status: 'done', draft: { code: { byHand: [], install: [] } } });
    const changed = status(project).replaceAll(/^.. /gm, '').trimEnd().split('\n');
    expect(changed.filter((path) => path.startsWith('apps/'))).toEqual([
      'apps/api/src/index.ts',
      'apps/api/src/lib/crud/database.ts',
      'apps/api/src/lib/crud/errors.ts',
      'apps/api/src/lib/crud/fields.ts',
      'apps/api/src/lib/crud/test-database.ts',
      'apps/api/src/lib/crud/validate.ts',
      'apps/api/src/routes/order-items.queries.ts',
      'apps/api/src/routes/order-items.test.ts',
      'apps/api/src/routes/order-items.ts',
      'apps/api/src/routes/order-items.validation.ts',
    ]);
    expect(changed.filter((path) => /\.sql$|schema\//.test(path))).toEqual([
      'packages/db/src/schema/index.ts',
      'packages/db/migrations/0001_create_order_items_table.sql',
      'packages/db/migrations/rollback/0001_create_order_items_table.down.sql',
      'packages/db/src/schema/order-items.ts',
    ]);
  });

  it('imports by the name of the package, from its entries', () => {
    expect(read(project, 'apps/api/src/routes/order-items.queries.ts')).toContain(
      "import { orderItems } from '@acme/db/schema';\n",
    );
    expect(read(project, 'apps/api/src/index.ts')).toContain(
      "app.route('/users', users);\napp.route('/order-items', orderItemRoutes(db));\n",
    );
  });

  it('compiles, and was seen to before it was written', () => {
    expect(outcome).toMatchObject({
      verification: {
        ok: true,
        steps: [{ command: 'tsc --noEmit -p tsconfig.json && tsc --noEmit -p ../../apps/api/tsconfig.json' }],
      },
    });
    expect(run(join(project.root, 'apps/api'), ['tsc', '--noEmit', '-p', '.'])).toBe('');
  });

  it('passes the new tests, wherever they are started', () => {
    for (const folder of ['apps/api', '.'])
      expect(run(join(project.root, folder), ['vitest', 'run', '--root', '.'])).toMatch(/1 passed/);
  });

  it('is left alone the second time, and undone byte for byte', async () => {
    const before = status(project);
    expect(await crud(project, WORDS)).toMatchObject({ status: 'no_changes' });
    expect(await crud(project, 'order_items')).toMatchObject({ status: 'no_changes' });
    expect(status(project)).toBe(before);
    await runUndoCommand({ cwd: project.cwd, dryRun: false, evenIfApplied: false, say: () => undefined });
    expect(status(project)).toBe('');
  });

  it('whose code does not compile gets none, nor the migration', async () => {
    writeFileSync(
      join(project.root, 'apps/api/src/index.ts'),
      HONO_APP('db as pool').replace('const app', "export { pool };\nconst db = 'none yet';\nconst app"),
    );
    const before = status(project);
    await expect(crud(project, WORDS)).rejects.toMatchObject({ code: 'code-not-proven' });
    expect(status(project)).toBe(before);
  });
});

describe('what the workspace does not show', () => {
  const dry = { dryRun: true, typecheck: false };

  it('is asked: which of several applications, by its folder', async () => {
    const admin = Object.fromEntries(
      Object.entries(FILES)
        .filter(([path]) => path.startsWith('apps/api/'))
        .map(([path, text]) => [path.replace('/api/', '/admin/'), text.replace('@acme/api', '@acme/admin')]),
    );
    const project = start({ ...SHAPE, files: { ...FILES, ...admin } });
    await expect(crud(project, WORDS)).rejects.toMatchObject({
      exitCode: 3,
      missing: [{ field: 'app', supply: '--app apps/admin | --app apps/api' }],
    });
    expect(status(project)).toBe('');
    const written = async (app: string): Promise<unknown> => {
      const outcome = await crud(project, WORDS, { ...dry, app });
      return (
        'draft' in outcome &&
        outcome.draft.code?.edits.find(({ path }) => path.endsWith('order-items.ts'))?.path
      );
    };
    expect(await written('apps/admin')).toBe(join(project.root, 'apps/admin/src/routes/order-items.ts'));
    expect(await written('../../apps/api')).toBe(join(project.root, 'apps/api/src/routes/order-items.ts'));
    await expect(crud(project, WORDS, { ...dry, app: 'apps/shop' })).rejects.toMatchObject({
      code: 'usage',
      hint: 'Applications that depend on the package in packages/db: apps/admin and apps/api.',
    });
  });

  it('is refused: a table that no entry of its package exports', async () => {
    const manifest = FILES['packages/db/package.json'].replace(/,\s*"\.\/schema": "[^"]*"/, '');
    const users = USERS.replace("import { users as table } from '@acme/db/schema';\n", '').replace(
      'select().from(table)',
      'query.users.findMany()',
    );
    const project = start({
      ...SHAPE,
      files: { ...FILES, 'packages/db/package.json': manifest, 'apps/api/src/routes/users.ts': users },
    });
    await expect(crud(project, WORDS, dry)).rejects.toMatchObject({
      code: 'crud-not-possible',
      message:
        'apps/api cannot import orderItems of packages/db/src/schema/order-items.ts: no entry of the package in packages/db exports it.',
    });
  });
});
