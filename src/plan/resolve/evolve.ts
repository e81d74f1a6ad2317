import { isOfEnum } from './enum-type.ts';
import { quoteLiteral } from '../../postgres/quote.ts';
import type { AlterColumn, Change } from '../change.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  type EnumDef,
  isSameObject,
  type ObjectName,
  type TableDef,
} from '../database-schema.ts';
import type { Naming } from '../naming.ts';
import { renameColumn, renameTable } from './evolve-rename.ts';

/**
 * The schema after a change. Takes for granted that the change fits. A rename carries derived names along, as the
 * ORM does; a dropped column takes with it what Postgres drops too.
 */
export function applyChange(schema: DatabaseSchema, change: Change, naming: Naming): DatabaseSchema {
  switch (change.kind) {
    case 'create-enum':
      return { ...schema, enums: [...schema.enums, change.enum] };
    case 'add-enum-value':
      return withEnum(schema, change.enum, (item) => ({ ...item, values: insertValue(item.values, change) }));
    case 'rename-enum-value':
      return renameValue(schema, change);
    case 'drop-enum-value':
      return withEnum(schema, change.enum, (item) => ({
        ...item,
        values: item.values.filter((value) => value !== change.value),
      }));
    case 'drop-enum':
      return { ...schema, enums: schema.enums.filter((item) => !isSameObject(item, change.enum)) };
    case 'create-table':
      return { ...schema, tables: [...schema.tables, change.table] };
    case 'rename-table':
      return renameTable(schema, change, naming);
    case 'drop-table':
      return { ...schema, tables: schema.tables.filter((table) => !isSameObject(table, change.table)) };
    case 'rename-column':
      return renameColumn(schema, change, naming);
    case 'raw-sql':
      return schema;
    default:
      return withTable(schema, change.table, (table) => applyToTable(table, change));
  }
}

type TableChange = Exclude<
  Change,
  {
    kind:
      | `${string}-enum${string}`
      | 'create-table'
      | 'rename-table'
      | 'drop-table'
      | 'rename-column'
      | 'raw-sql';
  }
>;

function applyToTable(table: TableDef, change: TableChange): TableDef {
  switch (change.kind) {
    case 'add-column':
      return { ...table, columns: [...table.columns, change.column] };
    case 'alter-column':
      return withColumn(table, change.column.name, (column) => alterColumn(column, change));
    case 'drop-column':
      return dropColumn(table, change.column);
    case 'set-primary-key': {
      const columns = table.columns.map((column) =>
        change.primaryKey.columns.includes(column.name) ? { ...column, notNull: true } : column,
      );
      return { ...table, columns, primaryKey: change.primaryKey };
    }
    case 'add-unique':
      return { ...table, uniques: [...table.uniques, change.unique] };
    case 'drop-unique':
      return { ...table, uniques: without(table.uniques, change.unique.name) };
    case 'add-index':
      return { ...table, indexes: [...table.indexes, change.index] };
    case 'drop-index':
      return { ...table, indexes: without(table.indexes, change.index.name) };
    case 'add-foreign-key':
      return { ...table, foreignKeys: [...table.foreignKeys, change.foreignKey] };
    case 'alter-foreign-key': {
      const { onDelete, onUpdate } = change;
      const foreignKeys = table.foreignKeys.map((key) =>
        key.name === change.foreignKey.name ? { ...key, onDelete, onUpdate } : key,
      );
      return { ...table, foreignKeys };
    }
    case 'drop-foreign-key':
      return { ...table, foreignKeys: without(table.foreignKeys, change.foreignKey.name) };
    case 'add-check':
      return { ...table, checks: [...table.checks, change.check] };
    case 'drop-check':
      return { ...table, checks: without(table.checks, change.check.name) };
    case 'comment':
      return { ...table, description: change.text };
  }
}

function alterColumn(column: ColumnDef, change: AlterColumn): ColumnDef {
  const { default: before, ...rest } = column;
  const value = change.default ? change.default.set : before;
  return {
    ...rest,
    type: change.type?.to ?? column.type,
    notNull: change.notNull ?? column.notNull,
    ...(value === undefined ? {} : { default: value }),
  };
}

/** Postgres drops with a column its key and every constraint and index that has it among its columns. */
function dropColumn(table: TableDef, name: string): TableDef {
  const keeps = (columns: readonly string[]) => !columns.includes(name);
  return {
    ...table,
    columns: table.columns.filter((column) => column.name !== name),
    primaryKey: table.primaryKey && keeps(table.primaryKey.columns) ? table.primaryKey : undefined,
    uniques: table.uniques.filter((unique) => keeps(unique.columns)),
    foreignKeys: table.foreignKeys.filter((key) => keeps(key.columns)),
    indexes: table.indexes.filter((index) =>
      index.columns.every((column) => column.isExpression || column.expression !== name),
    ),
  };
}

function insertValue(
  values: readonly string[],
  change: { value: string; before?: string | undefined; after?: string | undefined },
): string[] {
  const next = [...values];
  const { before, after } = change;
  const at =
    before !== undefined
      ? values.indexOf(before)
      : after !== undefined
        ? values.indexOf(after) + 1
        : values.length;
  next.splice(at, 0, change.value);
  return next;
}

/** Defaults follow the value: Postgres keeps the value's identity, the source its label. */
function renameValue(
  schema: DatabaseSchema,
  change: Extract<Change, { kind: 'rename-enum-value' }>,
): DatabaseSchema {
  const { from, to } = change;
  const renamed = withEnum(schema, change.enum, (item) => ({
    ...item,
    values: item.values.map((value) => (value === from ? to : value)),
  }));
  const follow = (column: ColumnDef) =>
    column.default !== undefined && isOfEnum(column, change.enum)
      ? { ...column, default: renameLabel(column.default, from, to) }
      : column;
  return {
    ...renamed,
    tables: renamed.tables.map((table) => ({ ...table, columns: table.columns.map(follow) })),
  };
}

function renameLabel(expression: string, from: string, to: string): string {
  const literal = quoteLiteral(from);
  return expression.startsWith(literal) ? quoteLiteral(to) + expression.slice(literal.length) : expression;
}

function withTable(
  schema: DatabaseSchema,
  name: ObjectName,
  change: (table: TableDef) => TableDef,
): DatabaseSchema {
  return {
    ...schema,
    tables: schema.tables.map((table) => (isSameObject(table, name) ? change(table) : table)),
  };
}

function withEnum(
  schema: DatabaseSchema,
  name: ObjectName,
  change: (item: EnumDef) => EnumDef,
): DatabaseSchema {
  return { ...schema, enums: schema.enums.map((item) => (isSameObject(item, name) ? change(item) : item)) };
}

function withColumn(table: TableDef, name: string, change: (column: ColumnDef) => ColumnDef): TableDef {
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === name ? change(column) : column)),
  };
}

function without<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string,
): readonly Item[] {
  return items.filter((item) => item.name !== name);
}
