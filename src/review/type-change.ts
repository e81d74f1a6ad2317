import { type Node, SqlError } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import type { TypeSpec } from './operation.ts';
import { strings } from '../postgres/nodes.ts';
import { readType } from './read-parts.ts';

export interface TypeChange {
  readonly column: string;
  /** As the schema has it (`varchar(50)`), or as the script gave it; undefined where nobody knows. */
  readonly from: TypeSpec | string | undefined;
  readonly to: TypeSpec;
  readonly using: Node | undefined;
  /** The session's TimeZone, where the script sets it. */
  readonly timeZone: string | undefined;
  readonly postgresVersion: number;
}

/**
 * Whether Postgres writes the table anew for ALTER COLUMN … TYPE; undefined where that hangs on an old type that is not
 * known, or on a type that is not Postgres' own. Measured: lock-matrix.json, safety.md §2.1; the rest is read from
 * ATColumnChangeRequiresRewrite (only relabelling and the length casts of the support functions spare the rewrite).
 */
export function rewritesTable(change: TypeChange): boolean | undefined {
  const { from, to, using, column } = change;
  if (using !== undefined && !isOnlyCast(using, column)) return true;
  const old = typeof from === 'string' ? typeSpec(from) : from;
  if (old === undefined || old.name === '') return undefined;
  if (old.isArray || to.isArray) {
    return !(
      old.isArray &&
      to.isArray &&
      isSameType(old, to) &&
      String(old.modifiers) === String(to.modifiers)
    );
  }
  if (isSameType(old, to)) return !keepsLength(internal(to.name), old.modifiers, to.modifiers);
  if (BINARY.has(`${old.name} ${to.name}`)) return to.modifiers.length > 0;
  const names = new Set([old.name, to.name]);
  if (names.has('timestamp') && names.has('timestamptz')) {
    if (change.postgresVersion < 12 || to.modifiers.length > 0) return true;
    // The server's own setting is not in the script.
    return change.timeZone === undefined ? undefined : !isUtc(change.timeZone);
  }
  return isBuiltIn(old) && isBuiltIn(to) ? true : undefined;
}

/** Pairs that share their bytes on disk. */
const BINARY = new Set([
  'varchar text',
  'text varchar',
  'citext text',
  'citext varchar',
  'text citext',
  'varchar citext',
  'cidr inet',
  'xml text',
  'xml varchar',
  'bit varbit',
  'varbit bit',
  'int4 oid',
  'oid int4',
]);

const BUILT_IN = new Set(
  `int2 int4 int8 float4 float8 numeric money bool text varchar bpchar char name citext bytea uuid json jsonb xml date
  time timetz timestamp timestamptz interval inet cidr macaddr macaddr8 bit varbit tsvector tsquery point line lseg box
  path polygon circle oid int4range int8range numrange tsrange tstzrange daterange hstore`.split(/\s+/),
);

const SERIAL: ReadonlyMap<string, string> = new Map([
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
]);

/** `serial` is an `int4` with a default. */
function internal(name: string): string {
  return SERIAL.get(name) ?? name;
}

function isBuiltIn({ name, schema }: TypeSpec): boolean {
  return schema === undefined && BUILT_IN.has(internal(name));
}

function isSameType(a: TypeSpec, b: TypeSpec): boolean {
  const schema = (type: TypeSpec) => (type.schema === 'public' ? undefined : type.schema);
  return internal(a.name) === internal(b.name) && schema(a) === schema(b);
}

/** Whether a new length, precision or scale takes every value that the old one took, and Postgres knows it. */
function keepsLength(name: string, from: readonly number[], to: readonly number[]): boolean {
  if (String(from) === String(to)) return true;
  if (to.length === 0) return name !== 'bpchar' && name !== 'bit';
  const [oldFirst, oldScale = 0] = from;
  const [newFirst = 0, newScale = 0] = to;
  switch (name) {
    case 'varchar':
    case 'varbit':
      return oldFirst !== undefined && newFirst >= oldFirst;
    case 'numeric':
      return oldFirst !== undefined && newScale === oldScale && newFirst >= oldFirst;
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      // Six digits are all that there are.
      return newFirst >= (oldFirst ?? 6);
    case 'interval': {
      const [oldDigits = 6, newDigits = 6] = [from[1], to[1]];
      return smallestField(to[0]) <= smallestField(from[0]) && newDigits >= oldDigits;
    }
    default:
      return false;
  }
}

/** Bits of the fields of an interval (datetime.h), smallest first: second, minute, hour, day, month, year. */
const INTERVAL_FIELDS = [1 << 12, 1 << 11, 1 << 10, 1 << 3, 1 << 1, 1 << 2];

/** What is smaller than the smallest field is cut off. */
function smallestField(mask = 0x7fff): number {
  return INTERVAL_FIELDS.findIndex((bit) => (mask & bit) !== 0);
}

function isUtc(timeZone: string | undefined): boolean {
  return timeZone !== undefined && /^(?:utc|gmt|etc\/utc|etc\/gmt|zulu|universal|uct)$/i.test(timeZone);
}

/** `USING c`, `USING c::text`: no more than what Postgres does by itself. */
export function isOnlyCast(node: Node, column: string): boolean {
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isOnlyCast(node.TypeCast.arg, column);
  return 'ColumnRef' in node && strings(node.ColumnRef.fields).at(-1) === column;
}

/** A type from its text: `timestamp with time zone` → timestamptz. Undefined where Postgres' parser refuses it. */
export function typeSpec(text: string): TypeSpec | undefined {
  try {
    const statement = parseSql(`CREATE TABLE t (c ${text})`)[0]?.stmt;
    const element = statement && 'CreateStmt' in statement ? statement.CreateStmt.tableElts?.[0] : undefined;
    return element && 'ColumnDef' in element ? readType(element.ColumnDef.typeName) : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}
