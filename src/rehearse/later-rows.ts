import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { type Operation, tableKey } from '../review/operation.ts';
import { affectedTables } from './affected-tables.ts';
import { inventRows } from './invent-rows.ts';
import { compareRows, type RowDifference, type TableRows } from './row-snapshot.ts';
import { operationsOf } from './transaction-state.ts';

export interface LaterRows {
  /** Why a rollback fails on rows that were written after the migration, in sentences. */
  readonly limits: readonly string[];
  /** How it changes such rows without a word, in sentences: no rollback that does is exact. */
  readonly changed: readonly string[];
  /** Why that could not be tried. */
  readonly notTested: readonly string[];
}

export interface Rollback {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Rows before the migration: tables and columns that were there. */
  readonly before: readonly TableRows[];
  readonly rows: () => Promise<TableRows[]>;
  readonly describe: (difference: RowDifference) => string;
  /** Postgres' words, as they may be shown. */
  readonly words: (failure: SqlFailure) => string;
}

/** Far from the numbers of rows that are there. */
const FIRST = 1000;

/**
 * Tries the rollback with rows that only the new schema allows (a bigint beyond integer, NULL, a longer text): it may fail
 * on them, or cut them. Begins and ends with the database as the way up leaves it; all of it is undone.
 */
export async function rollbackOfLaterRows(
  engine: Engine,
  { up, down, before, rows, describe, words }: Rollback,
): Promise<LaterRows> {
  const operations = [...up, ...down].flatMap(operationsOf);
  if (operations.some(isOutside)) {
    return {
      limits: [],
      changed: [],
      notTested: ['The rollback was not tried with rows that are written after the migration.'],
    };
  }
  const affected = await affectedTables(engine, [...up, ...down]);
  await engine.exec('begin');
  let running = '';
  try {
    await inventRows(engine, affected, { first: FIRST });
    const written = await rows();
    for (const sql of down) await engine.exec((running = sql));
    running = '';
    await engine.exec('set constraints all immediate');
    for (const sql of up) await engine.exec(sql);
    const kept = columnsOf(before);
    const rewritten = new Set(operations.flatMap(tablesWritten));
    const changed = compareRows(written, await rows(), 'identity').filter(
      ({ table, column }) => !rewritten.has(table) && isKept(written, { table, column }, kept),
    );
    return {
      limits: [],
      changed: changed.map(
        (difference) =>
          `rows written after the migration are changed by the rollback: ${describe(difference)}`,
      ),
      notTested: [],
    };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    if (running === '') return { limits: [], changed: [], notTested: [] };
    const statement = running.replaceAll(/\s+/g, ' ').replace(/;\s*$/, '');
    return {
      limits: [
        `the rollback fails once there are rows that the older schema cannot hold: ${words(error)} (${error.sqlstate}) at ${statement}`,
      ],
      changed: [],
      notTested: [],
    };
  } finally {
    await engine.exec('rollback');
  }
}

/** Cannot stand in a transaction that is undone. */
function isOutside(operation: Operation): boolean {
  return operation.kind === 'transaction' || ('concurrently' in operation && operation.concurrently === true);
}

/** Statements that write rows on purpose write those too. */
function tablesWritten(operation: Operation): string[] {
  const writes = ['update', 'insert', 'delete', 'truncate'].includes(operation.kind);
  return writes && 'table' in operation && operation.table ? [tableKey(operation.table)] : [];
}

/** `oid number` of every column. */
function columnsOf(tables: readonly TableRows[]): Set<string> {
  return new Set(tables.flatMap(({ oid, columns }) => columns.map(({ number }) => `${oid} ${number}`)));
}

/** Whether a column was there before the migration; what it has added goes with it. */
function isKept(
  tables: readonly TableRows[],
  { table, column }: Pick<RowDifference, 'table' | 'column'>,
  before: ReadonlySet<string>,
): boolean {
  const found = tables.find(({ name }) => name === table);
  const number = found?.columns.find(({ name }) => name === column)?.number;
  return found !== undefined && number !== undefined && before.has(`${found.oid} ${number}`);
}
