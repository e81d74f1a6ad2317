import { parseType, SqlFragmentError } from '../../postgres/sql.ts';
import { sameType } from '../../postgres/sql.ts';
import {
  type ColumnDef,
  type Deferral,
  displayName,
  findTable,
  type ForeignKeyDef,
  isSameObject,
  type ObjectName,
  type ReferentialAction,
  type TableDef,
} from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { baseType } from '../serial.ts';
import { physicalTable } from '../table-names.ts';
import { tellNulls } from './advice.ts';
import { conflict, type Resolving } from './context.ts';
import { columnList, needColumn, noSuchTable, sameColumns } from './lookup.ts';
import { uniqueColumnsOf } from './same.ts';

/** A foreign key as the plan writes it, wherever it stands. */
export interface WantedForeignKey {
  readonly columns: readonly string[];
  readonly target: ObjectName;
  /** Empty: the primary key of the target. */
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly name?: string | undefined;
  readonly deferrable?: Deferral | undefined;
  readonly raw?: boolean | undefined;
  readonly path: PlanPath;
  readonly columnsPath: PlanPath;
  readonly referencePath: PlanPath;
}

/**
 * The definition of a foreign key of `table`, which may be new. Throws `plan-conflict` for a table or column that does
 * not exist, for types that cannot be compared, and for referenced columns that are not unique.
 */
export function resolveForeignKey(
  resolving: Resolving,
  table: TableDef,
  wanted: WantedForeignKey,
): ForeignKeyDef {
  const target = targetTable(resolving, table, wanted.target);
  if (!target) throw noSuchTable(resolving, wanted.target, wanted.referencePath, 'referenced');
  const columns = wanted.columns.map((name) => needColumn(resolving, table, name, wanted.columnsPath));
  const targetColumns = targetColumnNames(resolving, target, wanted).map((name) =>
    needColumn(resolving, target, name, wanted.referencePath),
  );
  columns.forEach((column, index) =>
    needSameType(resolving, column, { table: target, column: targetColumns[index] }, wanted),
  );
  const names = targetColumns.map((column) => column.name);
  needUnique(resolving, target, names, wanted);
  const derived = resolving.context.naming.foreignKey(table, wanted.columns, target, names);
  const def: ForeignKeyDef = {
    ...(wanted.name === undefined
      ? derived
      : { name: wanted.name, named: wanted.name !== derived.name || derived.named }),
    columns: wanted.columns,
    references: { schema: target.schema, name: target.name, columns: names },
    onDelete: wanted.onDelete,
    onUpdate: wanted.onUpdate,
    ...(wanted.deferrable !== undefined && { deferrable: wanted.deferrable }),
  };
  tellNulls(resolving, table, def, wanted.path);
  return def;
}

/** The table itself, or one of the schema, by its name with or without what all tables here have. */
function targetTable(
  { schema, context }: Resolving,
  table: TableDef,
  wanted: ObjectName,
): TableDef | undefined {
  const own = { ...schema, tables: [...schema.tables, table] };
  const name = physicalTable(wanted, own, context.tableNames);
  return isSameObject(name, table) ? table : findTable(schema, name);
}

function targetColumnNames(
  resolving: Resolving,
  target: TableDef,
  wanted: WantedForeignKey,
): readonly string[] {
  if (wanted.targetColumns.length > 0) return wanted.targetColumns;
  const key = target.primaryKey?.columns ?? [];
  if (key.length === wanted.columns.length) return key;
  const has = key.length === 0 ? 'has no primary key' : `has the primary key ${columnList(key)}`;
  throw conflict(
    resolving,
    wanted.referencePath,
    `${displayName(target)} ${has}: say which ${wanted.columns.length === 1 ? 'column is' : 'columns are'} meant`,
    {
      hint: `Write ${displayName(target)}(column).`,
    },
  );
}

/** Types whose values Postgres can compare with each other, so that a foreign key between them works. */
const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(['smallint', 'integer', 'bigint', 'numeric', 'smallserial', 'serial', 'bigserial']),
  new Set(['real', 'double precision']),
  new Set(['text', 'varchar', 'char', 'name', 'citext']),
  new Set(['timestamp', 'timestamptz', 'date']),
  new Set(['inet', 'cidr']),
];

function needSameType(
  resolving: Resolving,
  column: ColumnDef,
  to: { table: TableDef; column: ColumnDef | undefined },
  wanted: WantedForeignKey,
): void {
  if (!to.column || sameType(column.type, to.column.type)) return;
  // Types that only compare are the review's to report (`fk-type-mismatch`).
  if (compareTypes(column.type, to.column.type) !== 'different') return;
  const message = `${column.name} is ${column.type}, but ${displayName(to.table)}.${to.column.name} is ${to.column.type}`;
  throw conflict(resolving, wanted.columnsPath, message, {
    hint: `A foreign key needs the type of the column that it refers to: ${baseType(to.column.type)}.`,
  });
}

/** How a foreign key between two types does: lengths make no difference. */
export function compareTypes(a: string, b: string): 'same' | 'comparable' | 'different' {
  const [left, right] = [typeName(a), typeName(b)];
  if (left === undefined || right === undefined) return a === b ? 'same' : 'different';
  if (left === right || (isText(left) && isText(right))) return 'same';
  return FAMILIES.some((family) => family.has(left) && family.has(right)) ? 'comparable' : 'different';
}

function isText(name: string): boolean {
  return name === 'text' || name === 'varchar';
}

function typeName(text: string): string | undefined {
  try {
    const type = parseType(baseType(text));
    const schema = type.schema === undefined || type.schema === 'public' ? '' : `${type.schema}.`;
    return `${schema}${type.name}${type.arrayDims > 0 ? '[]' : ''}`;
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}

function needUnique(
  resolving: Resolving,
  target: TableDef,
  columns: readonly string[],
  wanted: WantedForeignKey,
): void {
  if (isUnique(target, columns)) return;
  const list = columnList(columns);
  throw conflict(
    resolving,
    wanted.referencePath,
    `${displayName(target)}${columns.length === 1 ? '.' : ' '}${list} is not unique`,
    {
      hint: `A foreign key can refer only to a primary key or to unique columns${uniqueHint(target)}.`,
    },
  );
}

/** Whether a key, a unique constraint or a whole unique index holds for these columns, in any order. */
export function isUnique(table: TableDef, columns: readonly string[]): boolean {
  return uniqueLists(table).some((unique) => sameColumns(unique, columns));
}

function uniqueLists(table: TableDef): (readonly string[])[] {
  const indexes = table.indexes.map(uniqueColumnsOf).filter((columns) => columns !== undefined);
  return [
    ...(table.primaryKey ? [table.primaryKey.columns] : []),
    ...table.uniques.map((unique) => unique.columns),
    ...indexes,
  ];
}

function uniqueHint(table: TableDef): string {
  const lists = uniqueLists(table).map(columnList);
  return lists.length === 0 ? '' : `; here: ${lists.join(', ')}`;
}
