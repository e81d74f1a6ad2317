import { lockContext } from './locks.ts';
import { type OperationOf, tableKey } from './operation.ts';
import type { Script, Statement } from './rule.ts';
import { rewriteOf } from './observed.ts';
import { rewritesTable } from './type-change.ts';

/**
 * What a type change does: as the rehearsal saw it, else by the old type where the schema or the script tells it.
 * `unknown`: it hangs on an old type that nobody here knows.
 */
export function typeChangeOf(
  operation: OperationOf<'alter-type'>,
  statement: Statement,
  script: Script,
): { readonly effect: 'rewrite' | 'metadata' | 'unknown'; readonly observed: boolean } {
  const seen = rewriteOf(statement);
  if (seen !== 'unknown') return { effect: seen === 'seen' ? 'rewrite' : 'metadata', observed: true };
  const { tables, timeZone, postgresVersion } = lockContext(statement, script);
  const { table, column, type, using } = operation;
  const from = tables.get(tableKey(table))?.columns.get(column)?.type;
  const rewrites = rewritesTable({ column, from, to: type, using, timeZone, postgresVersion });
  if (rewrites === undefined) return { effect: 'unknown', observed: false };
  return { effect: rewrites ? 'rewrite' : 'metadata', observed: false };
}
