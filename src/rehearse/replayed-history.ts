import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { LimitExceeded, type Limits } from '../limits.ts';
import type { Engine } from '../postgres/engines/engine.ts';
import { type EngineChoice, openEngine } from '../postgres/engines/open.ts';
import { missingExtension } from '../postgres/known-extensions.ts';
import {
  type PgliteEngine,
  type PgliteOptions,
  shippedExtensions,
  startPglite,
} from '../postgres/engines/pglite.ts';
import type { TransactionMode } from '../review/rule.ts';
import { parseScript } from '../postgres/parse-script.ts';
import {
  cachedNames,
  type CacheWriter,
  cacheWriter,
  dropCached,
  readCached,
  touchCached,
} from '../workspace/own/cache.ts';
import { type AssumedExtension, assumedExtensions, assumedNote } from './assumed-extensions.ts';
import { createAssumed } from './create-assumed.ts';
import { wayToExtension } from './passed-over.ts';
import { replayMigration } from './replay-migration.ts';

/** A migration of the history, oldest first. */
export interface PastMigration {
  readonly name: string;
  readonly sql: string;
  /** How the migrator runs this one, where it is not run as the others are. */
  readonly transaction?: TransactionMode | undefined;
}

export interface ReplayFailure {
  readonly migration: string;
  /** Of its script, counted from 1. */
  readonly line?: number | undefined;
  readonly message: string;
  readonly sqlstate: string;
  /** What would let it run, in a sentence. */
  readonly hint?: string | undefined;
}

export interface ReplayedHistory {
  readonly engine: Engine;
  /** Where the replay stopped, and why; undefined where all of it ran. */
  readonly failure: ReplayFailure | undefined;
  /** What was passed over, in sentences: extensions that the engine does not have. */
  readonly notTested: readonly string[];
  /** What was done for the history beside running it, in sentences. */
  readonly notes: readonly string[];
  /** Settles when the history is kept for the next time. Nobody has to wait for it, but the process must not end before. */
  readonly kept: Promise<void>;
}

export interface ReplayOptions {
  /** Where replayed histories are kept; undefined reads and keeps nothing. */
  readonly cacheFolder: string | undefined;
  /** False in a dry run: the cache is used, and nothing is written. */
  readonly keep: boolean;
  /** SQL of the migration to come: its extensions are loaded too. */
  readonly next: string;
  /** PGlite unless given, which alone is kept. */
  readonly engine?: EngineChoice | undefined;
  /** Ends the engine at whatever it is; whoever waits for an answer of it gets an error. */
  readonly signal?: AbortSignal | undefined;
  /** `DEFAULT_LIMITS` unless given; what goes too far is a `LimitExceeded`. */
  readonly limits?: Limits | undefined;
}

/** Replayed histories that are kept; each is the data directory after a number of migrations (about 5 MB packed). */
const MOST_KEPT = 4;
/** Empty databases, one for each set of extensions: what a start costs without one is 3.6 s of CPU, with one 1.3 s (measured). */
const MOST_EMPTY = 2;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * An engine on which the history has been replayed and committed, file by file. PGlite starts from the longest prefix of
 * the history that the cache has (named by engine, extensions and the text of every migration in it), so that the 301st
 * rehearsal does not replay 300; a damaged entry is thrown away and made anew.
 */
