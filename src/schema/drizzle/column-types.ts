import { TableplanError } from '../../errors.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { type PgType, sameType } from '../../postgres/sql.ts';
import { dataLiteral, type Quote, stringLiteral } from '../literals.ts';

/** A `customType` of the project whose `dataType()` returns a fixed text. */
export interface CustomTypeRef {
  readonly dataType: string;
  readonly variable: string;
}

/** How builders are written where the column goes. */
export interface BuilderStyle {
  readonly quote: Quote;
  /** What stands before a builder of pg-core: '' for named imports, `t.` for a namespace or a callback. */
  readonly prefix: string;
  /** What the file calls a builder of pg-core, where it may be imported under another name. */
  readonly localName?: ((builder: string) => string) | undefined;
  /** bigint needs a mode; the neighbours' one, else `number`. */
  readonly bigintMode: 'number' | 'bigint';
  /** Written only where the neighbours write it; drizzle's own default is `date`. */
  readonly timestampMode?: 'date' | 'string' | undefined;
  /** pg-core has this builder under two names. */
  readonly numeric: 'numeric' | 'decimal';
}

/** What the project's source has for types that pg-core has no builder for. */
export interface TypeNames {
  /** The variable of the pgEnum with this name in the database. */
  readonly enumVariable: (name: ObjectName) => string | undefined;
  readonly customTypes: readonly CustomTypeRef[];
}

/** A builder call: `varchar('name', { length: 100 })`, `.array()` included. */
export interface BuilderText {
  readonly text: string;
  /** Names of drizzle-orm/pg-core in it; none when an enum or custom type makes the column. */
  readonly imports: readonly string[];
  /** The project's own variable in it: an enum or a customType. */
  readonly variable?: string | undefined;
  readonly family: TypeFamily;
}

/** What a column's default may be written as in TypeScript. */
export type TypeFamily =
  | 'string'
  | 'numeric'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'json'
  | 'date-object'
  | 'date-string'
  | 'uuid'
  | 'opaque';

type Config = Readonly<Record<string, string | number | boolean>>;
interface Builder {
  readonly name: string;
  readonly family: TypeFamily;
  readonly config?: Config | undefined;
}

const PLAIN: Readonly<Record<string, readonly [builder: string, family: TypeFamily]>> = {
  smallint: ['smallint', 'number'],
  integer: ['integer', 'number'],
  smallserial: ['smallserial', 'number'],
  serial: ['serial', 'number'],
  boolean: ['boolean', 'boolean'],
  text: ['text', 'string'],
  real: ['real', 'number'],
  'double precision': ['doublePrecision', 'number'],
  json: ['json', 'json'],
  jsonb: ['jsonb', 'json'],
  uuid: ['uuid', 'uuid'],
  date: ['date', 'date-string'],
  inet: ['inet', 'string'],
  cidr: ['cidr', 'string'],
  macaddr: ['macaddr', 'string'],
  macaddr8: ['macaddr8', 'string'],
  point: ['point', 'opaque'],
  line: ['line', 'opaque'],
};

const SIZED: Readonly<Record<string, (type: PgType, style: BuilderStyle) => Builder | undefined>> = {
  bigint: (_, style) => ({ name: 'bigint', family: bigintFamily(style), config: { mode: style.bigintMode } }),
  bigserial: (_, style) => ({
    name: 'bigserial',
    family: bigintFamily(style),
    config: { mode: style.bigintMode },
  }),
  varchar: (type) => ({ name: 'varchar', family: 'string', config: numbers(type, ['length']) }),
  char: (type) => ({ name: 'char', family: 'string', config: numbers(type, ['length']) }),
  numeric: (type, style) => ({
    name: style.numeric,
    family: 'numeric',
    config: numbers(type, ['precision', 'scale']),
  }),
  time: (type) => ({ name: 'time', family: 'date-string', config: numbers(type, ['precision']) }),
  timetz: (type) => ({
    name: 'time',
    family: 'date-string',
    config: { ...numbers(type, ['precision']), withTimezone: true },
  }),
  timestamp: (type, style) => timestamp(style, { ...numbers(type, ['precision']) }),
  timestamptz: (type, style) => timestamp(style, { ...numbers(type, ['precision']), withTimezone: true }),
  interval: (type) => interval(type),
  bit: (type) => ({
    name: 'bit',
    family: 'string',
    config: numbers(type, ['dimensions']) ?? { dimensions: 1 },
  }),
  vector: (type) => dimensions('vector', type),
  halfvec: (type) => dimensions('halfvec', type),
  sparsevec: (type) => dimensions('sparsevec', type),
  // 0.45 emits geometry(point) whatever srid says; anything else needs a customType.
  geometry: (type) =>
    type.modifiers.length === 1 && String(type.modifiers[0]).toLowerCase() === 'point'
      ? { name: 'geometry', family: 'opaque', config: { type: 'point' } }
      : undefined,
};

/**
 * Writes the builder call for a type. `name` is the column's name to print, undefined where this project leaves it out.
 * An enum or a customType of the project is used where pg-core has no builder.
 * Throws TableplanError `plan-not-supported` with the customType to declare when there is neither.
 * Types as drizzle-orm 0.45 emits them, checked against drizzle-kit 0.31 in the tests.
 *
 * @example columnBuilder(parseType('varchar(100)'), 'name', style, names).text // "varchar('name', { length: 100 })"
 */
