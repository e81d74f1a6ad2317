import type { DatabaseSchema } from '../database-schema.ts';
import { type TableNames, withoutAffixes } from '../table-names.ts';
import type { WordsContext } from './request.ts';

/** What words need to know of the schema. */
export function wordsContext(schema: DatabaseSchema, names?: TableNames): WordsContext {
  return {
    tables: schema.tables.map((table) => ({
      schema: table.schema,
      name: table.name,
      bareName: names && withoutAffixes(table.name, names),
      columns: table.columns.map(({ name }) => name),
      foreignKeys: table.foreignKeys.map((key) => ({
        name: key.name,
        columns: key.columns,
        refTable: key.references.name,
      })),
    })),
    enums: schema.enums,
  };
}
