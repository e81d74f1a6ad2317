import {
  type ColumnDef,
  type DatabaseSchema,
  displayName,
  findTable,
  type ObjectName,
  type TableDef,
} from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { conflict, type Resolving } from './context.ts';
import { holderOf } from './taken.ts';

/** The table as it is now. Takes for granted that it exists. */
export function tableNow(resolving: Resolving, name: ObjectName): TableDef {
  const table = findTable(resolving.schema, name);
  if (table) return table;
  throw new Error(`table ${displayName(name)} went missing while the plan was resolved`);
}

/** The error for a table that the schema does not have: what else bears the name, or which names are near. */
export function noSuchTable(
  resolving: Resolving,
  name: ObjectName,
  path: PlanPath,
  role: 'own' | 'referenced' = 'own',
): Error {
  const holder = holderOf(resolving.schema, name);
  if (holder !== undefined)
    return conflict(resolving, path, `"${displayName(name)}" is ${holder}, not a table`);
  return conflict(resolving, path, `there is no table "${displayName(name)}"`, {
    hint: tableHint(resolving.schema, name, role),
  });
}

function tableHint(schema: DatabaseSchema, name: ObjectName, role: 'own' | 'referenced'): string | undefined {
  const elsewhere = schema.tables.find((table) => table.name === name.name);
  if (elsewhere)
    return role === 'own'
      ? `There is one in the schema ${elsewhere.schema}: say schema: '${elsewhere.schema}'.`
      : `There is one in the schema ${elsewhere.schema}: write ${elsewhere.schema}.${elsewhere.name}.`;
  // `users.id`, as words have it: what stands before the dot is a Postgres schema here.
  const before = schema.tables.find((table) => displayName(table) === name.schema);
  if (role === 'referenced' && before && findColumn(before, name.name))
    return `A column stands in brackets: ${name.schema}(${name.name}).`;
  return (
    didYouMean(displayName(name), schema.tables.map(displayName)) ?? 'Is the name the one in the database?'
  );
}

export function findColumn(table: TableDef, name: string): ColumnDef | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The column of this name. Throws `plan-conflict` with the near names when the table has none. */
export function needColumn(resolving: Resolving, table: TableDef, name: string, path: PlanPath): ColumnDef {
  const column = findColumn(table, name);
  if (column) return column;
  throw conflict(resolving, path, `table ${displayName(table)} has no column "${name}"`, {
    hint: didYouMean(
      name,
      table.columns.map((candidate) => candidate.name),
    ),
  });
}

/** Throws `plan-conflict` at the first column that the table does not have. */
export function needColumns(
  resolving: Resolving,
  table: TableDef,
  names: readonly string[],
  path: PlanPath,
): void {
  names.forEach((name, index) => needColumn(resolving, table, name, [...path, index]));
}

/** Whether two lists name the same columns, in any order. */
export function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Whether two lists name the same columns in the same order. */
export function sameSequence(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => b[index] === name);
}

export function columnList(columns: readonly string[]): string {
  return columns.length === 1 ? String(columns[0]) : `(${columns.join(', ')})`;
}
