import { classifyExpression, type PgType, type SqlExpression } from '../../postgres/sql.ts';
import { dataLiteral, type Quote, stringLiteral } from '../literals.ts';

/**
 * A default as the value of TypeORM's `default` option: a literal where TypeORM writes it back as it was asked for
 * (PostgresDriver.normalizeDefault puts strings into quotes as they are), else a function that returns the SQL.
 * Undefined for DEFAULT NULL, which is the same as none.
 *
 * @example defaultText("'active'", parseType('text'), "'") // "'active'"
 */
export function defaultText(
  expression: string,
  type: PgType,
  quote: Quote,
  member?: (value: string) => string | undefined,
): string | undefined {
  const read = classifyExpression(expression);
  if (read.kind === 'null' && read.cast === undefined) return undefined;
  const isFitting = !('cast' in read) || read.cast === undefined || castFits(read.cast, type);
  const literal = isFitting ? literalText(read, type, quote, member) : undefined;
  return literal ?? `() => ${stringLiteral(expression, quote)}`;
}

function castFits(cast: PgType, type: PgType): boolean {
  if (cast.arrayDims > 0 !== type.arrayDims > 0) return false;
  if (cast.modifiers.length > 0 && cast.text !== type.text) return false;
  const isText = (each: PgType) => /^(text|varchar|char)$/.test(each.name);
  return cast.name === type.name || (isText(cast) && isText(type));
}

function literalText(
  read: SqlExpression,
  type: PgType,
  quote: Quote,
  member: ((value: string) => string | undefined) | undefined,
): string | undefined {
  if (type.arrayDims > 0) return read.kind === 'string' && read.value === '{}' ? '[]' : undefined;
  switch (read.kind) {
    case 'boolean':
      return String(read.value);
    case 'number':
      return isNumeric(type) && String(Number(read.text)) === read.text ? read.text : undefined;
    case 'string':
      return stringText(read.value, type, quote, member);
    case 'null':
    case 'call':
    case 'keyword':
    case 'other':
      return undefined;
  }
}

function stringText(
  value: string,
  type: PgType,
  quote: Quote,
  member: ((value: string) => string | undefined) | undefined,
): string | undefined {
  if (type.name === 'json' || type.name === 'jsonb') return jsonText(value, quote);
  if (value.includes("'")) return undefined; // TypeORM does not double it
  if (isNumeric(type)) return String(Number(value)) === value ? value : undefined;
  if (type.name === 'boolean') return /^(true|false)$/.test(value) ? value : undefined;
  return member?.(value) ?? stringLiteral(value, quote);
}

function isNumeric({ name }: PgType): boolean {
  return /^(integer|smallint|bigint|numeric|real|double precision)$/.test(name);
}

/** Objects and lists that JSON writes back exactly as they stand. */
function jsonText(value: string, quote: Quote): string | undefined {
  try {
    const data: unknown = JSON.parse(value);
    const isPlain = typeof data === 'object' && data !== null && JSON.stringify(data) === value;
    return isPlain && !value.includes('__proto__') ? dataLiteral(data, quote) : undefined;
  } catch {
    return undefined;
  }
}
