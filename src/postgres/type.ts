import type { A_Const, ColumnDef, Constraint, Node, TypeName } from 'libpg-query';
import { parseTableElements, SqlFragmentError, tokensOf } from './parser.ts';
import { quoteTypeWhereNeeded } from './quote.ts';

/** A Postgres type, read. */
export interface PgType {
  readonly schema?: string;
  /** `integer`, `varchar`, `timestamptz`, `"char"` for the internal one; user-defined names as they are. */
  readonly name: string;
  readonly modifiers: readonly (number | string)[];
  /** `day to second` and the like. */
  readonly intervalFields?: string;
  /** 0 when it is no array; Postgres itself ignores how many there are. */
  readonly arrayDims: number;
  /** Canonical text: `varchar(100)`, `timestamp with time zone`, `numeric(10, 2)`, `uuid[]`. */
  readonly text: string;
}

/** Postgres' internal and short names → the ones that people and drizzle write. */
const CANONICAL: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['int2', 'smallint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['bool', 'boolean'],
  ['bpchar', 'char'],
  ['decimal', 'numeric'],
  ['varbit', 'bit varying'],
  ['serial4', 'serial'],
  ['serial8', 'bigserial'],
  ['serial2', 'smallserial'],
]);

/** Types whose length of 1 is what leaving it out means. */
const ONE_BY_DEFAULT = new Set(['char', 'bit']);

/** Bits of INTERVAL typmods (src/include/utils/datetime.h), largest field first. */
const INTERVAL_BITS: readonly (readonly [number, string])[] = [
  [1 << 2, 'year'],
  [1 << 1, 'month'],
  [1 << 3, 'day'],
  [1 << 10, 'hour'],
  [1 << 11, 'minute'],
  [1 << 12, 'second'],
];
const INTERVAL_FULL_RANGE = 0x7fff;

/**
 * Reads a type as it stands in a column definition. Throws SqlFragmentError for anything else or more.
 *
 * @example parseType('VARCHAR(100)').text // 'varchar(100)'
 */
export function parseType(text: string): PgType {
  const elements = parseTableElements({ head: 'CREATE TABLE t (c ', tail: ')' }, text);
  const node = elements[0];
  if (elements.length !== 1 || node === undefined || !('ColumnDef' in node)) {
    const comma = tokensOf(text).find((token) => token.text === ',');
    throw new SqlFragmentError('more than one column definition', comma?.start ?? 0);
  }
  refuseMoreThanType(node.ColumnDef, text);
  const typeName = node.ColumnDef.typeName;
  if (typeName === undefined) throw new SqlFragmentError('no type', 0);
  if (typeName.setof === true || typeName.pct_type === true)
    throw new SqlFragmentError('not a type of a column', 0);
  return readTypeName(typeName);
}

/**
 * Whether two texts mean the same type: `VARCHAR(100)` and `character varying(100)`, `int` and `int4`,
 * `order_status` and `public.order_status`. A text that is no type is the same only as itself.
 */
export function sameType(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [typeKey(a), typeKey(b)];
  return left !== undefined && left === right;
}

/** The type that a node of the syntax tree names. */
export function readTypeName(node: TypeName): PgType {
  const names = (node.names ?? []).map(stringOf);
  const bare = names.at(-1) ?? '';
  const schema = names.length > 1 && names[0] !== 'pg_catalog' ? names[0] : undefined;
  const name = canonicalName(bare, { schema, builtIn: names[0] === 'pg_catalog' });
  const interval = name === 'interval' ? intervalModifiers(node.typmods ?? []) : undefined;
  const type = {
    ...(schema === undefined ? {} : { schema }),
    name,
    modifiers: interval?.modifiers ?? (node.typmods ?? []).filter(isWritten).map(modifierOf),
    ...(interval?.fields === undefined ? {} : { intervalFields: interval.fields }),
    arrayDims: node.arrayBounds?.length ?? 0,
  };
  return { ...type, text: typeText(type) };
}

