import { TableplanError } from '../../errors.ts';
import { type PgType, parseType, SqlFragmentError } from '../../postgres/sql.ts';

/** What TypeORM's Postgres driver takes as `type` (its supportedDataTypes), by the name that `parseType` gives. */
const WORDS: Readonly<Record<string, string>> = {
  varchar: 'varchar',
  char: 'char',
  text: 'text',
  citext: 'citext',
  integer: 'int',
  smallint: 'smallint',
  bigint: 'bigint',
  numeric: 'numeric',
  real: 'real',
  'double precision': 'double precision',
  money: 'money',
  boolean: 'boolean',
  uuid: 'uuid',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  date: 'date',
  time: 'time',
  timetz: 'timetz',
  interval: 'interval',
  json: 'json',
  jsonb: 'jsonb',
  bytea: 'bytea',
  hstore: 'hstore',
  bit: 'bit',
  'bit varying': 'bit varying',
  xml: 'xml',
  inet: 'inet',
  cidr: 'cidr',
  macaddr: 'macaddr',
  macaddr8: 'macaddr8',
  point: 'point',
  line: 'line',
  lseg: 'lseg',
  box: 'box',
  path: 'path',
  polygon: 'polygon',
  circle: 'circle',
  tsvector: 'tsvector',
  tsquery: 'tsquery',
  int4range: 'int4range',
  int8range: 'int8range',
  numrange: 'numrange',
  tsrange: 'tsrange',
  tstzrange: 'tstzrange',
  daterange: 'daterange',
  geometry: 'geometry',
  geography: 'geography',
  cube: 'cube',
  ltree: 'ltree',
  vector: 'vector',
  halfvec: 'halfvec',
};

/** TypeScript types of what the driver hands over. `bigint` and `numeric` come as strings. */
const PROPERTY_TYPES: Readonly<Record<string, string>> = {
  integer: 'number',
  smallint: 'number',
  real: 'number',
  'double precision': 'number',
  boolean: 'boolean',
  timestamp: 'Date',
  timestamptz: 'Date',
  json: 'Record<string, unknown>',
  jsonb: 'Record<string, unknown>',
  bytea: 'Buffer',
  vector: 'number[]',
  halfvec: 'number[]',
};

const LENGTHS = /^(varchar|char|bit|bit varying|vector|halfvec)$/;
const SERIALS: Readonly<Record<string, string>> = {
  serial: 'integer',
  bigserial: 'bigint',
  smallserial: 'smallint',
};

/** TypeORM's word for a type. Throws `plan-not-supported` for one that its driver does not know. */
export function typeWord(type: PgType): string {
  const word = type.schema === undefined ? WORDS[type.name] : undefined;
  if (word !== undefined) return word;
  throw new TableplanError(
    'plan-not-supported',
    `TypeORM's Postgres driver has no column type for ${type.text}`,
    {
      hint: 'If it is an enum, create it in the same plan (migration_type: new_enum). Else add the column in a migration by hand, or choose another type.',
    },
  );
}

/** The TypeScript type of a property, without `[]` and `null`. */
export function propertyType(type: PgType): string {
  return PROPERTY_TYPES[type.name] ?? 'string';
}

/** The options that carry a type's modifiers, as texts of their values; none for a type without. */
export function modifierOptions(type: PgType): readonly (readonly [key: string, value: string])[] {
  const [first, second] = type.modifiers;
  if (first === undefined) return [];
  if (LENGTHS.test(type.name)) return [['length', String(first)]];
  if (type.name === 'geometry' || type.name === 'geography')
    return [
      ['spatialFeatureType', `'${String(first)}'`],
      ...(second === undefined ? [] : [['srid', String(second)] as const]),
    ];
  return [
    ['precision', String(first)],
    ...(second === undefined ? [] : [['scale', String(second)] as const]),
  ];
}

/** The keys that `modifierOptions` may give. */
export const MODIFIER_KEYS = ['length', 'precision', 'scale', 'spatialFeatureType', 'srid', 'width'] as const;

/** The integer type under a serial one; undefined for all others. */
export function underSerial(type: PgType): PgType | undefined {
  const name = SERIALS[type.name];
  return name === undefined ? undefined : parseType(name);
}

/** A type's name as `parseType` gives it; the text itself for what is none. */
export function normalName(text: string): string {
  try {
    return parseType(text).name;
  } catch (error) {
    if (error instanceof SqlFragmentError) return text;
    throw error;
  }
}

/** TypeScript's own types for values of columns. */
export const PLAIN_TYPE =
  /^(string|number|boolean|bigint|Date|Buffer|unknown|any|object|Record<string, (unknown|any|string)>)$/;
