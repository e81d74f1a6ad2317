import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runUndoCommand } from '../../src/commands/undo.ts';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

/** The application itself, on PGlite, and with an `onError` that hides whatever it does not know. */
const LISTEN = `import { serve } from '@hono/node-server';
import { Elysia } from 'elysia';
import { app } from './app';

const whole = new Elysia()
  .onError(({ code, status }) => (code === 'VALIDATION' || code === 'PARSE' ? undefined : status(500, 'Something went wrong')))
  .use(app);
serve({ fetch: whole.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;
const ON_PGLITE = `import { testDatabase } from '../utils/crud/test-database';

export const { db } = await testDatabase();
`;

describe('two domains in an Elysia project of plugins', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  let atFirst: string;
  const read = (path: string): string => readFileSync(join(project.root, path), 'utf8');
  beforeAll(async () => {
    project = crudFixture('elysia-plugins');
    atFirst = treeOf(project.root);
    outcomes = [await project.crud('categories'), await project.crud('order-items', { typecheck: true })];
  });

  it('compile with the strictest settings, and are chosen for without a name', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: { code: { stack: 'elysia', byHand: [], install: [] } },
    });
  });

  it('are four small files each, used in the chain of the application', () => {
    const lines = ['index.ts', 'service.ts', 'model.ts', 'index.test.ts'].map(
      (file) => read(`src/modules/categories/${file}`).split('\n').length,
    );
    expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThan(300);
    expect(read('src/app.ts')).toContain(
      'export const app = new Elysia().use(health).use(users).use(categories).use(orderItems);',
    );
  });

  it('pass their own tests', async () => {
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('serve rows through their whole life', async () => {
    const client = read('src/db/client.ts');
    writeFileSync(join(project.root, 'src/db/client.ts'), ON_PGLITE);
    const { url, stop } = await project.serve(LISTEN);
    try {
      await lifeOfARow(url);
    } finally {
      stop();
      writeFileSync(join(project.root, 'src/db/client.ts'), client);
    }
  });

  it('are left as they are the second time, and taken back byte for byte', async () => {
    await project.run('rm', 'src/listen.ts');
    const before = treeOf(project.root);
    expect(await project.crud('order-items')).toMatchObject({ status: 'no_changes' });
    expect(await project.crud('categories')).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
    const undo = { cwd: project.root, dryRun: false, evenIfApplied: false, say: () => undefined };
    await runUndoCommand(undo);
    await runUndoCommand(undo);
    expect(treeOf(project.root)).toBe(atFirst);
  });
});
