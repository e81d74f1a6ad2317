import { toPascalCase, toSnakeCase } from '../../../plan/migration-name.ts';
import { pluralName } from '../../../schema/word-names.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';

/** A field as the classes of the domain have it. */
export interface FieldView {
  readonly key: string;
  /** `?` where it may be left out. */
  readonly mark: '' | '?';
  readonly type: string;
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
