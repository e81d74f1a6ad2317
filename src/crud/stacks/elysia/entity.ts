import { rowTypeOf } from '../../row-type.ts';
import { stringLiteral } from '../../../schema/literals.ts';
import { plural } from '../../../schema/word-names.ts';
import { toCase } from '../../../schema/case.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';
import { scalarRowType } from '../../validation/typebox.ts';

/** A property of the entity, and what its type is called. */
export interface EntityField {
  readonly field: CrudField;
  /** `OrderItemPrice`; undefined where the plain type says enough. */
  readonly typeName: string | undefined;
  /** The name of the list of its values: `ORDER_ITEM_STATUSES`. */
  readonly valuesName: string | undefined;
  /** The type within the entity: `OrderItemPrice | null`. */
  readonly type: string;
  /** The type of a value that is not in an entity yet: `string | null`. */
  readonly plainType: string;
}

/** Names that the port gives to other things. */
const TAKEN = /^(page|query|filter|sortField|repository)$/;

/** The readable fields of a domain, and those that can only be given, with their types. */
export function entityFields({ names, fields }: CrudDomain): readonly EntityField[] {
  const lists = new Set<string>();
  return fields
    .filter(({ kind }) => kind !== 'opaque')
    .map((field) => {
      const { valuesName, ...entityField } = entityFieldOf(field, names.singular.pascal);
      const free = valuesName !== undefined && lists.has(valuesName) ? `${valuesName}_VALUES` : valuesName;
      if (free !== undefined) lists.add(free);
      return { ...entityField, valuesName: free };
    });
}

function entityFieldOf(field: CrudField, entity: string): EntityField {
  const { key, isArray, isNullable, rules } = field;
  const suffix = toCase(key, 'pascal') + (TAKEN.test(key) ? 'Value' : '');
  const hasValues = rules.values !== undefined;
  const base = baseType(field);
  const isNamed = hasValues || (!isArray && /^(string|number|bigint)$/.test(base));
  const typeName = isNamed ? `${entity}${suffix}` : undefined;
  const one = hasValues ? typeName! : base;
  const plain = isArray ? (one.includes(' ') ? `(${one})[]` : `${one}[]`) : one;
  const branded = isArray ? plain : (typeName ?? plain);
  const orNull = (type: string): string => (isNullable && type !== 'unknown' ? `${type} | null` : type);
  return {
    field,
    typeName,
    valuesName: hasValues ? toCase(`${entity}_${plural(suffix)}`, 'snake').toUpperCase() : undefined,
    type: orNull(branded),
    plainType: orNull(plain),
  };
}

/** What one value is in the code. A type that only the schema's source knows is taken for what it is based on. */
function baseType(field: CrudField): string {
  const type = scalarRowType(field);
  return /^(string|number|bigint|boolean|Date)$/.test(type)
    ? type
    : rowTypeOf(field.kind, false, { orm: 'drizzle', values: undefined });
}

/** The declarations of the types that an entity has for its fields. */
export function typeDeclarations(fields: readonly EntityField[]): readonly string[] {
  return fields.flatMap(({ field, typeName, valuesName }) => {
    if (typeName === undefined) return [];
    return valuesName === undefined
      ? [`export type ${typeName} = ${baseType(field)} & { readonly __brand: '${typeName}' };`]
      : [`export type ${typeName} = (typeof ${valuesName})[number];`];
  });
}

/** The lists of values that fields are limited to. */
export function valueLists(fields: readonly EntityField[]): readonly string[] {
  return fields.flatMap(({ field, valuesName }) =>
    valuesName === undefined
      ? []
      : [
          `export const ${valuesName} = [${field.rules.values!.map((value) => stringLiteral(value, "'")).join(', ')}] as const;`,
        ],
  );
}

/** Whether a row's value has to be cast to be the entity's: those of an enum are of its type already. */
export function isCast({ field, typeName }: EntityField): boolean {
  return typeName !== undefined && field.kind !== 'enum';
}
