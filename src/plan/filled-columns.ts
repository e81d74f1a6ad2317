import { parseType, SqlFragmentError } from '../postgres/sql.ts';
import { quoteLiteral } from '../postgres/quote.ts';
import type { DatabaseSchema } from './database-schema.ts';
import { isTypeOfEnum } from './resolve/enum-type.ts';

/** As the ORMs add a column that a drop has taken; what has a default or counts by itself needs no value. */
const ADDED =
  /^(ALTER TABLE (?:"[^"]+"\.)?"[^"]+") ADD (?:COLUMN )?("[^"]+") (?!.*\b(?:DEFAULT|GENERATED|(?:BIG|SMALL)?SERIAL)\b)(.+) NOT NULL(;?)$/i;

/**
 * A statement of a way down, so that it runs on a table with rows: a NOT NULL column whose values are gone comes back with
 * a default, which is dropped again. `enums` are those before the migration. A type that no value is known for is left
 * alone.
 *
 * @example filledColumn('ALTER TABLE "t" ADD "n" integer NOT NULL', []) // … DEFAULT 0, … ALTER COLUMN "n" DROP DEFAULT
 */
export function filledColumn(sql: string, enums: DatabaseSchema['enums']): readonly string[] {
  const [, table, column, type = '', end = ''] = ADDED.exec(sql) ?? [];
  const value = table === undefined ? undefined : valueOf(type, enums);
  if (value === undefined) return [sql];
  const added = sql.slice(0, sql.length - end.length);
  return [`${added} DEFAULT ${value}${end}`, `${table} ALTER COLUMN ${column} DROP DEFAULT${end}`];
}

const VALUES: Readonly<Record<string, string>> = {
  smallint: '0',
  integer: '0',
  bigint: '0',
  numeric: '0',
  real: '0',
  'double precision': '0',
  boolean: 'false',
  text: "''",
  varchar: "''",
  char: "''",
  json: "'{}'",
  jsonb: "'{}'",
  uuid: "'00000000-0000-0000-0000-000000000000'",
  date: "'1970-01-01'",
  timestamp: "'1970-01-01'",
  timestamptz: "'1970-01-01'",
  time: "'00:00'",
  timetz: "'00:00'",
  interval: "'0'",
  bytea: "''",
};

/** A value that every column of a type takes, and nobody takes for a real one. */
function valueOf(type: string, enums: DatabaseSchema['enums']): string | undefined {
  try {
    const read = parseType(type);
    if (read.arrayDims > 0) return "'{}'";
    const known = enums.find((item) => isTypeOfEnum(read, item))?.values[0];
    return known === undefined ? VALUES[read.name] : quoteLiteral(known);
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}
