import type { CrudDomain, CrudField } from '../../domain.ts';
import type { RelationKey } from './relations.ts';

/** A property of the domain and one of the record. */
export interface MappingView {
  readonly key: string;
  readonly property: string;
  /** The record's value as the domain has it, and the domain's as the record has it: expressions. */
  readonly read: string;
  readonly write: string;
}

/** How the fields of a domain and of its record become each other. */
export function mappings(
  domain: CrudDomain,
  fields: readonly CrudField[],
  relations: readonly RelationKey[],
): readonly MappingView[] {
  return fields.map((field) => {
    const { key } = field;
    const relation = relations.find((each) => each.key === key);
    return {
      key,
      property: relation?.property ?? key,
      read: readFrom(domain, field, relation),
      write: relation === undefined ? `values.${key}` : writtenTo(relation),
    };
  });
}

function writtenTo({ key, target }: RelationKey): string {
  return `values.${key} == null ? values.${key} : { ${target}: values.${key} }`;
}

/** The record's value as the domain has it: narrowed to the list of values, and null where it may be left out. */
function readFrom(domain: CrudDomain, field: CrudField, relation: RelationKey | undefined): string {
  const { key, isNullable, rowType, rules } = field;
  if (relation !== undefined)
    return isNullable
      ? `record.${relation.property}?.${relation.target} ?? null`
      : `record.${relation.property}.${relation.target}`;
  const isOptional =
    isNullable && field.kind !== 'json' && (!/\bnull\b/.test(rowType) || /\bundefined\b/.test(rowType));
  const value = isOptional ? `record.${key} ?? null` : `record.${key}`;
  // The members of an enum are its texts; a text may be any.
  if (rules.values === undefined || !/^string\b/.test(rowType)) return value;
  const narrowed = `${domain.names.singular.pascal}['${key}']`;
  return isOptional ? `(${value}) as ${narrowed}` : `${value} as ${narrowed}`;
}
