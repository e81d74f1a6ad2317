import { lockContext } from './locks.ts';
import { type OperationOf, tableKey, type TypeSpec } from './operation.ts';
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
  if (rewrites === undefined) {
    const isIndexed = (tables.get(tableKey(table))?.indexes ?? []).some(
      ({ columns }) => columns.includes(column) || columns.includes(undefined),
    );
    const isWidening = using === undefined && !isIndexed && isUsuallyKept(type);
    return { effect: isWidening ? 'metadata' : 'unknown', observed: false };
  }
  return { effect: rewrites ? 'rewrite' : 'metadata', observed: false };
}

/**
 * Types that columns are widened to: from their shorter kin nothing is rewritten. Where the old type is not known, this is
 * by far the likeliest (and the rehearsal knows better); timestamps hang on the session's TimeZone, which is UTC in most
 * containers.
 */
function isUsuallyKept({ name, modifiers, isArray }: TypeSpec): boolean {
  return (
    !isArray &&
    modifiers.length === 0 &&
    ['text', 'varchar', 'citext', 'numeric', 'timestamptz', 'timestamp'].includes(name)
  );
}
