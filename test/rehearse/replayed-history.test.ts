import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import type { PastMigration } from '../../src/rehearse/kept-history.ts';
import { replayHistory } from '../../src/rehearse/replayed-history.ts';

let cacheFolder: string;
beforeAll(async () => {
  await loadSqlParser();
  cacheFolder = await mkdtemp(join(tmpdir(), 'tableplan-cache-'));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

const HISTORY: PastMigration[] = [
  { name: '0000', sql: 'CREATE TABLE a (id int);--> statement-breakpoint\nINSERT INTO a VALUES (1);' },
  { name: '0001', sql: 'ALTER TABLE a ADD b text;' },
];

async function columnsAfter(history: readonly PastMigration[], keep = true): Promise<string[]> {
  const { engine, failure, kept } = await replayHistory(history, { cacheFolder, keep, next: '' });
  await kept;
  expect(failure).toBeUndefined();
  const rows = await engine.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'a'::regclass and attnum > 0 order by attnum",
  );
  expect(await engine.query('select id from a')).toEqual([{ id: 1 }]);
  await engine.close();
  return rows.map(({ name }) => name);
}

async function keptFiles(prefix: string): Promise<string[]> {
  return (await readdir(cacheFolder)).filter((file) => file.startsWith(prefix));
}

async function keptHistories(): Promise<string[]> {
  const empty = await keptFiles('pglite-empty-');
  return (await keptFiles('pglite-')).filter((file) => !empty.includes(file));
}

it('replays a history once, and starts from what it kept the next time', async () => {
  expect(await columnsAfter(HISTORY)).toEqual(['id', 'b']);
  expect(await keptHistories()).toHaveLength(1);
  // Proof that it starts there: the kept one is all that a longer history needs of the shorter.
  expect(await columnsAfter([...HISTORY, { name: '0002', sql: 'ALTER TABLE a ADD c int;' }])).toEqual([
    'id',
    'b',
    'c',
  ]);
  expect(await keptHistories()).toHaveLength(2);
}, 600_000);

it('keeps the empty database that it started from', async () => {
  expect(await keptFiles('pglite-empty-')).toHaveLength(1);
});

it('knows an edited migration for another history', async () => {
  const edited = [HISTORY[0]!, { name: '0001', sql: 'ALTER TABLE a ADD other text;' }];
  expect(await columnsAfter(edited, false)).toEqual(['id', 'other']);
}, 600_000);

it('makes a damaged one anew', async () => {
  for (const file of await readdir(cacheFolder)) {
    const path = join(cacheFolder, file);
    await writeFile(path, (await readFile(path)).subarray(0, 1000));
  }
  expect(await columnsAfter(HISTORY)).toEqual(['id', 'b']);
}, 600_000);

it('says which migration cannot be replayed, and why', async () => {
  const { engine, failure } = await replayHistory(
    [{ name: '0000_bad', sql: 'ALTER TABLE nowhere ADD x int;' }],
    {
      cacheFolder: undefined,
      keep: false,
      next: '',
    },
  );
  expect(failure).toMatchObject({ migration: '0000_bad', sqlstate: '42P01' });
  await engine.close();
}, 600_000);

it('passes over an extension that the engine does not have, loads one that it has, and says so', async () => {
  const sql =
    'CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION postgis; CREATE TABLE t (name citext);';
  const { engine, failure, notTested } = await replayHistory([{ name: '0000', sql }], {
    cacheFolder: undefined,
    keep: false,
    next: '',
  });
  expect(failure).toBeUndefined();
  expect(notTested).toEqual([expect.stringContaining('CREATE EXTENSION postgis was passed over')]);
  await engine.close();
}, 600_000);

it('has vectors where pgvector is installed, with rows of them', async () => {
  const sql =
    'CREATE EXTENSION vector; CREATE TABLE docs (id int PRIMARY KEY, embedding vector(3) NOT NULL);';
  const { engine, failure, notTested } = await replayHistory([{ name: '0000', sql }], {
    cacheFolder: undefined,
    keep: false,
    next: '',
  });
  expect([failure, notTested]).toEqual([undefined, []]);
  const result = await rehearse({
    engine,
    up: 'CREATE INDEX docs_near ON docs USING hnsw (embedding vector_cosine_ops);',
    down: 'DROP INDEX docs_near;',
    transaction: 'all',
  });
  expect(result).toMatchObject({ up: 'ok', rollback: 'exact', invented: [{ table: 'docs' }] });
  expect(result.invented[0]?.count).toBeGreaterThan(3);
  await engine.close();
}, 600_000);

it('creates extensions that the history takes for granted, where it looks for them, and says so', async () => {
  const sql =
    'CREATE TABLE docs (id uuid DEFAULT uuid_generate_v4(), name citext, near extensions.vector(3), place geometry);';
  const { engine, failure, notes } = await replayHistory([{ name: '0000', sql }], {
    cacheFolder: undefined,
    keep: false,
    next: '',
  });
  // What cannot be had stops it, and how it can be had is said.
  expect(failure).toMatchObject({
    sqlstate: '42704',
    hint: expect.stringMatching(
      /creates the extension postgis, .* --engine and the URL of a server that has it/,
    ),
  });
  expect(notes.map((note) => note.replace(/ was created.*/, ''))).toEqual([
    'The extension citext',
    'The extension uuid-ossp',
    'The extension vector',
  ]);
  await engine.exec(sql.replace(', place geometry', ''));
  await engine.close();
}, 600_000);

it('replays on embedded too, and says that it has no pgvector', async () => {
  const sql = 'CREATE EXTENSION vector;--> statement-breakpoint\nCREATE TABLE a (id int);';
  const { engine, failure, notTested } = await replayHistory([{ name: '0000', sql }], {
    cacheFolder: undefined,
    keep: false,
    next: '',
    engine: { name: 'embedded', from: process.cwd() },
  });
  expect(failure).toBeUndefined();
  expect(notTested).toEqual([
    expect.stringMatching(/vector was passed over .* --engine and the URL of a server that has it\.$/),
  ]);
  await engine.close();
});

it('ends the engine when it is interrupted, and whoever waits for it', async () => {
  const interrupt = new AbortController();
  const { engine } = await replayHistory([], {
    cacheFolder: undefined,
    keep: false,
    next: '',
    engine: { name: 'embedded', from: process.cwd() },
    signal: interrupt.signal,
  });
  const waiting = expect(engine.query('select pg_sleep(30)')).rejects.toThrow();
  interrupt.abort(new Error('stop'));
  await waiting;
  await engine.close();
});