export function columnBuilder(
  type: PgType,
  name: string | undefined,
  style: BuilderStyle,
  names: TypeNames,
): BuilderText {
  const element = withoutArray(type);
  const builder = knownBuilder(element, style);
  const variable = builder === undefined ? projectVariable(element, names) : undefined;
  if (builder === undefined && variable === undefined) throw noBuilder(element);
  const isEnum = builder === undefined && names.enumVariable(objectName(element)) === variable;
  return {
    text: `${builder ? style.prefix + (style.localName?.(builder.name) ?? builder.name) : variable}(${callArguments(name, builder?.config, style.quote)})${'.array()'.repeat(type.arrayDims)}`,
    imports: builder ? [builder.name] : [],
    variable,
    family: builder?.family ?? (isEnum ? 'string' : 'opaque'),
  };
}

/** Whether drizzle-orm has a builder of its own for this type (arrays of it included). */
export function hasBuilder(type: PgType): boolean {
  return (
    knownBuilder(withoutArray(type), { quote: "'", prefix: '', bigintMode: 'number', numeric: 'numeric' }) !==
    undefined
  );
}

function knownBuilder(type: PgType, style: BuilderStyle): Builder | undefined {
  if (type.schema !== undefined) return undefined;
  const plain = PLAIN[type.name];
  if (plain !== undefined && type.modifiers.length === 0) return { name: plain[0], family: plain[1] };
  return SIZED[type.name]?.(type, style);
}

function projectVariable(type: PgType, names: TypeNames): string | undefined {
  const custom = names.customTypes.find((candidate) => sameType(candidate.dataType, type.text));
  return names.enumVariable(objectName(type)) ?? custom?.variable;
}

function objectName(type: PgType): ObjectName {
  return { schema: type.schema ?? 'public', name: type.name };
}

function withoutArray(type: PgType): PgType {
  return { ...type, arrayDims: 0, text: type.text.replaceAll('[]', '') };
}

function bigintFamily(style: BuilderStyle): TypeFamily {
  return style.bigintMode === 'number' ? 'number' : 'bigint';
}

function timestamp(style: BuilderStyle, config: Config): Builder {
  const mode = style.timestampMode === undefined ? {} : { mode: style.timestampMode };
  return {
    name: 'timestamp',
    family: style.timestampMode === 'string' ? 'date-string' : 'date-object',
    config: { ...config, ...mode },
  };
}

/** drizzle drops a precision of 0, which Postgres reads as another type. */
function interval(type: PgType): Builder | undefined {
  if (type.modifiers[0] === 0) return undefined;
  const fields = type.intervalFields === undefined ? {} : { fields: type.intervalFields };
  return { name: 'interval', family: 'string', config: { ...fields, ...numbers(type, ['precision']) } };
}

/** Without dimensions drizzle would write `vector(undefined)`. */
function dimensions(name: string, type: PgType): Builder | undefined {
  const config = numbers(type, ['dimensions']);
  return config && { name, family: 'opaque', config };
}

function numbers(type: PgType, keys: readonly string[]): Config | undefined {
  const pairs = keys.flatMap((key, index) => {
    const value = type.modifiers[index];
    return value === undefined ? [] : [[key, Number(value)] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function callArguments(name: string | undefined, config: Config | undefined, quote: Quote): string {
  const parts = [
    ...(name === undefined ? [] : [stringLiteral(name, quote)]),
    ...(config === undefined || Object.keys(config).length === 0 ? [] : [dataLiteral(config, quote)]),
  ];
  return parts.join(', ');
}

/** drizzle-kit 0.31 quotes any type it does not know as one identifier, so `"geography(point)"` cannot be generated. */
const WRITTEN_BARE =
  /^(bit|char|vector|geometry|halfvec|sparsevec|interval|time|timestamp|numeric|date|uuid|text|json|real)/;

function noBuilder(type: PgType): TableplanError {
  const message = `drizzle-orm has no column builder for the type ${type.text}`;
  const canDeclare = /^[a-z_][a-z0-9_$]*$/.test(type.text) || WRITTEN_BARE.test(type.text);
  if (!canDeclare) {
    const hint = `drizzle-kit cannot write ${type.text} either (it quotes the whole text as one name). Add the column in a custom migration by hand, or choose another type.`;
    return new TableplanError('plan-not-supported', message, { hint });
  }
  const hint =
    'If it is an enum, create it first (migration_type: new_enum). Else declare it once in the schema folder, export it, and run again:';
  return new TableplanError('plan-not-supported', message, { hint, frame: customTypeSnippet(type) });
}

/** TypeScript types of what the drivers hand over for the types that people ask for most. */
const DATA_TYPES: Readonly<Record<string, string>> = { bytea: 'Buffer', oid: 'number', xid8: 'string' };

/** The declaration that makes a type known to the schema source. */
function customTypeSnippet(type: PgType): string {
  const data = DATA_TYPES[type.name] ?? 'string';
  return [
    "import { customType } from 'drizzle-orm/pg-core';",
    '',
    `export const ${type.name.replace(/\W+(\w)/g, (_, next: string) => next.toUpperCase())} = customType<{ data: ${data} }>({`,
    '  dataType() {',
    `    return '${type.text}';`,
    '  },',
    '});',
  ].join('\n');
}
