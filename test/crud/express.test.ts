import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const LISTEN = `import type { AddressInfo } from 'node:net';
import { createApp } from './app.js';
import { testDatabase } from './lib/crud/test-database.js';

const { db } = await testDatabase();
const server = createApp(db).listen(0, () => console.log(\`listening on \${(server.address() as AddressInfo).port}\`));
`;

describe('two domains in an Express project', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  beforeAll(async () => {
    project = crudFixture('express');
    outcomes = [
      await project.crud('categories'),
      await project.crud('order-items', { typecheck: true, rehearse: true }),
    ];
  });

  it('compile with the strictest settings, the migration rehearsed', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: {
        proof: { rehearsal: { up: 'ok', down: 'ok', again: 'ok' } },
        code: { stack: 'express', byHand: [], install: [] },
      },
    });
  });

  it('are mounted where the other routes are', () => {
    expect(readFileSync(join(project.root, 'src/app.ts'), 'utf8')).toContain(
      "  app.use('/api/health', health);\n  app.use('/api/categories', categoryRouter(db));\n  app.use('/api/order-items', orderItemRouter(db));\n",
    );
  });

  it('pass their own tests', async () => {
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('serve rows through their whole life', async () => {
    const { url, stop } = await project.serve(LISTEN);
    try {
      await lifeOfARow(`${url}/api`);
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
    const path = join(project.root, 'src/routes/order-items.ts');
    const own = readFileSync(path, 'utf8');
    writeFileSync(path, `${own}// mine\n`);
    await expect(project.crud('order-items')).rejects.toMatchObject({
      code: 'code-conflict',
      exitCode: 1,
      frame: expect.stringContaining('-// mine') as string,
    });
    expect(readFileSync(path, 'utf8')).toBe(`${own}// mine\n`);
    expect(await project.crud('order-items', { force: true })).toMatchObject({ status: 'code' });
    expect(readFileSync(path, 'utf8')).toBe(own);
  });
});
