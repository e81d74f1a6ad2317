import { byteLength } from '../postgres/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../postgres/quote.ts';
import type { AlterColumn } from './change.ts';
import type { ObjectName } from './database-schema.ts';
import { qualified } from './ddl-text.ts';

/** What Postgres makes of each: an integer, a sequence that belongs to it, and a default from that. */
const INTEGERS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'smallint'],
  ['serial', 'integer'],
  ['bigserial', 'bigint'],
]);

/** The type of the values of a column: of a serial one the integer under it, else the type itself. */
export function baseType(type: string): string {
  return INTEGERS.get(type) ?? type;
}

/** Whether a column of this type is an integer with a sequence of its own. */
export function isSerial(type: string): boolean {
  return INTEGERS.has(type);
}

/** The serial type of an integer type; undefined for all others. */
export function serialOf(type: string): string | undefined {
  return [...INTEGERS].find(([, integer]) => integer === type)?.[0];
}

/**
 * The statements of an alteration that makes, changes or takes away a column's sequence; undefined where none of them
 * does. The sequence is the one that Postgres has made for the column under its present name.
 *
 * @example alterSerial(change) // serial → bigint, `default: { set: undefined }`: DROP DEFAULT, DROP SEQUENCE, TYPE bigint
 */
export function alterSerial(change: AlterColumn): string[] | undefined {
  const { table, column, notNull } = change;
  const to = change.type?.to ?? column.type;
  if (!isSerial(column.type) && !isSerial(to)) return undefined;
  const head = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
  const sequence = qualified(sequenceOf(table, column.name));
  const using = change.type?.using === undefined ? '' : ` USING ${change.type.using}`;
  const isRetyped = baseType(to) !== baseType(column.type);
  const retype = isRetyped ? [`${head} TYPE ${baseType(to)}${using}`] : [];
  const nulls = notNull === undefined ? [] : [`${head} ${notNull ? 'SET' : 'DROP'} NOT NULL`];
  if (isSerial(column.type) && isSerial(to))
    return [...retype, ...(isRetyped ? [`ALTER SEQUENCE ${sequence} AS ${baseType(to)}`] : []), ...nulls];
  const value = change.default ? change.default.set : column.default;
  if (isSerial(column.type))
    return [
      `${head} DROP DEFAULT`,
      `DROP SEQUENCE ${sequence}`,
      ...retype,
      ...(value === undefined ? [] : [`${head} SET DEFAULT ${value}`]),
      ...nulls,
    ];
  const values = quoteIdentifier(column.name);
  const owner = `${qualified(table)}.${values}`;
  return [
    ...(column.default === undefined ? [] : [`${head} DROP DEFAULT`]),
    ...retype,
    `CREATE SEQUENCE ${sequence} AS ${baseType(to)} OWNED BY ${owner}`,
    `SELECT setval(${quoteLiteral(sequence)}, greatest(max(${values}), 1), coalesce(max(${values}), 0) >= 1) FROM ${qualified(table)}`,
    `${head} SET DEFAULT nextval(${quoteLiteral(sequence)}::regclass)`,
    ...nulls,
  ];
}

const LONGEST_NAME = 63;

/** `table_column_seq`, the longer one of the two shortened where that is too long: as Postgres names it. */
function sequenceOf({ schema, name }: ObjectName, column: string): ObjectName {
  let [table, rest] = [name, column];
  while (byteLength(table) + byteLength(rest) + '__seq'.length > LONGEST_NAME)
    if (byteLength(table) > byteLength(rest)) table = table.slice(0, -1);
    else rest = rest.slice(0, -1);
  return { schema, name: `${table}_${rest}_seq` };
}
