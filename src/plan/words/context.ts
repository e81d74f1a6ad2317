import type { DatabaseSchema, TableDef } from '../database-schema.ts';
import { baseType } from '../serial.ts';
import { tableConventions } from '../table-conventions.ts';
import { type TableNames, withoutAffixes } from '../table-names.ts';
import type { WordsContext, WordsTable } from './request.ts';

/** What words need to know of the schema. `bare`: a new table has the columns that are said and no others. */
export function wordsContext(
  schema: DatabaseSchema,
  names?: TableNames,
  { bare = false }: { readonly bare?: boolean | undefined } = {},
): WordsContext {
  return {
    tables: schema.tables.map((table) => ({
      schema: table.schema,
      name: table.name,
      bareName: names && withoutAffixes(table.name, names),
      columns: table.columns.map(({ name }) => name),
      key: keyOf(table),
      foreignKeys: table.foreignKeys.map((key) => ({
        name: key.name,
        columns: key.columns,
        refTable: key.references.name,
      })),
    })),
    enums: schema.enums,
    conventions: bare ? undefined : tableConventions(schema),
  };
}

function keyOf({ primaryKey, columns }: TableDef): WordsTable['key'] {
  const [name, ...others] = primaryKey?.columns ?? [];
  const column = others.length === 0 ? columns.find((each) => each.name === name) : undefined;
  return column && { name: column.name, type: baseType(column.type) };
}
