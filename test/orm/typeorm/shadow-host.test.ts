import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXTENSIONS, type ShadowHost, shadowHost } from '../../../src/orm/typeorm/shadow-host.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';
import { makeTree } from '../../workspace/tree.ts';
import { historyKeys, store } from '../../../src/rehearse/kept-history.ts';

let folder: string;
const hosts: ShadowHost[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tableplan kept-'));
  const engine = await startPglite();
  await engine.exec('create table kept (id int)');
  await store(folder, 'second', await engine.snapshot());
  await engine.close();
});
afterAll(async () => {
  for (const host of hosts) await host.close();
  await rm(folder, { recursive: true, force: true });
});

const [EMPTY = ''] = historyKeys([], EXTENSIONS);

async function open(keys: readonly string[]) {
  const host = shadowHost('/p/data-source.ts', { keep: true });
  hosts.push(host);
  await host.remember({ key: 'second', extensions: EXTENSIONS }, folder);
  host.prepare(folder);
  const { shadow, replayed } = await host.open({ keys, extensions: EXTENSIONS, cacheFolder: folder });
  const [row] = await shadow.engine.query<{ kept: string | null }>(
    "select to_regclass('kept')::text as kept",
  );
  return { replayed, kept: row?.kept, isShared: (await host.engine()) === shadow };
}

it('goes on from the history that the last run remembers', async () => {
  expect(await open([EMPTY, 'first', 'second', 'third'])).toEqual({
    replayed: 2,
    kept: 'kept',
    isShared: true,
  });
});

it('starts over where the history is another one by now', async () => {
  expect(await open([EMPTY, 'other'])).toEqual({ replayed: 0, kept: null, isShared: true });
});

it('keeps the empty database, and starts from it where nothing else fits', async () => {
  expect(await readdir(folder)).toContain(`pglite-empty-${EMPTY}.tar.gz`);
  expect(await open([EMPTY, 'other'])).toEqual({ replayed: 0, kept: null, isShared: true });
});

it('takes pgvector from the project, not from beside tableplan', async () => {
  const from = makeTree(
    {
      'package.json': '{}',
      'node_modules/@electric-sql/pglite-pgvector/package.json': '{ "type": "module", "main": "index.js" }',
      'node_modules/@electric-sql/pglite-pgvector/index.js': "throw new Error('pgvector of the project');",
    },
    'tableplan vector-',
  );
  const host = shadowHost('/p/data-source.ts', { keep: false, from });
  const opened = host.open({
    keys: historyKeys([], ['vector']),
    extensions: ['vector'],
    cacheFolder: undefined,
  });
  await expect(opened).rejects.toThrow('pgvector of the project');
});
