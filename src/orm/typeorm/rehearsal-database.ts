import type { Limits } from '../../limits.ts';
import type { EngineChoice } from '../../postgres/engines/open.ts';
import { type PgliteEngine, startPglite } from '../../postgres/engines/pglite.ts';
import type { PastMigration } from '../../rehearse/kept-history.ts';
import { type ReplayedHistory, replayHistory } from '../../rehearse/replayed-history.ts';
import type { LoadedDataSource } from './child/child.ts';
import type { TypeormHistory } from './history.ts';
import { transactionModeOf } from './run-migration.ts';
import { asScript } from './script.ts';

export interface DatabaseOptions {
  readonly engine: EngineChoice;
  readonly signal: AbortSignal | undefined;
  readonly limits: Limits;
}

/** A database that starts while other things are done. */
export interface StartingDatabase {
  readonly ready: Promise<ReplayedHistory>;
}

/**
 * Starts the database that is rehearsed on, another one than the shadow: a copy of that as it is now (returns when it has
 * been taken), or the engine that is named, on which the history's SQL is replayed (its `needsStatements`).
 */
export async function rehearsalDatabase(
  history: TypeormHistory,
  loaded: Pick<LoadedDataSource, 'history' | 'transactionMode'>,
  { engine, signal, limits }: DatabaseOptions,
): Promise<StartingDatabase> {
  const ready =
    engine.name === 'pglite'
      ? copyOf(history, await (history.shadow.engine as PgliteEngine).snapshot(), {
          signal,
          limits,
          from: engine.from,
        })
      : replayHistory(pastMigrations(history, loaded), {
          cacheFolder: undefined,
          keep: false,
          next: '',
          engine,
          signal,
          limits,
        });
  // A run that ends early does not wait for it.
  ready.catch(() => undefined);
  return { ready };
}

async function copyOf(
  { shadow, extensions, notes, kept }: TypeormHistory,
  snapshot: Uint8Array,
  { signal, limits, from }: Pick<DatabaseOptions, 'signal' | 'limits'> & { readonly from: string },
): Promise<ReplayedHistory> {
  const engine = await startPglite({ snapshot, extensions, limits, from });
  signal?.addEventListener('abort', () => void engine.close());
  return { engine, failure: undefined, notTested: shadow.notTested, notes, kept };
}

/** The history as SQL, with what TypeORM itself runs before it. */
export function pastMigrations(
  { preparation, statements }: Pick<TypeormHistory, 'preparation' | 'statements'>,
  loaded: Pick<LoadedDataSource, 'history' | 'transactionMode'>,
): PastMigration[] {
  const past = loaded.history.flatMap((migration): PastMigration[] => {
    const queries = statements.get(migration.name);
    if (!queries) return [];
    return [
      { name: migration.name, sql: asScript(queries), transaction: transactionModeOf(loaded, migration) },
    ];
  });
  return [{ name: 'TypeORM', sql: asScript(preparation) }, ...past];
}
