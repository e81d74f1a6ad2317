import type { CrudField, FieldRules } from '../domain.ts';

/** The zod of a project: version 4 has some formats of its own that 3 has as methods of texts. */
export type ZodMajor = 3 | 4;

/**
 * The schema of a field in a JSON body, as code: `text({ max: 100 }).nullish()`. `text` and `numeric` are helpers of the
 * generated `validation` module. `table` is the Drizzle variable, for values whose type only TypeScript knows.
 */
export function bodySchema(
  field: CrudField,
  { zod, table }: { readonly zod: ZodMajor; readonly table: string },
): string {
  const value = narrowed(field, fieldSchema(field, zod), table);
  const listed = field.isArray ? `z.array(${value})` : value;
  if (field.isNullable) return `${listed}.nullish()`;
  return field.isRequired ? listed : `${listed}.optional()`;
}

/** The schema of a field in a path or a query, where everything is a text. */
export function textSchema(field: CrudField, zod: ZodMajor): string {
  const { kind, rules, rowType } = field;
  if (rules.values !== undefined) return valuesSchema(rules.values);
  switch (kind) {
    case 'integer':
      return `wholeNumber(${range(rules)})`;
    case 'bigint':
      return rowType === 'number'
        ? 'wholeNumber()'
        : `bigInteger()${rowType === 'bigint' ? '' : '.transform(String)'}`;
    case 'decimal':
      return rowType === 'number' ? 'z.coerce.number()' : 'numeric()';
    case 'float':
      return 'z.coerce.number()';
    case 'boolean':
      return `z.enum(['true', 'false']).transform((value) => value === 'true')`;
    default:
      return scalarSchema(field, zod);
  }
}

/** The schema of a field in an answer, for its description: JSON as the code sends it. */
export function answerSchema(field: CrudField, zod: ZodMajor): string {
  const { isArray, isNullable } = field;
  const value = answerValue(field, zod);
  // Whatever it is, it may be null.
  if (value === 'z.any()') return value;
  return `${isArray ? `z.array(${value})` : value}${isNullable ? '.nullable()' : ''}`;
}

function answerValue({ kind, rules, rowType, isNarrowed }: CrudField, zod: ZodMajor): string {
  if (kind === 'json') return 'z.any()';
  if (rules.values !== undefined && !isNarrowed) return valuesSchema(rules.values);
  const type = rowType.replace(/\[\]$/, '');
  if (type === 'boolean') return 'z.boolean()';
  if (type === 'number')
    return kind === 'integer' || kind === 'bigint'
      ? zod === 4
        ? 'z.int()'
        : 'z.number().int()'
      : 'z.number()';
  if (type === 'Date') return zod === 4 ? 'z.iso.datetime()' : 'z.string().datetime()';
  if (isNarrowed) return 'z.string()';
  if (kind === 'uuid') return zod === 4 ? 'z.guid()' : 'z.string().uuid()';
  if (kind === 'date') return zod === 4 ? 'z.iso.date()' : 'z.string().date()';
  return 'z.string()';
}

function narrowed(field: CrudField, schema: string, table: string): string {
  if (!field.isNarrowed || field.rules.values !== undefined) return schema;
  const type = `NonNullable<(typeof ${table}.$inferInsert)['${field.key}']>${field.isArray ? '[number]' : ''}`;
  return field.kind === 'json'
    ? `${schema}.transform((value) => value as ${type})`
    : `${schema}.transform((value) => value as ${type})`;
}

function fieldSchema(field: CrudField, zod: ZodMajor): string {
  const { kind, rules, rowType, isNullable } = field;
  if (rules.values !== undefined) return valuesSchema(rules.values);
  switch (kind) {
    case 'integer':
      return `${zod === 4 ? 'z.int()' : 'z.number().int()'}${bounds(rules)}`;
    case 'bigint':
      return rowType === 'number'
        ? `${zod === 4 ? 'z.int()' : 'z.number().int().safe()'}${bounds(rules)}`
        : `bigInteger()${rowType === 'bigint' ? '' : '.transform(String)'}`;
    case 'float':
      return `z.number()${bounds(rules)}`;
    case 'decimal':
      return rowType === 'number' ? `z.number()${bounds(rules)}` : `numeric(${decimalRules(rules)})`;
    case 'boolean':
      return 'z.boolean()';
    case 'json':
      return isNullable ? 'json()' : 'json({ isNullable: false })';
    default:
      return scalarSchema(field, zod);
  }
}

/** What is a text in JSON and in a path alike. */
function scalarSchema({ kind, rules, rowType }: CrudField, zod: ZodMajor): string {
  switch (kind) {
    case 'uuid':
      return zod === 4 ? 'z.guid()' : 'z.string().uuid()';
    case 'timestamp': {
      // What the driver gives as a text has a space for the T.
      if (rowType !== 'Date') return 'timestamp()';
      const schema = zod === 4 ? 'z.iso.datetime({ offset: true })' : 'z.string().datetime({ offset: true })';
      return `${schema}.transform((value) => new Date(value))`;
    }
    case 'date': {
      const schema = zod === 4 ? 'z.iso.date()' : 'z.string().date()';
      return rowType === 'Date' ? `${schema}.transform((value) => new Date(value))` : schema;
    }
    case 'time':
      return zod === 4 ? 'z.iso.time()' : 'z.string().time()';
    default:
      return textOf(rules, zod);
  }
}

function textOf({ minLength, maxLength, pattern, format }: FieldRules, zod: ZodMajor): string {
  const options = [
    ...(minLength === undefined ? [] : [`min: ${minLength}`]),
    ...(maxLength === undefined ? [] : [`max: ${maxLength}`]),
    ...(pattern === undefined ? [] : [`pattern: ${regexLiteral(pattern)}`]),
  ];
  const text = options.length === 0 ? 'text()' : `text({ ${options.join(', ')} })`;
  if (format === undefined) return text;
  return `${text}.pipe(${zod === 4 ? `z.${format}()` : `z.string().${format}()`})`;
}

/** A pattern as a literal: what would end it, or the line, is escaped. */
export function regexLiteral(pattern: string): string {
  return `/${new RegExp(pattern, 'u').source}/u`;
}

function valuesSchema(values: readonly string[]): string {
  return `z.enum([${values.map((value) => JSON.stringify(value)).join(', ')}])`;
}

function bounds({ min, max }: FieldRules): string {
  return `${min === undefined ? '' : `.min(${min})`}${max === undefined ? '' : `.max(${max})`}`;
}

function range({ min, max }: FieldRules): string {
  const parts = [
    ...(min === undefined ? [] : [`min: ${min}`]),
    ...(max === undefined ? [] : [`max: ${max}`]),
  ];
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}

function decimalRules({ precision, scale, min, max }: FieldRules): string {
  const parts = [
    ...(precision === undefined
      ? []
      : [`whole: ${Math.max(0, precision - (scale ?? 0))}`, `scale: ${scale ?? 0}`]),
    ...(min === undefined ? [] : [`min: ${min}`]),
    ...(max === undefined ? [] : [`max: ${max}`]),
  ];
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}
