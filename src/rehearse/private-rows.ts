import type { RefusedRows } from './refused-rows.ts';
import type { RowDifference } from './row-snapshot.ts';
import type { StatementTrace } from './trace.ts';

/*
 * Rows of a dump are somebody's: reports and records, which are committed and logged, say where something happens to
 * them and how often, and never show them.
 */

/** Postgres' words for a failure without the value in them: `invalid input syntax for type integer: "…"`. */
export function withoutValues({
  message,
  sqlstate,
}: {
  readonly message: string;
  readonly sqlstate: string;
}): string {
  if (!sqlstate.startsWith('22') && !sqlstate.startsWith('P0')) return message;
  if (sqlstate.startsWith('P0')) return 'an exception that the SQL itself raises';
  return message.replace(/: ".*"$/s, '').replace(/^value ".*" is/s, 'a value is');
}

export function privateTrace(trace: StatementTrace): StatementTrace {
  if (!trace.failure) return trace;
  const { sqlstate } = trace.failure;
  return { ...trace, failure: { sqlstate, message: withoutValues(trace.failure), detail: undefined } };
}

export function privateDifference(difference: RowDifference): RowDifference {
  return { ...difference, example: undefined };
}

export function privateRefusal(refused: RefusedRows): RefusedRows {
  const { table, count, of, sqlstate } = refused;
  return { table, count, of, example: undefined, sqlstate, message: withoutValues(refused) };
}
