import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { parseType, SqlFragmentError } from '../../postgres/sql.ts';
import { isTypeOfEnum } from '../../plan/resolve/evolve.ts';
import { quoteLiteral } from '../../postgres/quote.ts';
import type { Query } from './child/child.ts';

/** As TypeORM adds a column that a drop has taken; what has a default or counts by itself needs no value. */
const ADDED =
  /^(ALTER TABLE (?:"[^"]+"\.)?"[^"]+") ADD ("[^"]+") (?!.*\b(?:DEFAULT|GENERATED|(?:BIG|SMALL)?SERIAL)\b)(.+) NOT NULL$/i;

/**
 * The way down so that it runs on a table with rows: a NOT NULL column whose values are gone comes back with a default,
 * which is dropped again. `schema` is the one before the migration. A type that no value is known for is left alone.
 */
export function withFilledColumns(down: readonly Query[], schema: DatabaseSchema): readonly Query[] {
  return down.flatMap((query): Query[] => {
    const [, table, column, type = ''] = ADDED.exec(query.sql) ?? [];
    const value = table === undefined ? undefined : valueOf(type, schema);
    return value === undefined
      ? [query]
      : [
          { ...query, sql: `${query.sql} DEFAULT ${value}` },
          { sql: `${table} ALTER COLUMN ${column} DROP DEFAULT` },
        ];
  });
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
function valueOf(type: string, { enums }: DatabaseSchema): string | undefined {
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
