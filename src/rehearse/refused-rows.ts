import { quoteIdentifier } from '../postgres/quote.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { type TableRef, tableKey } from '../review/operation.ts';

/** Rows that a statement does not take, though it takes others. */
export interface RefusedRows {
  readonly table: string;
  readonly count: number;
  readonly of: number;
  /** One of them, as Postgres prints a row; undefined where rows are not to be shown. */
  readonly example: string | undefined;
  readonly sqlstate: string;
  readonly message: string;
}

/** Classes of SQLSTATE that speak of rows: 22 data exception, 23 integrity constraint violation. */
export function isAboutRows(sqlstate: string): boolean {
  return /^2[23]/.test(sqlstate);
}

/**
 * Finds out which rows make `statements` fail at their last one, and deletes them: rows are let in by halves of halves,
 * and those with which it fails stay out. Returns undefined, with nothing deleted, where no single row is taken: then it is not
 * about the rows. The engine is disposable, and its user a superuser: foreign keys are switched off meanwhile.
 */
export async function removeRefusedRows(
  engine: Engine,
  tables: readonly TableRef[],
  statements: readonly string[],
  failure: { readonly sqlstate: string; readonly message: string },
): Promise<RefusedRows[] | undefined> {
  const removed: RefusedRows[] = [];
  for (const table of tables) {
    const name = `${quoteIdentifier(table.schema ?? 'public')}.${quoteIdentifier(table.name)}`;
    const exists = await engine.query('select from pg_class where oid = to_regclass($1)', [name]);
    if (exists.length === 0) continue;
    const rows = await engine.query<{ ctid: string; row: string }>(
      `select ctid::text as ctid, t::text as row from ${name} t order by ctid`,
    );
    if (rows.length === 0 || !(await passesWith(engine, name, [], statements))) continue;
    const ids = rows.map(({ ctid }) => ctid);
    const taken = await largestThatPasses(ids, (some) => passesWith(engine, name, some, statements));
    if (!taken || taken.size === 0) return undefined;
    const refused = rows.filter(({ ctid }) => !taken.has(ctid));
    const [example] = refused;
    if (!example) continue;
    await withoutForeignKeys(engine, () => deleteAllBut(engine, name, [...taken]));
    removed.push({
      table: tableKey(table),
      count: refused.length,
      of: rows.length,
      example: example.row.length > 200 ? `${example.row.slice(0, 200)}…` : example.row,
      ...failure,
    });
    return removed;
  }
  return undefined;
}

/** How often the statements are tried: with many rows that do not fit, it is said that they fail. */
const MOST_TRIALS = 500;

/** All, in order, that can be let in without a failure; what passes with more passes with less. */
async function largestThatPasses(
  rows: readonly string[],
  passes: (rows: readonly string[]) => Promise<boolean>,
): Promise<ReadonlySet<string> | undefined> {
  const taken = new Set<string>();
  const waiting = halves(rows);
  for (let trial = 0; waiting.length > 0; trial += 1) {
    if (trial >= MOST_TRIALS) return undefined;
    const some = waiting.shift()!;
    if (await passes([...taken, ...some])) for (const row of some) taken.add(row);
    else if (some.length > 1) waiting.unshift(...halves(some));
  }
  return taken;
}

function halves(rows: readonly string[]): string[][] {
  const middle = Math.ceil(rows.length / 2);
  return [rows.slice(0, middle), rows.slice(middle)].filter(({ length }) => length > 0);
}

/** Whether the statements run when the table has only these rows; nothing of it stays. */
async function passesWith(
  engine: Engine,
  table: string,
  rows: readonly string[],
  statements: readonly string[],
): Promise<boolean> {
  await engine.exec('begin');
  try {
    await deleteAllBut(engine, table, rows);
    for (const sql of statements) await engine.exec(sql);
    return true;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return false;
  } finally {
    await engine.exec('rollback');
  }
}

async function deleteAllBut(engine: Engine, table: string, rows: readonly string[]): Promise<void> {
  await engine.exec("set session_replication_role = 'replica'");
  await engine.query(`delete from ${table} where not (ctid::text = any (string_to_array($1, ' ')))`, [
    rows.join(' '),
  ]);
  await engine.exec('reset session_replication_role');
}

async function withoutForeignKeys(engine: Engine, work: () => Promise<void>): Promise<void> {
  await engine.exec('begin');
  await work();
  await engine.exec('commit');
}
