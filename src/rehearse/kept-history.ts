import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type PgliteEngine, type PgliteOptions, startPglite } from '../postgres/engines/pglite.ts';
import type { TransactionMode } from '../review/rule.ts';
import {
  cachedNames,
  type CacheWriter,
  cacheWriter,
  dropCached,
  readCached,
  touchCached,
} from '../workspace/own/cache.ts';

/** A migration of the history, oldest first. */
export interface PastMigration {
  readonly name: string;
  readonly sql: string;
  /** How the migrator runs this one, where it is not run as the others are. */
  readonly transaction?: TransactionMode | undefined;
}

export interface KeptHistories {
  /** Where replayed histories are kept; undefined reads and keeps nothing. */
  readonly cacheFolder: string | undefined;
  /** False in a dry run: the cache is used, and nothing is written. */
  readonly keep: boolean;
}

/** Replayed histories that are kept; each is the data directory after a number of migrations (about 5 MB packed). */
const MOST_KEPT = 4;
/** Empty databases, one for each set of extensions: what a start costs without one is 3.6 s of CPU, with one 1.3 s (measured). */
const MOST_EMPTY = 2;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** One key for the empty database and one for each migration after it: what comes before is part of every key. */
export function historyKeys(migrations: readonly PastMigration[], extensions: readonly string[]): string[] {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
  const keys = [hash(JSON.stringify(['pglite', pgliteVersion(), extensions]))];
  for (const { sql } of migrations) keys.push(hash(`${keys.at(-1)}\n${sql}`));
  return keys;
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return (JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8')) as { version: string }).version;
}

/**
 * PGlite with the longest of the histories that are kept; `keys` as `historyKeys` gives them, the empty one first. What is
 * started from nothing is kept too, as the empty database of its extensions.
 */
export async function startFrom(
  keys: readonly string[],
  start: PgliteOptions,
  { cacheFolder: folder, keep }: KeptHistories,
): Promise<{ engine: PgliteEngine; replayed: number }> {
  const [empty = ''] = keys;
  const writer = cacheWriter();
  const kept = new Set(folder === undefined ? [] : await cachedNames(folder));
  for (let replayed = keys.length - 1; replayed >= 0; replayed -= 1) {
    const file = replayed === 0 ? emptyFile(empty) : fileOf(keys[replayed]!);
    if (folder === undefined || !kept.has(file)) continue;
    const engine = await load(folder, file, start);
    if (engine) return { engine, replayed };
  }
  const engine = await startPglite(start);
  if (folder !== undefined && keep) {
    const snapshot = await snapshotOf(engine);
    await write(folder, emptyFile(empty), snapshot, writer);
  }
  return { engine, replayed: 0 };
}

async function load(folder: string, file: string, start: PgliteOptions): Promise<PgliteEngine | undefined> {
  const packed = await readCached(folder, file);
  if (packed === undefined) return undefined;
  try {
    const engine = await startPglite({ ...start, snapshot: await unpack(packed) });
    await touchCached(folder, file);
    return engine;
  } catch {
    await dropCached(folder, file);
    return undefined;
  }
}

/** Keeps a replayed history under the last of its keys. */
export function store(
  folder: string,
  key: string,
  snapshot: Uint8Array,
  writer = cacheWriter(),
): Promise<void> {
  return write(folder, fileOf(key), snapshot, writer);
}

/** The longest unused ones of its kind go. */
async function write(folder: string, file: string, snapshot: Uint8Array, writer: CacheWriter): Promise<void> {
  await writer.write(folder, file, () => pack(snapshot, { level: 1 }));
  const isEmpty = EMPTY.test(file);
  const alike = (await cachedNames(folder)).filter((each) => KEPT.test(each) && EMPTY.test(each) === isEmpty);
  const aged = await Promise.all(alike.map(async (each) => ({ each, used: await lastUse(folder, each) })));
  const old = aged.toSorted((a, b) => b.used - a.used).slice(isEmpty ? MOST_EMPTY : MOST_KEPT);
  await Promise.all(old.map(({ each }) => dropCached(folder, each)));
}

/** In milliseconds; of what is not there any more, long ago. */
async function lastUse(folder: string, file: string): Promise<number> {
  return (await lstat(join(folder, file)).catch(() => undefined))?.mtimeMs ?? 0;
}

const KEPT = /^pglite-.*\.tar\.gz$/;
const EMPTY = /^pglite-empty-/;

function fileOf(key: string): string {
  return `pglite-${key}.tar.gz`;
}

function emptyFile(key: string): string {
  return `pglite-empty-${key}.tar.gz`;
}

/** The data directory without the log of how it came to be, which would be half of it. */
export async function snapshotOf(engine: PgliteEngine): Promise<Uint8Array> {
  await engine.exec('set wal_recycle = off');
  await engine.exec('checkpoint');
  await engine.exec('reset wal_recycle');
  return engine.snapshot();
}
