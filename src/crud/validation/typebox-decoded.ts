import { stringLiteral } from '../../schema/literals.ts';
import type { CrudField, FieldRules } from '../domain.ts';
import { bodySchema, integerRange, responseSchema, scalarRowType, textSchema } from './typebox.ts';

/*
 * Schemas that give a field as Drizzle takes it, not as JSON has it: `timestamp()` decodes to a `Date`. The helpers are those of the
 * generated `fields` module.
 */

/** The schema of a field in a JSON body. */
export function decodedBody(field: CrudField): string {
  const special = schemaOf(field);
  if (special === undefined) return bodySchema(field);
  const listed = field.isArray ? `t.Array(${special})` : special;
  const nullable = field.isNullable ? `t.Nullable(${listed})` : listed;
  return field.isRequired ? nullable : `t.Optional(${nullable})`;
}

/** The schema of a field in a path or a query, where Elysia reads numbers and flags from texts itself. */
export function decodedQuery(field: CrudField): string {
  const { kind, rules, key } = field;
  const title = `title: ${quoted(key)}`;
  const type = scalarRowType(field);
  if (rules.values !== undefined) return textSchema(field);
  if (kind === 'boolean') return 't.Boolean()';
  if (kind === 'bigint' && type === 'number') return `safeInteger({ ${title} })`;
  if (kind === 'integer') {
    const { minimum, maximum } = integerRange({ ...field, rules: {} });
    return `t.Integer({ ${title}, minimum: ${minimum}, maximum: ${maximum} })`;
  }
  if (type === 'number') return `t.Number({ ${title} })`;
  return schemaOf({ ...field, rules: {} }) ?? textSchema(field);
}

/** The schema of a field in an answer: rows as Drizzle gives them, save what `toJson` has made a text. */
export function encodedResponse(field: CrudField): string {
  if (field.kind !== 'timestamp' || scalarRowType(field) !== 'Date') return responseSchema(field);
  const listed = field.isArray ? 't.Array(t.Date())' : 't.Date()';
  return field.isNullable ? `t.Nullable(${listed})` : listed;
}

/** What says more than the type in JSON: a text that is something else in the row, a number that has to be whole. */
function schemaOf(field: CrudField): string | undefined {
  const { kind, rules, key } = field;
  const type = scalarRowType(field);
  if (rules.values !== undefined) return undefined;
  if (kind === 'timestamp') return type === 'Date' ? 'timestamp()' : 'timestampText()';
  if (kind === 'date') return type === 'Date' ? 'date()' : 'day()';
  if (kind === 'bigint' && type === 'bigint') return 'bigInteger()';
  if (kind === 'bigint' && type === 'number') return `safeInteger(${boundsOf(rules)})`;
  // A text without a sign is not below 0.
  const isLimited =
    kind === 'decimal' && type !== 'number' && ((rules.min ?? 0) !== 0 || rules.max !== undefined);
  if (!isLimited) return undefined;
  const bounds = [
    `title: ${quoted(key)}`,
    ...(rules.min === undefined ? [] : [`minimum: ${rules.min}`]),
    ...(rules.max === undefined ? [] : [`maximum: ${rules.max}`]),
  ];
  const plain = bodySchema({ ...field, isRequired: true, isNullable: false, isArray: false });
  return `within(${plain}, { ${bounds.join(', ')} })`;
}

function boundsOf({ min, max }: FieldRules): string {
  const bounds = [
    ...(min === undefined ? [] : [`minimum: ${min}`]),
    ...(max === undefined ? [] : [`maximum: ${max}`]),
  ];
  return bounds.length === 0 ? '' : `{ ${bounds.join(', ')} }`;
}

function quoted(value: string): string {
  return stringLiteral(value, "'");
}
