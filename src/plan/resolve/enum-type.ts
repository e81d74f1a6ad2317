import { SqlFragmentError } from '../../postgres/parser.ts';
import { quoteTypeWhereNeeded } from '../../postgres/quote.ts';
import { parseType, type PgType } from '../../postgres/sql.ts';
import type { ColumnDef, ObjectName } from '../database-schema.ts';

/** Whether a column has this enum as its type, or an array of it. */
export function isOfEnum(column: ColumnDef, name: ObjectName): boolean {
  try {
    return isTypeOfEnum(parseType(column.type), name);
  } catch (error) {
    if (!(error instanceof SqlFragmentError)) throw error;
    return column.type.replace(/(\[\d*\])+$/, '') === typeText(name);
  }
}

/** Whether a type is this enum, or an array of it; without a schema it is one of public. */
export function isTypeOfEnum(type: PgType, name: ObjectName): boolean {
  return type.name === name.name && (type.schema ?? 'public') === name.schema;
}

/** An enum as the type of a column. */
export function typeText({ schema, name }: ObjectName): string {
  return schema === 'public'
    ? quoteTypeWhereNeeded(name)
    : `${quoteTypeWhereNeeded(schema)}.${quoteTypeWhereNeeded(name)}`;
}
