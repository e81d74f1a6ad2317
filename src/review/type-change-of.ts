import { EXPRESSION } from './known-tables.ts';
import { lockContext } from './locks.ts';
import { type OperationOf, tableKey, type TypeSpec } from './operation.ts';
import type { Script, Statement } from './rule.ts';
import { rewriteOf } from './observed.ts';
import { rewritesTable } from './type-change.ts';

export interface ChangeEffect {
  /** `unknown`: it hangs on an old type that nobody here knows. */
  readonly effect: 'rewrite' | 'metadata' | 'unknown';
  /** False where the effect is only what is to be expected of an old type that is not known. */
  readonly certain: boolean;
  readonly observed: boolean;
}

/** What a type change does: as the rehearsal saw it, else by the old type where the schema or the script tells it. */
export function typeChangeOf(
  operation: OperationOf<'alter-type'>,
  statement: Statement,
  script: Script,
): ChangeEffect {
  const seen = rewriteOf(statement);
  if (seen === 'none') return { effect: 'metadata', certain: true, observed: true };
  const { tables, timeZone, postgresVersion } = lockContext(statement, script);
  const { table, column, type, using } = operation;
  const known = tables.get(tableKey(table));
  const from = known?.columns.get(column)?.type;
  const rewrites = rewritesTable({ column, from, to: type, using, timeZone, postgresVersion });
  // The rewrite that was seen may be another command's.
  if (seen === 'seen' && (rewrites !== false || statement.operations.length === 1)) {
    return { effect: 'rewrite', certain: true, observed: true };
  }
  if (rewrites !== undefined) {
    return { effect: rewrites ? 'rewrite' : 'metadata', certain: true, observed: false };
  }
  // Labels are stored as numbers: no other type has them so.
  if (isEnum(from, script)) return { effect: 'rewrite', certain: true, observed: false };
  const [ofColumn] = [...(known?.indexes.on(column) ?? [])].filter(({ columns }) => columns.includes(column));
  const [ofExpression] = known?.indexes.on(EXPRESSION) ?? [];
  const isIndexed = ofColumn !== undefined || ofExpression !== undefined;
  const isWidening = using === undefined && !isIndexed && isUsuallyKept(type);
  return { effect: isWidening ? 'metadata' : 'unknown', certain: false, observed: false };
}

function isEnum(from: TypeSpec | string | undefined, { schema }: Script): boolean {
  if (from === undefined) return false;
  const name = typeof from === 'string' ? from.replaceAll('"', '') : tableKey(from);
  return schema?.enums.some((type) => tableKey(type) === name.replace(/^public\./, '')) ?? false;
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
