import { displayName, findTable, type ObjectName, type TableDef } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { conflict, emit, type Resolving, tellDone } from './context.ts';
import { findColumn, needColumn, noSuchTable, tableNow } from './lookup.ts';
import { needFreeName } from './taken.ts';

export interface TableRename {
  readonly table: ObjectName;
  readonly to: string;
  /** Where the document stands, and where its new name does. */
  readonly path: PlanPath;
  readonly toPath: PlanPath;
}

/**
 * Resolves the rename of a table and returns its name from then on. Done already when the new name is there and an
 * earlier state of the schema had the old one.
 */
export async function resolveRenameTable(
  resolving: Resolving,
  { table: old, to, path, toPath }: TableRename,
): Promise<ObjectName> {
  const renamed = { ...old, name: to };
  const at = [...path, 'table_name'];
  if (!findTable(resolving.schema, old)) {
    if (!findTable(resolving.schema, renamed)) throw noSuchTable(resolving, old, at);
    if (!(await resolving.context.hadName({ kind: 'table', name: old })))
      throw noSuchTable(resolving, old, at);
    tellDone(resolving, `rename of ${displayName(old)} to ${to}`, toPath);
    resolving.tableRenames.push({ from: old, to: renamed });
    return renamed;
  }
  needFreeName(resolving, renamed, toPath, 'table');
  if (findTable(resolving.initial, renamed)) throw reused(resolving, `table ${displayName(renamed)}`, toPath);
  refuseIdentitySequences(resolving, tableNow(resolving, old), toPath);
  emit(resolving, { kind: 'rename-table', table: old, to });
  resolving.tableRenames.push({ from: old, to: renamed });
  return renamed;
}

/**
 * drizzle-kit 0.31 derives the name of an identity's sequence from the table, sees it change with the table, and ends
 * in a TypeError (measured).
 */
function refuseIdentitySequences(resolving: Resolving, table: TableDef, path: PlanPath): void {
  const { capabilities } = resolving.context;
  const identity = table.columns.find((column) => column.identity);
  if (capabilities.renameIdentity || !identity) return;
  throw conflict(
    resolving,
    path,
    `${capabilities.orm} cannot rename ${displayName(table)}: it has the identity column ${identity.name}, whose sequence is named after the table`,
    {
      code: 'plan-not-supported',
      hint: 'drizzle-kit 0.31 fails on it. Keep the name of the table in the database, and rename its variable in the source instead.',
    },
  );
}

export interface ColumnRename {
  readonly table: ObjectName;
  /** The table's name before this plan renamed it: what history knows. */
  readonly formerTable: ObjectName;
  readonly from: string;
  readonly to: string;
  readonly keepProperty: boolean;
  readonly fromPath: PlanPath;
  readonly toPath: PlanPath;
}

/** Resolves the rename of a column. Done already when the new name is there and an earlier state had the old one. */
export async function resolveRenameColumn(resolving: Resolving, rename: ColumnRename): Promise<void> {
  const table = tableNow(resolving, rename.table);
  const { from, to, fromPath, toPath } = rename;
  if (!findColumn(table, from)) {
    if (!findColumn(table, to) || !(await hadColumn(resolving, rename)))
      needColumn(resolving, table, from, fromPath);
    return tellDone(resolving, `rename of ${from} to ${to}`, toPath);
  }
  if (findColumn(table, to)) {
    throw conflict(resolving, toPath, `${displayName(table)} has a column "${to}" already`, {
      hint: 'Choose another name.',
    });
  }
  const before = findTable(resolving.initial, rename.formerTable);
  if (before && findColumn(before, to)) throw reused(resolving, `column ${to}`, toPath);
  const kept = rename.keepProperty ? { keepProperty: true } : {};
  emit(resolving, { kind: 'rename-column', table: rename.table, from, to, ...kept });
}

async function hadColumn(resolving: Resolving, { table, formerTable, from }: ColumnRename): Promise<boolean> {
  const { hadName } = resolving.context;
  return (
    (await hadName({ kind: 'column', table, name: from })) ||
    (await hadName({ kind: 'column', table: formerTable, name: from }))
  );
}

/** A differ that compares names takes the new bearer of a name for the old one. */
export function reused(resolving: Resolving, what: string, path: PlanPath) {
  return conflict(resolving, path, `${what} is given up and its name used again in one plan`, {
    hint: `${resolving.context.capabilities.orm} compares names only and would take the one for the other. Make two plans of it.`,
  });
}