/** The grammar's CHAR is pg_catalog.bpchar; a plain name `char` can only be the quoted internal type. */
function canonicalName(bare: string, from: { schema: string | undefined; builtIn: boolean }): string {
  if (from.schema !== undefined) return bare;
  if (bare === 'char' && !from.builtIn) return '"char"';
  return CANONICAL.get(bare) ?? bare;
}

function refuseMoreThanType(column: ColumnDef, text: string): void {
  const constraint = column.constraints?.[0] as { Constraint?: Constraint } | undefined;
  if (constraint?.Constraint) {
    throw new SqlFragmentError(
      'a type with a constraint behind it: write that under constraints',
      text.length,
    );
  }
  if (column.collClause)
    throw new SqlFragmentError('a type with COLLATE: write that under constraints', text.length);
  if (column.compression || column.storage_name || column.fdwoptions?.length) {
    throw new SqlFragmentError('more than a type', text.length);
  }
}

/** CHAR and BIT without a length carry a 1 that nobody wrote (location -1). */
function isWritten(node: Node): boolean {
  return !('A_Const' in node) || node.A_Const.location !== -1;
}

function modifierOf(node: Node): number | string {
  if ('A_Const' in node) return constantOf(node.A_Const);
  if ('ColumnRef' in node) return (node.ColumnRef.fields ?? []).map(stringOf).join('.');
  throw new SqlFragmentError('a type modifier that is neither a number nor a word', 0);
}

function constantOf(node: A_Const): number | string {
  if (node.ival) return node.ival.ival ?? 0;
  return node.fval?.fval ?? node.sval?.sval ?? '';
}

function intervalModifiers(typmods: readonly Node[]) {
  const [mask, ...precision] = typmods.map(modifierOf);
  if (typeof mask !== 'number') return undefined;
  const set = INTERVAL_BITS.filter(([bit]) => (mask & bit) !== 0).map(([, word]) => word);
  const fields = mask === INTERVAL_FULL_RANGE ? undefined : [...new Set([set[0], set.at(-1)])].join(' to ');
  return { modifiers: precision, fields };
}

function typeText(type: Omit<PgType, 'text'>): string {
  const arrays = '[]'.repeat(type.arrayDims);
  return `${scalarText(type)}${arrays}`;
}

function scalarText(type: Omit<PgType, 'text'>): string {
  const separator = type.name === 'numeric' ? ', ' : ',';
  const modifiers = type.modifiers.length === 0 ? '' : `(${type.modifiers.join(separator)})`;
  if (type.name === 'timestamptz') return `timestamp${modifiers} with time zone`;
  if (type.name === 'timetz') return `time${modifiers} with time zone`;
  if (type.intervalFields !== undefined) return `interval ${type.intervalFields}${modifiers}`;
  return `${displayTypeName(type)}${modifiers}`;
}

/** Built-in names are spelled as they are, two words and all; names of users are quoted where they need it. */
function displayTypeName(type: Pick<PgType, 'schema' | 'name'>): string {
  if (type.schema !== undefined)
    return `${quoteTypeWhereNeeded(type.schema)}.${quoteTypeWhereNeeded(type.name)}`;
  const spelled = type.name === '"char"' || [...CANONICAL.values()].includes(type.name);
  return spelled ? type.name : quoteTypeWhereNeeded(type.name);
}

function typeKey(text: string): string | undefined {
  try {
    return comparisonKey(parseType(text));
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}

/** One string per meaning: the length 1 and the scale 0 that may be left out are filled in. */
export function comparisonKey(type: PgType): string {
  const schema = type.schema ?? 'public';
  return JSON.stringify([
    schema,
    type.name,
    effectiveModifiers(type),
    type.intervalFields ?? '',
    type.arrayDims,
  ]);
}

function effectiveModifiers(type: PgType): readonly string[] {
  if (type.modifiers.length === 0 && ONE_BY_DEFAULT.has(type.name)) return ['1'];
  if (type.modifiers.length === 1 && type.name === 'numeric') return [String(type.modifiers[0]), '0'];
  return type.modifiers.map((modifier) => String(modifier).toLowerCase());
}

/** The text of a String node; '' for any other. */
export function stringOf(node: Node): string {
  return 'String' in node ? (node.String.sval ?? '') : '';
}
