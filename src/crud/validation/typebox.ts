import { stringLiteral } from '../../schema/literals.ts';
import type { CrudField, FieldRules } from '../domain.ts';

/** What a float of four bytes holds. */
const GREATEST_REAL = 3.4028234e38;
const BIGINT = '^-?\\d{1,19}$';

/**
 * The schema of a field in a JSON body, as code: `t.Optional(t.Nullable(text({ max: 100 })))`. `text` is a helper of the
 * generated `schemas` module.
 */
export function bodySchema(field: CrudField): string {
  const one = scalar(field);
  const listed = field.isArray ? `t.Array(${one})` : one;
  const nullable = field.isNullable && field.kind !== 'json' ? `t.Nullable(${listed})` : listed;
  return field.isRequired ? nullable : `t.Optional(${nullable})`;
}

/** The schema of a field in an address, where everything is text: what is no text is read from it afterwards. */
export function textSchema(field: CrudField): string {
  const { kind, rules } = field;
  if (rules.values !== undefined) return literals(rules.values);
  switch (kind) {
    case 'uuid':
    case 'timestamp':
    case 'date':
    case 'time':
      return scalar(field);
    case 'boolean':
      return literals(['true', 'false']);
    case 'decimal':
      return decimalText({});
    case 'text':
    case 'enum':
      return 'text()';
    default:
      return 't.String()';
  }
}

/** The schema of a field in an answer: its type in JSON, without rules, as the row is what it is. */
export function responseSchema(field: CrudField): string {
  const one = { string: 't.String()', number: 't.Number()', boolean: 't.Boolean()', unknown: 't.Unknown()' }[
    jsonType(field)
  ];
  const listed = field.isArray ? `t.Array(${one})` : one;
  return field.isNullable && field.kind !== 'json' ? `t.Nullable(${listed})` : listed;
}

/** What one value of a field is in JSON. */
export function jsonType(field: CrudField): 'string' | 'number' | 'boolean' | 'unknown' {
  switch (field.kind) {
    case 'integer':
    case 'float':
      return 'number';
    case 'bigint':
    case 'decimal':
      return scalarRowType(field) === 'number' ? 'number' : 'string';
    case 'boolean':
      return 'boolean';
    case 'json':
    case 'opaque':
      return 'unknown';
    default:
      return 'string';
  }
}

/** A type's name without the brackets of an array. */
export function scalarRowType({ rowType, isArray }: CrudField): string {
  return isArray ? rowType.replace(/\[\]$/, '').replace(/^\((.*)\)$/, '$1') : rowType;
}

/** One of several texts. */
export function literals(values: readonly string[]): string {
  const all = values.map((value) => `t.Literal(${quoted(value)})`);
  return all.length === 1 ? all[0]! : `t.Union([${all.join(', ')}])`;
}

/** The least and the greatest whole number that a field takes. */
export function integerRange({ kind, rules }: CrudField): {
  readonly minimum: number;
  readonly maximum: number;
} {
  const [least, greatest] =
    kind === 'bigint' ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : [-2_147_483_648, 2_147_483_647];
  return { minimum: rules.min ?? least, maximum: rules.max ?? greatest };
}

function scalar(field: CrudField): string {
  const { kind, rules } = field;
  if (rules.values !== undefined) return literals(rules.values);
  switch (kind) {
    case 'uuid':
      return `t.String({ format: 'uuid', maxLength: 36 })`;
    case 'integer':
      return number({ multipleOf: 1, ...integerRange(field) });
    case 'bigint':
      return scalarRowType(field) === 'number'
        ? number({ multipleOf: 1, ...integerRange(field) })
        : `t.String({ pattern: ${quoted(BIGINT)}, error: 'Expected a whole number as text' })`;
    case 'decimal':
      return scalarRowType(field) === 'number' ? number(decimalBounds(rules)) : decimalText(rules);
    case 'float':
      return number(
        field.sqlType === 'real'
          ? { minimum: -GREATEST_REAL, maximum: GREATEST_REAL, ...bounds(rules) }
          : bounds(rules),
      );
    case 'boolean':
      return 't.Boolean()';
    case 'timestamp':
      return `t.String({ format: 'date-time' })`;
    case 'date':
      return `t.String({ format: 'date' })`;
    case 'time':
      return timeText(field);
    case 'json':
    case 'opaque':
      return 't.Unknown()';
    default:
      return text(rules);
  }
}

function text({ minLength, maxLength, pattern, format }: FieldRules): string {
  const options = [
    ...(minLength === undefined ? [] : [`min: ${minLength}`]),
    ...(maxLength === undefined ? [] : [`max: ${maxLength}`]),
    ...(pattern === undefined ? [] : [`pattern: ${quoted(pattern)}`]),
    ...(format === undefined ? [] : [`format: '${format === 'url' ? 'uri' : format}'`]),
  ];
  return options.length === 0 ? 'text()' : `text({ ${options.join(', ')} })`;
}

function number(bounds: Readonly<Record<string, number | undefined>>): string {
  const options = Object.entries(bounds).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return options.length === 0 ? 't.Number()' : `t.Number({ ${options.join(', ')} })`;
}

/** Postgres would round what has more digits behind the point, and refuse what has more before it. */
function decimalText({ precision, scale = 0, min }: FieldRules): string {
  const sign = min !== undefined && min >= 0 ? '' : '-?';
  const whole = precision === undefined ? '\\d+' : precision > scale ? `\\d{1,${precision - scale}}` : '0?';
  const rest = precision === undefined ? '(\\.\\d+)?' : scale > 0 ? `(\\.\\d{1,${scale}})?` : '';
  const error =
    precision === undefined
      ? 'Expected a number as text'
      : `Expected a number as text, with ${precision - scale} digits before and ${scale} behind the point at most`;
  return `t.String({ pattern: ${quoted(`^${sign}${whole}${rest}$`)}, error: ${quoted(error)} })`;
}

function bounds({ min, max }: FieldRules): Record<string, number> {
  return { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
}

function decimalBounds({ precision, scale = 0, min, max }: FieldRules): Record<string, number | undefined> {
  const limit = precision === undefined ? undefined : 10 ** (precision - scale) - 10 ** -scale;
  return { minimum: min ?? (limit === undefined ? undefined : -limit), maximum: max ?? limit };
}

function timeText({ sqlType }: CrudField): string {
  const zone = /with time zone|timetz/i.test(sqlType) ? '(Z|[+-]\\d{2}(:?\\d{2})?)?' : '';
  const pattern = `^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?${zone}$`;
  return `t.String({ pattern: ${quoted(pattern)}, error: 'Expected a time of day' })`;
}

function quoted(value: string): string {
  return stringLiteral(value, "'");
}
