import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

/** Requests are given to the handlers as Next.js gives them. */
const LISTEN = `import { createServer } from 'node:http';
import { categoryHandlers } from './app/api/categories/handlers.js';
import { orderItemHandlers } from './app/api/order-items/handlers.js';
import { testDatabase } from './lib/crud/test-database.js';

const { db } = await testDatabase();
const domains = { categories: categoryHandlers(db), 'order-items': orderItemHandlers(db) };

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', async () => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const [, , name, id] = url.pathname.split('/') as [string, string, keyof typeof domains, string?];
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    const request = new Request(url, { method: req.method ?? 'GET', headers: req.headers as HeadersInit, body });
    const { list, create, get, update, remove } = domains[name];
    const context = { params: Promise.resolve({ id: id ?? '' }) };
    const byMethod = id === undefined ? { GET: list, POST: create } : { GET: get, PATCH: update, DELETE: remove };
    const response = await byMethod[request.method as 'GET'](request, context);
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(Buffer.from(await response.arrayBuffer()));
  });
});
server.listen(0, () => console.log(\`listening on \${(server.address() as { port: number }).port}\`));
`;

describe('two domains in a Next.js project', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  beforeAll(async () => {
    project = crudFixture('next');
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
        code: { stack: 'next', byHand: [], install: [] },
      },
    });
  });

  it('are below the folder of the other routes', () => {
    expect(readFileSync(join(project.root, 'src/app/api/order-items/route.ts'), 'utf8')).toBe(
      "import { db } from '../../../db/client';\nimport { orderItemHandlers } from './handlers';\n\nconst { list, create } = orderItemHandlers(db);\n\nexport const GET = list;\nexport const POST = create;\n",
    );
    expect(readFileSync(join(project.root, 'src/app/api/order-items/[id]/route.ts'), 'utf8')).toContain(
      'export const GET = get;\nexport const PATCH = update;\nexport const DELETE = remove;\n',
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
    const path = join(project.root, 'src/app/api/order-items/handlers.ts');
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
