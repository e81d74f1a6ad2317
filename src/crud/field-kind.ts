import { parseType, type PgType } from '../postgres/sql.ts';
import type { EnumDef } from '../plan/database-schema.ts';
import type { FieldKind, FieldRules } from './domain.ts';

/** What a column's type says about its values. */
export interface TypeReading {
  readonly kind: FieldKind;
  readonly isArray: boolean;
  readonly rules: FieldRules;
}

const KINDS: Readonly<Record<string, FieldKind>> = {
  uuid: 'uuid',
  text: 'text',
  varchar: 'text',
  'character varying': 'text',
  char: 'text',
  citext: 'text',
  smallint: 'integer',
  integer: 'integer',
  serial: 'integer',
  smallserial: 'integer',
  bigint: 'bigint',
  bigserial: 'bigint',
  numeric: 'decimal',
  real: 'float',
  'double precision': 'float',
  boolean: 'boolean',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  date: 'date',
  time: 'time',
  timetz: 'time',
  json: 'json',
  jsonb: 'json',
};

const INTEGER_RANGES: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  smallint: { min: -32_768, max: 32_767 },
  smallserial: { min: -32_768, max: 32_767 },
  integer: { min: -2_147_483_648, max: 2_147_483_647 },
  serial: { min: -2_147_483_648, max: 2_147_483_647 },
};

/** Reads a Postgres type (and the labels, where it is an enum of the schema). `await loadSqlParser()` first. */
export function readFieldType(sqlType: string, enums: readonly EnumDef[]): TypeReading {
  const type = parseType(sqlType);
  const isArray = type.arrayDims > 0;
  const labels = enums.find(
    ({ schema, name }) => name === bare(type.name) && schema === (type.schema ?? 'public'),
  );
  if (labels) return { kind: 'enum', isArray, rules: { values: labels.values } };
  const kind = KINDS[type.name] ?? 'opaque';
  return { kind: type.arrayDims > 1 ? 'opaque' : kind, isArray, rules: rulesOf(type, kind) };
}

function bare(name: string): string {
  return name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"');
}

function rulesOf(type: PgType, kind: FieldKind): FieldRules {
  const [first, second] = type.modifiers.map(Number);
  if (kind === 'text') return type.name === 'char' ? { maxLength: first ?? 1 } : { maxLength: first };
  if (kind === 'decimal' && first !== undefined) return { precision: first, scale: second ?? 0 };
  return INTEGER_RANGES[type.name] ?? {};
}
