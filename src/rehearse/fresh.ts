import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import type { TransactionMode } from '../review/rule.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { runOrPassOver } from './replay-migration.ts';
import { operationsIn, staysOpen } from './transaction-state.ts';
import type { PastMigration } from './kept-history.ts';
import { replayHistory, type ReplayOptions } from './replayed-history.ts';

/** Where a new environment would stop. */
export interface FreshFailure {
  readonly migration: string;
  readonly sql: string;
  readonly sqlstate: string;
  readonly message: string;
}

/**
 * Runs a whole history on an empty database as the migrator does there: with `all` everything in one transaction, which
 * refuses what each migration may do alone (a new enum value that a later one uses, CONCURRENTLY). What the engine lacks
 * (extensions, roles) is passed over. Returns where it fails, if it does.
 */
async function replayFresh(
  engine: Engine,
  migrations: readonly PastMigration[],
  mode: TransactionMode,
): Promise<FreshFailure | undefined> {
  let running = { migration: '', sql: '' };
  let open = mode === 'all';
  try {
    if (open) await engine.exec('begin');
    for (const { name, sql, transaction = mode } of migrations) {
      // In one transaction for all nobody gets one of their own.
      const isOwn = mode !== 'all' && transaction !== 'none';
      if (isOwn) await engine.exec('begin');
      open ||= isOwn;
      for (const { text, node } of parseScript(sql)) {
        running = { migration: name, sql: text };
        await runOrPassOver(engine, { text, node }, open);
        open = staysOpen(open, operationsIn(node));
      }
      if (isOwn && open) await engine.exec('commit');
      open &&= !isOwn;
    }
    if (open) await engine.exec('commit');
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { sqlstate, message } = error;
    return { ...running, sqlstate, message };
  }
}

/** The same on an engine of its own, which is closed afterwards. */
export async function rehearseFresh(
  migrations: readonly PastMigration[],
  mode: TransactionMode,
  options: ReplayOptions,
): Promise<FreshFailure | undefined> {
  const next = [options.next, ...migrations.map(({ sql }) => sql)].join('\n');
  const { engine } = await replayHistory([], { ...options, next });
  try {
    return await replayFresh(engine, migrations, mode);
  } finally {
    await engine.close();
  }
}
