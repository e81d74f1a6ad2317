import { stringLiteral } from '../../../schema/literals.ts';
import type { CrudField } from '../../domain.ts';
import { integerRange, jsonType, scalarRowType } from '../../validation/typebox.ts';

/** The member of an object, as code: `body.name`. */
export function member(object: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${object}.${key}` : `${object}[${stringLiteral(key, "'")}]`;
}

/** A value of a body as the domain has it: `toDate('dueAt', body.dueAt)`. */
export function fromBody(field: CrudField): string {
  const value = member('body', field.key);
  const convert = bodyReader(field);
  if (convert === undefined) return value;
  return field.isArray ? `toEach(${value}, (each) => ${convert('each')})` : convert(value);
}

type Reader = (value: string) => string;

function bodyReader(field: CrudField): Reader | undefined {
  const { kind, rules } = field;
  const type = scalarRowType(field);
  const call =
    (name: string, options = ''): Reader =>
    (value) =>
      `${name}('${field.key}', ${value}${options})`;
  if (rules.values !== undefined) return undefined;
  if (kind === 'timestamp' || kind === 'date') return call(type === 'Date' ? 'toDate' : 'toDay');
  if (jsonType(field) !== 'string') return undefined;
  if (type === 'bigint') return call('toBigInt');
  if (kind === 'bigint') return call('toBigIntText');
  const isLimited = kind === 'decimal' && (rules.min !== undefined || rules.max !== undefined);
  return isLimited
    ? call('toDecimal', `, ${options({ minimum: rules.min, maximum: rules.max })}`)
    : undefined;
}

/** A value of an address as the domain has it: `toInteger('quantity', query.quantity, { … })`. */
export function fromQuery(field: CrudField, object = 'query'): string {
  const { kind, rules } = field;
  const value = member(object, field.key);
  const type = scalarRowType(field);
  if (rules.values !== undefined) return value;
  if (kind === 'boolean') return `toBoolean(${value})`;
  if (type === 'bigint') return `toBigInt('${field.key}', ${value})`;
  if (kind === 'integer' || (kind === 'bigint' && type === 'number'))
    return `toInteger('${field.key}', ${value}, ${options(integerRange({ ...field, rules: typeRules(field) }))})`;
  if (type === 'number') return `toNumber('${field.key}', ${value})`;
  if (kind === 'bigint') return `toBigIntText('${field.key}', ${value})`;
  if (kind === 'timestamp' || kind === 'date')
    return `${type === 'Date' ? 'toDate' : 'toDay'}('${field.key}', ${value})`;
  return value;
}

/** What is looked for may break the rules of what is stored, but not the type. */
function typeRules({ sqlType }: CrudField): CrudField['rules'] {
  return sqlType.startsWith('small') ? { min: -32_768, max: 32_767 } : {};
}

/** A value of an entity as JSON has it: `orderItem.createdAt.toISOString()`. */
export function toJson(field: CrudField, entity: string): string {
  const value = member(entity, field.key);
  const tail = jsonTail(field);
  if (tail === '') return value;
  const question = field.isNullable ? '?' : '';
  const fallback = field.isNullable ? ' ?? null' : '';
  return field.isArray
    ? `${value}${question}.map((each) => each${tail})${fallback}`
    : `${value}${question}${tail}${fallback}`;
}

function jsonTail(field: CrudField): string {
  const type = scalarRowType(field);
  if (type === 'bigint') return '.toString()';
  if (type !== 'Date') return '';
  return field.kind === 'date' ? '.toISOString().slice(0, 10)' : '.toISOString()';
}

/** The functions of the shared module that texts of code call, sorted. */
export function readersIn(code: readonly string[]): readonly string[] {
  const called = code.flatMap(
    (text) =>
      text.match(/\bto(?:Date|Day|BigIntText|BigInt|Integer|Number|Boolean|Decimal|Each)\b(?=\()/g) ?? [],
  );
  return [...new Set(called)].toSorted();
}

function options(values: Readonly<Record<string, number | undefined>>): string {
  const members = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `{ ${members.join(', ')} }`;
}
