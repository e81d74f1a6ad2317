import { classifyExpression, type PgType, type SqlExpression } from '../../postgres/sql.ts';
import type { TypeFamily } from './column-types.ts';
import { dataLiteral, type Quote, sqlTemplate, stringLiteral } from '../literals.ts';

/** A modifier of a column builder that sets its default: `.default('active')`, `.defaultNow()`. */
export interface DefaultText {
  /** '' for DEFAULT NULL, which is the same as none. */
  readonly text: string;
  /** Whether it uses the `sql` template of drizzle-orm. */
  readonly needsSql: boolean;
}

export interface DefaultInput {
  /** The default as a SQL expression. */
  readonly expression: string;
  readonly type: PgType;
  readonly family: TypeFamily;
  readonly quote: Quote;
  /** What the file calls drizzle's `sql`. */
  readonly sqlTag?: string | undefined;
}

/**
 * Writes a default in the words that drizzle has for it, and as sql`…` wherever those would make drizzle-kit emit
 * something else than what was asked (measured with drizzle-kit 0.31: the tests compare what comes out).
 *
 * @example defaultModifier({ expression: "'active'", … }).text // ".default('active')"
 */
export function defaultModifier(input: DefaultInput): DefaultText {
  const expression = classifyExpression(input.expression);
  if (expression.kind === 'null' && expression.cast === undefined) return { text: '', needsSql: false };
  const text = shortForm(expression, input) ?? plainValue(expression, input);
  if (text !== undefined) return { text, needsSql: false };
  return { text: `.default(${sqlTemplate(input.expression, input.sqlTag)})`, needsSql: true };
}

function shortForm(expression: SqlExpression, { family, type }: DefaultInput): string | undefined {
  if (expression.kind !== 'call' || expression.args > 0 || type.arrayDims > 0) return undefined;
  const hasNow = family === 'date-object' || family === 'date-string';
  if (expression.name === 'now' && hasNow) return '.defaultNow()';
  if (expression.name === 'gen_random_uuid' && family === 'uuid') return '.defaultRandom()';
  return undefined;
}

function plainValue(expression: SqlExpression, input: DefaultInput): string | undefined {
  if (!('cast' in expression ? castFits(expression.cast, input.type) : true)) return undefined;
  const value = input.type.arrayDims > 0 ? arrayValue(expression) : scalarValue(expression, input);
  return value === undefined ? undefined : `.default(${value})`;
}

/** A cast to the column's own type, or to text as pg_dump writes it for varchar, adds nothing. */
function castFits(cast: PgType | undefined, type: PgType): boolean {
  if (cast === undefined) return true;
  if (cast.arrayDims > 0 !== type.arrayDims > 0) return false;
  if (cast.modifiers.length > 0 && cast.text !== type.text) return false;
  return cast.name === type.name || (isCharacter(cast) && isCharacter(type));
}

function isCharacter(type: PgType): boolean {
  return ['text', 'varchar', 'char'].includes(type.name);
}

/** Only the empty array: drizzle-kit quotes the elements of others, which reads as another default afterwards. */
function arrayValue(expression: SqlExpression): string | undefined {
  return expression.kind === 'string' && expression.value === '{}' ? '[]' : undefined;
}

function scalarValue(expression: SqlExpression, { family, quote }: DefaultInput): string | undefined {
  switch (family) {
    case 'string':
    case 'uuid':
    case 'date-string':
      return expression.kind === 'string' ? stringLiteral(expression.value, quote) : undefined;
    case 'numeric':
      return numericText(expression, quote);
    case 'number':
      return numberText(expression);
    case 'boolean':
      return booleanText(expression);
    case 'json':
      return jsonText(expression, quote);
    case 'bigint': // a bigint in the snapshot would break drizzle-kit's JSON
    case 'date-object':
    case 'opaque':
      return undefined;
  }
}

/** drizzle reads and writes `numeric` as strings. */
function numericText(expression: SqlExpression, quote: Quote): string | undefined {
  if (expression.kind === 'number') return stringLiteral(expression.text, quote);
  return expression.kind === 'string' ? stringLiteral(expression.value, quote) : undefined;
}

function numberText(expression: SqlExpression): string | undefined {
  const text =
    expression.kind === 'number' ? expression.text : expression.kind === 'string' ? expression.value : '';
  const value = Number(text);
  const isExact = text !== '' && String(value) === text && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return isExact ? text : undefined;
}

function booleanText(expression: SqlExpression): string | undefined {
  if (expression.kind === 'boolean') return String(expression.value);
  const isWord = expression.kind === 'string' && /^(true|false)$/.test(expression.value);
  return isWord ? expression.value : undefined;
}

/** Objects and lists that JSON writes back exactly as they stand; drizzle-kit does not escape quotes in them. */
function jsonText(expression: SqlExpression, quote: Quote): string | undefined {
  if (
    expression.kind !== 'string' ||
    expression.value.includes("'") ||
    expression.value.includes('__proto__')
  )
    return undefined;
  const value = parseJson(expression.value);
  if (typeof value !== 'object' || value === null || JSON.stringify(value) !== expression.value)
    return undefined;
  return dataLiteral(value, quote);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