export async function replayHistory(
  migrations: readonly PastMigration[],
  options: ReplayOptions,
): Promise<ReplayedHistory> {
  const { engine: choice, limits } = options;
  const writer = cacheWriter();
  const scripts = [...migrations.map(({ sql }) => sql), options.next];
  const assumed = assumedExtensions(scripts);
  if (choice && choice.name !== 'pglite') {
    const engine = await openEngine(choice, limits);
    await endWith(engine, options.signal);
    const absent = await createAssumed(engine, assumed);
    const ran = await replayAll(engine, migrations);
    return { engine, kept: Promise.resolve(), ...told(engine, ran, { assumed, absent }) };
  }
  const extensions = [...new Set([...extensionsOf(scripts), ...assumed.map(({ name }) => name)])].toSorted();
  // A data directory with an extension is of no use where it cannot be had any more.
  const shipped = Object.keys(shippedExtensions(extensions, choice?.from));
  const keys = historyKeys(migrations, [
    ...shipped,
    ...assumed.map(({ name, schema }) => `+${name} ${schema}`),
  ]);
  const { engine, replayed } = await startFrom(keys, { extensions, from: choice?.from, limits }, options);
  await endWith(engine, options.signal);
  // A kept history has them.
  const absent = await createAssumed(engine, assumed);
  const ran = await replayAll(engine, migrations.slice(replayed));
  const isNew = replayed < migrations.length && !ran.failure && ran.notTested.length === 0;
  const folder = isNew && options.keep ? options.cacheFolder : undefined;
  // The snapshot is taken before anybody changes the database; packing and writing it can wait.
  const kept =
    folder === undefined ? Promise.resolve() : store(folder, keys.at(-1)!, await snapshotOf(engine), writer);
  return { engine, kept, ...told(engine, ran, { assumed, absent }) };
}

/** What is said of a replay: which extensions it was given, and which it fails for want of. */
function told(
  { kind }: Engine,
  { failure, notTested }: Pick<ReplayedHistory, 'failure' | 'notTested'>,
  { assumed, absent }: { readonly assumed: readonly AssumedExtension[]; readonly absent: readonly string[] },
): Pick<ReplayedHistory, 'failure' | 'notTested' | 'notes'> {
  const wanted = failure && missingExtension(failure.message);
  const notes = assumed
    .filter(({ name }) => !absent.includes(name))
    .map(({ name, uses }) => assumedNote(name, uses));
  return {
    failure: failure && {
      ...failure,
      hint:
        wanted !== undefined && absent.includes(wanted)
          ? `No migration creates the extension ${wanted}, and this engine does not have it.${wayToExtension(kind, wanted)}`
          : undefined,
    },
    notTested,
    notes,
  };
}

async function endWith(engine: Engine, signal: AbortSignal | undefined): Promise<void> {
  // What cannot be removed from a server is told by whoever closes it.
  signal?.addEventListener('abort', () => void engine.close().catch(() => undefined));
  if (signal?.aborted) await engine.close();
  signal?.throwIfAborted();
}

/** Replays migrations on an engine, each in a transaction of its own where it can stand in one. */
export async function replayAll(
  engine: Engine,
  migrations: readonly PastMigration[],
): Promise<Pick<ReplayedHistory, 'failure' | 'notTested'>> {
  const notTested: string[] = [];
  try {
    for (const migration of migrations) {
      const failure = await replayMigration(engine, migration, notTested).catch((error: unknown) => {
        throw error instanceof LimitExceeded ? error.during(`The migration ${migration.name}`) : error;
      });
      if (failure) return { failure: { migration: migration.name, ...failure }, notTested };
    }
    return { failure: undefined, notTested };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The data directory without the log of how it came to be, which would be half of it. */
async function snapshotOf(engine: PgliteEngine): Promise<Uint8Array> {
  await engine.exec('set wal_recycle = off');
  await engine.exec('checkpoint');
  await engine.exec('reset wal_recycle');
  return engine.snapshot();
}

/** Names after CREATE EXTENSION anywhere in the scripts, sorted. */
export function extensionsOf(scripts: readonly string[]): string[] {
  const names = scripts
    .filter((sql) => /create\s+extension/i.test(sql))
    .flatMap((sql) => parseScript(sql))
    .flatMap(({ node }) =>
      node && 'CreateExtensionStmt' in node ? [node.CreateExtensionStmt.extname ?? ''] : [],
    );
  return [...new Set(names)].toSorted();
}

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
  { cacheFolder: folder, keep }: Pick<ReplayOptions, 'cacheFolder' | 'keep'>,
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
