import type { Change } from '../change.ts';
import {
  type DatabaseSchema,
  type ForeignKeyDef,
  isSameObject,
  type ObjectName,
  type PrimaryKeyDef,
  type TableDef,
} from '../database-schema.ts';
import type { Naming } from '../naming.ts';
import { followedByEnums } from './evolve-enums.ts';
import { renameColumnInSql, renameTableInSql } from './rename-in-sql.ts';

/** The schema with a table renamed: foreign keys follow, expressions that qualify with its name too, derived names are derived anew. */
export function renameTable(
  schema: DatabaseSchema,
  change: Extract<Change, { kind: 'rename-table' }>,
  naming: Naming,
): DatabaseSchema {
  const { table: old, to } = change;
  const followed = schema.tables.map((table) => {
    const own = isSameObject(table, old) ? renamedTable(table, to) : table;
    return {
      ...own,
      foreignKeys: own.foreignKeys.map((key) =>
        isSameObject(key.references, old) ? { ...key, references: { ...key.references, name: to } } : key,
      ),
    };
  });
  const table = { schema: old.schema, name: to };
  const columns = followed.find((candidate) => isSameObject(candidate, table))?.columns ?? [];
  const renamed = columns.map(({ name: column }) => ({
    from: { table: old, column },
    to: { table, column },
  }));
  return followedByEnums(withDerivedNames({ ...schema, tables: followed }, table, naming), renamed, naming);
}

function renamedTable(table: TableDef, to: string): TableDef {
  const inSql = (sql: string) => renameTableInSql(sql, table.name, to);
  return { ...mapExpressions(table, inSql), name: to };
}

/** The schema with a column renamed wherever it is named. */
export function renameColumn(
  schema: DatabaseSchema,
  change: Extract<Change, { kind: 'rename-column' }>,
  naming: Naming,
): DatabaseSchema {
  const { table: owner, from, to } = change;
  const rename = (name: string) => (name === from ? to : name);
  const tables = schema.tables.map((table) => {
    const own = isSameObject(table, owner) ? renameOwn(table, from, to) : table;
    return { ...own, foreignKeys: own.foreignKeys.map((key) => renameTarget(key, owner, rename)) };
  });
  const renamed = { from: { table: owner, column: from }, to: { table: owner, column: to } };
  return followedByEnums(withDerivedNames({ ...schema, tables }, owner, naming), [renamed], naming);
}

function renameOwn(table: TableDef, from: string, to: string): TableDef {
  const rename = (name: string) => (name === from ? to : name);
  const followed = mapExpressions(table, (sql) => renameColumnInSql(sql, from, to));
  const { primaryKey, columns, indexes } = followed;
  return {
    ...followed,
    columns: columns.map((column) => ({ ...column, name: rename(column.name) })),
    primaryKey: primaryKey && { ...primaryKey, columns: primaryKey.columns.map(rename) },
    uniques: table.uniques.map((unique) => ({ ...unique, columns: unique.columns.map(rename) })),
    indexes: indexes.map((index) => ({
      ...index,
      columns: index.columns.map((column) =>
        column.isExpression ? column : { ...column, expression: rename(column.expression) },
      ),
    })),
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(rename) })),
  };
}

function renameTarget(
  key: ForeignKeyDef,
  owner: ObjectName,
  rename: (name: string) => string,
): ForeignKeyDef {
  if (!isSameObject(key.references, owner)) return key;
  return { ...key, references: { ...key.references, columns: key.references.columns.map(rename) } };
}

function mapExpressions(table: TableDef, map: (sql: string) => string): TableDef {
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.generated === undefined ? column : { ...column, generated: map(column.generated) },
    ),
    checks: table.checks.map((check) => ({ ...check, expression: map(check.expression) })),
    indexes: table.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((column) =>
        column.isExpression ? { ...column, expression: map(column.expression) } : column,
      ),
      ...(index.where === undefined ? {} : { where: map(index.where) }),
    })),
  };
}

/** Derived names of a table's constraints, and of the foreign keys that refer to it. Postgres keeps the name of an inline key. */
function withDerivedNames(schema: DatabaseSchema, renamed: ObjectName, naming: Naming): DatabaseSchema {
  const tables = schema.tables.map((table) => {
    const own = isSameObject(table, renamed) ? deriveOwn(table, naming) : table;
    return { ...own, foreignKeys: own.foreignKeys.map((key) => deriveKey(own, key, renamed, naming)) };
  });
  return { ...schema, tables };
}

function deriveOwn(table: TableDef, naming: Naming): TableDef {
  const { primaryKey } = table;
  return {
    ...table,
    primaryKey:
      primaryKey && !primaryKey.named && !isInlineKey(primaryKey)
        ? { ...primaryKey, name: naming.primaryKey(table, primaryKey.columns).name }
        : primaryKey,
    uniques: table.uniques.map((unique) =>
      unique.named ? unique : { ...unique, ...naming.unique(table, unique.columns) },
    ),
  };
}

/** A key on its own column, which Postgres named `{table}_pkey`. */
export function isInlineKey(primaryKey: PrimaryKeyDef): boolean {
  return !primaryKey.named && primaryKey.columns.length === 1 && primaryKey.name.endsWith('_pkey');
}

function deriveKey(table: TableDef, key: ForeignKeyDef, renamed: ObjectName, naming: Naming): ForeignKeyDef {
  const affected = isSameObject(table, renamed) || isSameObject(key.references, renamed);
  if (key.named || !affected) return key;
  return { ...key, ...naming.foreignKey(table, key.columns, key.references, key.references.columns) };
}
