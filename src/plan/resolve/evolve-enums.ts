import type { DatabaseSchema, ObjectName, TableDef } from '../database-schema.ts';
import { isSameObject } from '../database-schema.ts';
import type { Naming } from '../naming.ts';
import { isOfEnum, typeText } from './enum-type.ts';

/** A column whose name, or whose table's, has changed. */
export interface RenamedColumn {
  readonly from: { readonly table: ObjectName; readonly column: string };
  readonly to: { readonly table: ObjectName; readonly column: string };
}

/** The schema with enums renamed that the ORM calls after the column they are made for; nothing where it does not. */
export function followedByEnums(
  schema: DatabaseSchema,
  renamed: readonly RenamedColumn[],
  naming: Naming,
): DatabaseSchema {
  return renamed.reduce((followed, { from, to }) => {
    const old = naming.enum?.(from.table, from.column);
    const name = naming.enum?.(to.table, to.column);
    if (old === undefined || name === undefined || !hasEnum(followed, to, old)) return followed;
    return renameEnum(followed, old, name);
  }, schema);
}

function hasEnum(
  { tables }: DatabaseSchema,
  { table, column }: RenamedColumn['to'],
  name: ObjectName,
): boolean {
  const columns = tables.find((candidate) => isSameObject(candidate, table))?.columns ?? [];
  return columns.some((candidate) => candidate.name === column && isOfEnum(candidate, name));
}

function renameEnum(schema: DatabaseSchema, old: ObjectName, { name }: ObjectName): DatabaseSchema {
  const inTable = (table: TableDef): TableDef => ({
    ...table,
    columns: table.columns.map((column) =>
      isOfEnum(column, old)
        ? { ...column, type: `${typeText({ ...old, name })}${/(\[\d*\])*$/.exec(column.type)?.[0] ?? ''}` }
        : column,
    ),
  });
  return {
    ...schema,
    tables: schema.tables.map(inTable),
    enums: schema.enums.map((item) => (isSameObject(item, old) ? { ...item, name } : item)),
  };
}
