import { findTable, isSameObject, type ObjectName } from '../database-schema.ts';
import type { Resolving } from './context.ts';
import { applyChange } from './evolve.ts';

type DerivedList = 'uniques' | 'foreignKeys';

/** The name by which the schema before the plan, and its history, know a table that the plan may have renamed. */
export function formerName(resolving: Resolving, table: ObjectName): ObjectName {
  return resolving.tableRenames.reduceRight(
    (now, { from, to }) => (isSameObject(now, to) ? from : now),
    table,
  );
}

/**
 * What a constraint is called by now that was called `name` before the plan: a derived name follows the plan's renames.
 * The same name when nothing of the kind bore it.
 */
export function nameByNow(
  resolving: Resolving,
  formerTable: ObjectName,
  list: DerivedList,
  name: string,
): string {
  let schema = resolving.initial;
  let table = formerTable;
  let now = name;
  for (const change of resolving.changes) {
    // Renames keep every list in its order: the same position is the same constraint.
    const position = namesIn(list, findTable(schema, table)).indexOf(now);
    schema = applyChange(schema, change, resolving.context.naming);
    if (change.kind === 'rename-table' && isSameObject(change.table, table))
      table = { ...table, name: change.to };
    if (change.kind !== 'rename-table' && change.kind !== 'rename-column') continue;
    now = namesIn(list, findTable(schema, table))[position] ?? now;
  }
  return now;
}

function namesIn(list: DerivedList, table: ReturnType<typeof findTable>): string[] {
  return (table?.[list] ?? []).map(({ name }) => name);
}
