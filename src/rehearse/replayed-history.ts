import { LimitExceeded, type Limits } from '../limits.ts';
import type { Engine } from '../postgres/engines/engine.ts';
import { type EngineChoice, openEngine } from '../postgres/engines/open.ts';
import { shippedExtensions } from '../postgres/engines/pglite.ts';
import { missingExtension } from '../postgres/known-extensions.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { cacheWriter } from '../workspace/own/cache.ts';
import { type AssumedExtension, assumedExtensions, assumedNote } from './assumed-extensions.ts';
import { createAssumed } from './create-assumed.ts';
import {
  historyKeys,
  type KeptHistories,
  type PastMigration,
  snapshotOf,
  startFrom,
  store,
} from './kept-history.ts';
import { wayToExtension } from './passed-over.ts';
import { replayMigration } from './replay-migration.ts';

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

export interface ReplayOptions extends KeptHistories {
  /** SQL of the migration to come: its extensions are loaded too. */
  readonly next: string;
  /** PGlite unless given, which alone is kept. */
  readonly engine?: EngineChoice | undefined;
  /** Ends the engine at whatever it is; whoever waits for an answer of it gets an error. */
  readonly signal?: AbortSignal | undefined;
  /** `DEFAULT_LIMITS` unless given; what goes too far is a `LimitExceeded`. */
  readonly limits?: Limits | undefined;
  /** Called when the engine starts and this thread may be kept busy (`PgliteOptions`). */
  readonly begun?: (() => void) | undefined;
}

/**
 * An engine on which the history has been replayed and committed, file by file. PGlite starts from the longest prefix of
 * the history that the cache has (named by engine, extensions and the text of every migration in it), so that the 301st
 * rehearsal does not replay 300; a damaged entry is thrown away and made anew.
 */
export async function replayHistory(
  migrations: readonly PastMigration[],
  options: ReplayOptions,
): Promise<ReplayedHistory> {
  const { engine: choice, limits, begun } = options;
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
  const { engine, replayed } = await startFrom(
    keys,
    { extensions, from: choice?.from, limits, begun },
    options,
  );
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
