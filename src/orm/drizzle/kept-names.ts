import type { Change } from '../../plan/change.ts';
import type { DatabaseSchema, TableDef } from '../../plan/database-schema.ts';

/**
 * The schema before a plan with its constraints `named` whose name outlives the plan's renames: the source spells it out,
 * though it is the one that drizzle would derive. No snapshot tells the two apart; the next one does, because a derived
 * name follows a rename.
 */
export function withKeptNames(
  before: DatabaseSchema,
  after: DatabaseSchema,
  changes: readonly Change[],
): DatabaseSchema {
  const isRename = ({ kind }: Change): boolean => kind === 'rename-table' || kind === 'rename-column';
  if (!changes.some(isRename)) return before;
  const tables = before.tables.map((table) => {
    const next = after.tables.find(
      ({ schema, name }) => schema === table.schema && name === nameAfter(table, changes),
    );
    return next ? markKept(table, namesIn(next)) : table;
  });
  return { ...before, tables };
}

function nameAfter({ schema, name }: TableDef, changes: readonly Change[]): string {
  return changes.reduce(
    (now, change) =>
      change.kind === 'rename-table' && change.table.schema === schema && change.table.name === now
        ? change.to
        : now,
    name,
  );
}

function namesIn({ primaryKey, uniques, foreignKeys }: TableDef): ReadonlySet<string> {
  return new Set([...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys].map(({ name }) => name));
}

function markKept(table: TableDef, names: ReadonlySet<string>): TableDef {
  const mark = <Constraint extends { readonly name: string; readonly named: boolean }>(
    constraint: Constraint,
  ): Constraint => (names.has(constraint.name) ? { ...constraint, named: true } : constraint);
  return {
    ...table,
    primaryKey: table.primaryKey && mark(table.primaryKey),
    uniques: table.uniques.map(mark),
    foreignKeys: table.foreignKeys.map(mark),
  };
}
