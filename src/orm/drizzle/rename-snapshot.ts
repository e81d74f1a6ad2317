import type { Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { renameColumnInSql, renameTableInSql } from '../../plan/resolve/rename-in-sql.ts';
import { quoteLiteral } from '../../postgres/quote.ts';
import { renameInQueries } from './rename-in-queries.ts';
import type { ColumnJson, ForeignKeyJson, IndexJson, SnapshotJson, TableJson } from './snapshot-json.ts';

type Rename = Extract<Change, { kind: 'rename-table' | 'rename-column' | 'rename-enum-value' }>;

/**
 * A snapshot (format 7) as if the plan's renames of tables, columns and enum values had been carried out in it, so that
 * a diff against it shows no rename. Names of constraints and indexes stay: Postgres keeps them too. `undefined` (no
 * snapshot yet) stays undefined. The input is not touched.
 *
 * @example const told = applyRenames(previous, changes); // diff(next, told) is the way back, but for the renames
 */
export function applyRenames<Json>(snapshot: Json, changes: readonly Change[]): Json {
  if (snapshot === undefined || snapshot === null) return snapshot;
  const renamed = changes.filter(isRename).reduce(applyRename, snapshot as unknown as SnapshotJson);
  return renamed as unknown as Json;
}

/** The renames among the changes, backwards: what takes them back. */
export function invertRenames(changes: readonly Change[]): Change[] {
  return changes.filter(isRename).toReversed().map(invert);
}

function isRename(change: Change): change is Rename {
  return (
    change.kind === 'rename-table' || change.kind === 'rename-column' || change.kind === 'rename-enum-value'
  );
}

function invert(change: Rename): Rename {
  if (change.kind === 'rename-table')
    return { ...change, table: { ...change.table, name: change.to }, to: change.table.name };
  return { ...change, from: change.to, to: change.from };
}

function applyRename(snapshot: SnapshotJson, change: Rename): SnapshotJson {
  switch (change.kind) {
    case 'rename-table':
      return renameTable(snapshot, change.table, change.to);
    case 'rename-column':
      return renameColumn(snapshot, change.table, change);
    case 'rename-enum-value':
      return renameValue(snapshot, change.enum, change);
  }
}

function keyOf(name: ObjectName): string {
  return `${name.schema}.${name.name}`;
}

function isTable(table: TableJson, name: ObjectName): boolean {
  return (table.schema || 'public') === name.schema && table.name === name.name;
}

function refersTo(key: ForeignKeyJson, name: ObjectName): boolean {
  return (key.schemaTo || 'public') === name.schema && key.tableTo === name.name;
}

function renameTable(before: SnapshotJson, old: ObjectName, to: string): SnapshotJson {
  const snapshot = renameInQueries(before, { table: old, to });
  const tables = Object.entries(snapshot.tables).map(([key, table]): [string, TableJson] => {
    const own = isTable(table, old);
    const renamed = own
      ? { ...mapSql(table, (sql) => renameTableInSql(sql, old.name, to)), name: to }
      : table;
    const foreignKeys = mapValues(renamed.foreignKeys, (foreignKey) => ({
      ...foreignKey,
      ...(own ? { tableFrom: to } : {}),
      ...(refersTo(foreignKey, old) ? { tableTo: to } : {}),
    }));
    return [own ? keyOf({ ...old, name: to }) : key, { ...renamed, foreignKeys }];
  });
  return { ...snapshot, tables: Object.fromEntries(tables) };
}

interface Names {
  readonly from: string;
  readonly to: string;
}

function renameColumn(before: SnapshotJson, owner: ObjectName, names: Names): SnapshotJson {
  const snapshot = renameInQueries(before, { table: owner, column: names.from, to: names.to });
  const rename = (name: string) => (name === names.from ? names.to : name);
  const tables = mapValues(snapshot.tables, (table) => {
    const own = isTable(table, owner);
    const foreignKeys = mapValues(table.foreignKeys, (key) => ({
      ...key,
      columnsFrom: own ? key.columnsFrom.map(rename) : key.columnsFrom,
      columnsTo: refersTo(key, owner) ? key.columnsTo.map(rename) : key.columnsTo,
    }));
    return { ...(own ? renameOwn(table, names, rename) : table), foreignKeys };
  });
  return { ...snapshot, tables };
}

function renameOwn(table: TableJson, { from, to }: Names, rename: (name: string) => string): TableJson {
  const followed = mapSql(table, (sql) => renameColumnInSql(sql, from, to));
  const columns = Object.entries(followed.columns).map(([key, column]): [string, ColumnJson] => [
    rename(key),
    { ...column, name: rename(column.name) },
  ]);
  return {
    ...followed,
    columns: Object.fromEntries(columns),
    indexes: mapValues(followed.indexes, (index) => renameInIndex(index, rename)),
    compositePrimaryKeys: mapValues(followed.compositePrimaryKeys, (key) => ({
      ...key,
      columns: key.columns.map(rename),
    })),
    uniqueConstraints: mapValues(followed.uniqueConstraints, (unique) => ({
      ...unique,
      columns: unique.columns.map(rename),
    })),
  };
}

function renameInIndex(index: IndexJson, rename: (name: string) => string): IndexJson {
  const columns = index.columns.map((column) =>
    column.isExpression ? column : { ...column, expression: rename(column.expression) },
  );
  return { ...index, columns };
}

/** Every SQL text of a table: checks, predicates and expressions of indexes, generated columns. */
function mapSql(table: TableJson, map: (sql: string) => string): TableJson {
  return {
    ...table,
    columns: mapValues(table.columns, (column) =>
      column.generated
        ? { ...column, generated: { ...column.generated, as: map(column.generated.as) } }
        : column,
    ),
    indexes: mapValues(table.indexes, (index) => ({
      ...index,
      columns: index.columns.map((column) =>
        column.isExpression ? { ...column, expression: map(column.expression) } : column,
      ),
      ...(index.where === undefined ? {} : { where: map(index.where) }),
    })),
    checkConstraints: mapValues(table.checkConstraints, (check) => ({ ...check, value: map(check.value) })),
  };
}

/** A default names the value by its label: it follows. */
function renameValue(snapshot: SnapshotJson, name: ObjectName, { from, to }: Names): SnapshotJson {
  const isEnum = (item: { name: string; schema: string }) =>
    item.name === name.name && (item.schema || 'public') === name.schema;
  const literal = quoteLiteral(from);
  const followed = (column: ColumnJson): ColumnJson => {
    const typeName = column.type.replace(/(\[\d*\])+$/, '');
    const ofEnum = column.typeSchema !== undefined && isEnum({ name: typeName, schema: column.typeSchema });
    if (!ofEnum || typeof column.default !== 'string' || !column.default.startsWith(literal)) return column;
    return { ...column, default: quoteLiteral(to) + column.default.slice(literal.length) };
  };
  return {
    ...snapshot,
    enums: mapValues(snapshot.enums, (item) =>
      isEnum(item) ? { ...item, values: item.values.map((value) => (value === from ? to : value)) } : item,
    ),
    tables: mapValues(snapshot.tables, (table) => ({
      ...table,
      columns: mapValues(table.columns, followed),
    })),
  };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  map: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value)]));
}
