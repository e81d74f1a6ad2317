import { toPascalCase, toSnakeCase } from '../../../plan/migration-name.ts';
import { pluralName } from '../../../schema/word-names.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';

/** A field as the classes of the domain have it. */
export interface FieldView {
  readonly key: string;
  /** `?` where it may be left out. */
  readonly mark: '' | '?';
  readonly type: string;
  /** What makes the record's value one of the domain's, and back: a cast, where the two are declared otherwise. */
  readonly fromRecord: string;
  readonly toRecord: string;
}

/** The values that a field may have, as a constant. */
export interface ChoiceView {
  readonly constant: string;
  readonly type: string;
  readonly values: string;
}

/** The constant of a field's values; undefined where any value may stand. */
export function choiceOf({ names }: CrudDomain, { key, rules }: CrudField): ChoiceView | undefined {
  if (rules.values === undefined) return undefined;
  const name = `${names.singular.snake}_${toSnakeCase(key)}`;
  return {
    constant: pluralName(name).toUpperCase(),
    type: toPascalCase(name),
    values: JSON.stringify(rules.values),
  };
}

/** The type of a field's values in the domain, without null. */
export function valueType(domain: CrudDomain, field: CrudField): string {
  const one = choiceOf(domain, field)?.type ?? TYPES[field.kind](field);
  return field.isArray ? `${one}[]` : one;
}

const TYPES: Readonly<Record<CrudField['kind'], (field: CrudField) => string>> = {
  uuid: () => 'string',
  text: () => 'string',
  enum: () => 'string',
  integer: () => 'number',
  bigint: numberOrText,
  decimal: numberOrText,
  float: () => 'number',
  boolean: () => 'boolean',
  timestamp: () => 'Date',
  date: () => 'string',
  time: () => 'string',
  json: () => 'unknown',
  opaque: () => 'unknown',
};

function numberOrText({ rowType }: CrudField): string {
  return /^number\b/.test(rowType) ? 'number' : 'string';
}

/** The fields of a class, all of them there. */
export function presentFields(domain: CrudDomain, fields: readonly CrudField[]): readonly FieldView[] {
  return fields.map((field) => ({
    key: field.key,
    mark: '',
    type: nullable(field, valueType(domain, field)),
    ...castsOf(domain, field),
  }));
}

/** The fields that are given: those that need not be are optional. */
export function givenFields(
  domain: CrudDomain,
  fields: readonly CrudField[],
  isRequired: (field: CrudField) => boolean,
): readonly FieldView[] {
  return presentFields(domain, fields).map((view, index) =>
    isRequired(fields[index]!) ? view : { ...view, mark: '?', type: optional(view.type) },
  );
}

function nullable({ isNullable }: CrudField, type: string): string {
  return isNullable && type !== 'unknown' ? `${type} | null` : type;
}

function optional(type: string): string {
  return type === 'unknown' ? type : `${type} | undefined`;
}

/** `string`, `OrderStatus`, `'draft' | 'sent'`: as the record declares it, without null. */
function declaredType({ rowType }: CrudField): string {
  return rowType
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== 'null' && part !== 'undefined' && part !== '')
    .join(' | ');
}

function castsOf(domain: CrudDomain, field: CrudField): Pick<FieldView, 'fromRecord' | 'toRecord'> {
  const { key, isNullable, rowType, rules } = field;
  const declared = declaredType(field);
  const own = valueType(domain, field);
  const isUnion = /^\(?['"]/.test(declared);
  const isPlain = rules.values === undefined ? declared === own : isUnion;
  const toRecord = ` as ${recordName(domain)}['${key}']`;
  const fromRecord = ` as ${domain.names.singular.pascal}['${key}']`;
  // An enum's members are texts, but a text is no member; a list of values is narrower than a text.
  const isNarrower = rules.values !== undefined && /^string\b/.test(declared);
  const losesNull = isNullable && rowType.includes('|') === false && rowType !== own;
  return {
    fromRecord: isNarrower ? fromRecord : '',
    toRecord: isPlain || isNarrower ? (losesNull ? toRecord : '') : toRecord,
  };
}

/** What the code calls the record: another name where the entity of the domain has its own. */
export function recordName({ table, names }: CrudDomain): string {
  return table.variable === names.singular.pascal ? `${table.variable}Record` : table.variable;
}

/** The braces of the record's import. */
export function recordBinding(domain: CrudDomain): string {
  const { variable, isDefaultExport } = domain.table;
  const name = recordName(domain);
  if (isDefaultExport) return name;
  return name === variable ? `{ ${name} }` : `{ ${variable} as ${name} }`;
}
