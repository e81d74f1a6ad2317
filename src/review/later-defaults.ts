import { type Operation, type TableRef, tableKey } from './operation.ts';
import type { Script, Statement } from './rule.ts';

const known = new WeakMap<Script, ReadonlyMap<string, Statement>>();

/** Whether a column gets a value of its own again, or may be without one, in this statement or a later one. */
export function isMendedLater(
  table: TableRef,
  column: string,
  statement: Statement,
  script: Script,
): boolean {
  const last = lastMended(script).get(`${tableKey(table)} ${column}`);
  return last !== undefined && (last.line - statement.line || last.column - statement.column) >= 0;
}

/** The last statement that gives a column a default, or lets it be NULL. */
function lastMended(script: Script): ReadonlyMap<string, Statement> {
  const found = known.get(script);
  if (found) return found;
  const last = new Map<string, Statement>();
  for (const statement of script.statements) {
    for (const operation of statement.operations) {
      if (mends(operation)) last.set(`${tableKey(operation.table)} ${operation.column}`, statement);
    }
  }
  known.set(script, last);
  return last;
}

type Mending = Extract<
  Operation,
  { kind: 'set-default' | 'add-identity' | 'drop-not-null' | 'drop-column'; column: string }
>;

function mends(operation: Operation): operation is Mending {
  return ['set-default', 'add-identity', 'drop-not-null', 'drop-column'].includes(operation.kind);
}
