import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { preparePglite, shippedExtensions, startPglite } from '../../../src/postgres/engines/pglite.ts';

const VECTOR = 'node_modules/@electric-sql/pglite-pgvector';

it('finds PGlite’s own extensions, and leaves out what it does not have', () => {
  const found = shippedExtensions(['citext', 'uuid-ossp', 'postgis', 'plpgsql']);
  expect(Object.keys(found)).toEqual(['citext', 'uuid_ossp']);
});

it('has pgvector from the project, whose PGlite may be another one', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tp-vector-'));
  mkdirSync(join(root, VECTOR), { recursive: true });
  cpSync(VECTOR, join(root, VECTOR), { recursive: true });
  const found = shippedExtensions(['vector'], root);
  expect(found['vector']?.startsWith(pathToFileURL(join(root, VECTOR)).href)).toBe(true);
  const engine = await startPglite({ extensions: ['vector'], from: root });
  await engine.exec(
    'create extension vector; create table t (v vector(3)); create index on t using hnsw (v vector_l2_ops)',
  );
  await engine.exec("insert into t values ('[1,2,3]')");
  expect(await engine.query("select v <-> '[1,2,4]' as distance from t")).toEqual([{ distance: 1 }]);
  await engine.close();
  rmSync(root, { recursive: true });
});

it('has pgvector from beside tableplan where the project has none', () => {
  expect(shippedExtensions(['vector'], tmpdir())['vector']).toContain('pglite-pgvector');
});

it('starts in a thread that was prepared, once', async () => {
  preparePglite();
  preparePglite();
  const [first, second] = await Promise.all([startPglite(), startPglite()]);
  await first.exec('create table only_here ()');
  expect(await first.query('select * from only_here')).toEqual([]);
  await expect(second.query('select * from only_here')).rejects.toThrow('does not exist');
  await Promise.all([first.close(), second.close()]);
});

it('lets a process end that has prepared a thread and starts nothing', () => {
  const module = pathToFileURL('src/postgres/engines/pglite.ts').href;
  const script = `(await import(${JSON.stringify(module)})).preparePglite()`;
  execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    timeout: 60_000,
  });
});

it('tells whoever waits for an answer that it was closed', async () => {
  const engine = await startPglite();
  const waiting = expect(engine.query('select pg_sleep(30)')).rejects.toThrow('PGlite has ended');
  await engine.close();
  await waiting;
  await engine.close();
});

it('runs a script of nothing', async () => {
  const engine = await startPglite();
  await engine.exec('');
  expect(await engine.query('select 1 as one')).toEqual([{ one: 1 }]);
  await engine.close();
});
