import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import type { Operation } from '../review/operation.ts';
import { refusedInTransaction } from '../review/outside-transaction.ts';
import { parseScript, type SqlStatement } from '../postgres/parse-script.ts';
import { isPassedOver, mayBePassedOver, needsSuperuser, wayOut } from './passed-over.ts';
import type { PastMigration } from './kept-history.ts';
import { controlsTransaction, operationsIn, staysOpen } from './transaction-state.ts';

type Failure = Pick<SqlFailure, 'message' | 'sqlstate'> & { readonly line: number };

/**
 * Runs a migration of the history in a transaction, as the migrator does, or where that refuses it, statement by
 * statement. What the engine lacks is passed over and added to `notTested`. Returns what it fails with, if it does.
 */
export async function replayMigration(
  engine: Engine,
  migration: PastMigration,
  notTested: string[],
): Promise<Failure | undefined> {
  const { sql } = migration;
  // Half of such a script may be kept by the time that it fails: there is no second try.
  if (controlsTransaction(sql))
    return replayFollowing(engine, migration, { notTested, open: migration.transaction !== 'none' });
  try {
    await engine.exec('begin');
    await engine.exec(sql);
    await engine.exec('commit');
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    await engine.exec('rollback');
  }
  // Once more, statement by statement: outside a transaction where one refuses it, without what the engine lacks.
  return replayFollowing(engine, migration, { notTested, open: false });
}

const isRefused = (operation: Operation): boolean => refusedInTransaction(operation) !== undefined;

/** Runs a script statement by statement, and keeps to the transactions that it begins and ends itself. */
async function replayFollowing(
  engine: Engine,
  { name, sql }: PastMigration,
  { notTested, open: isWrapped }: { readonly notTested: string[]; readonly open: boolean },
): Promise<Failure | undefined> {
  let open = isWrapped;
  let at = 0;
  try {
    if (open) await engine.exec('begin');
    for (const { text, node, start } of parseScript(sql)) {
      at = start;
      if (open && operationsIn(node).some(isRefused)) {
        // It has run somewhere, so not through the migrator: psql runs it by itself.
        await engine.exec('commit');
        open = false;
      }
      const refused = await runOrPassOver(engine, { text, node }, open);
      if (refused) {
        notTested.push(
          `${name}: ${text.split('\n')[0]} was passed over (${refused.message}).${wayOut(engine, node, refused)}`,
        );
      }
      open = staysOpen(open, operationsIn(node));
    }
    if (open) await engine.exec('commit');
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    await engine.exec('rollback');
    return { message: error.message, sqlstate: error.sqlstate, line: sql.slice(0, at).split('\n').length };
  }
}

/**
 * Runs a statement. Where the engine lacks what it needs (an extension, a role, a superuser), what Postgres said is
 * returned, and an open transaction goes on without it.
 */
export async function runOrPassOver(
  engine: Engine,
  { text, node }: Pick<SqlStatement, 'text' | 'node'>,
  open: boolean,
): Promise<SqlFailure | undefined> {
  const isGuarded = open && mayBePassedOver(node);
  if (isGuarded) await engine.exec('savepoint tableplan');
  try {
    await engine.exec(text);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    if (!isPassedOver(node) && !needsSuperuser(engine.kind, node, error)) throw error;
    if (isGuarded) await engine.exec('rollback to savepoint tableplan');
    return error;
  }
  if (isGuarded) await engine.exec('release savepoint tableplan');
  return undefined;
}
