import { TableplanError } from '../../errors.ts';
import type { ColumnDef, ObjectName } from '../../plan/database-schema.ts';
import { type PgType, parseType } from '../../postgres/sql.ts';
import { stringLiteral } from '../literals.ts';
import { defaultText } from './default-text.ts';
import { derivedEnumName, type FindEnum } from './enum-refs.ts';
import { isGeneratedUuid } from './generated-uuid.ts';
import type { ColumnConvention } from './conventions.ts';
import type { KeyType } from './key-types.ts';
import { modifierOptions, propertyType, typeWord, underSerial } from './type-words.ts';

/** A column in TypeORM's words, not yet as text: options in the order in which they are written. */
export interface ColumnSpec {
  readonly decorator:
    | 'Column'
    | 'PrimaryColumn'
    | 'PrimaryGeneratedColumn'
    | 'CreateDateColumn'
    | 'UpdateDateColumn'
    | 'DeleteDateColumn';
  /** First argument of @PrimaryGeneratedColumn, as text. */
  readonly strategy: string | undefined;
  /** Undefined where reflection or the decorator gives it. */
  readonly type: string | undefined;
  readonly options: readonly Option[];
  /** The property's type, without null. */
  readonly propertyType: string;
  /** `@Generated('increment')` or `('uuid')` beside it. */
  readonly generated: string | undefined;
}

export type Option = readonly [key: string, value: string];

export interface SpecContext {
  readonly path: string;
  readonly table: ObjectName;
  readonly convention: ColumnConvention;
  readonly quote: "'" | '"';
  readonly enumRef: FindEnum;
  readonly isPrimary: boolean;
  /** The key's name where it must be written. */
  readonly keyName?: string | undefined;
  readonly isUnique?: boolean | undefined;
  /** The type that the project's keys have, where the column is one or refers to one. */
  readonly keyType?: Pick<KeyType, 'text' | 'isUntyped'> | undefined;
}

/** Says how TypeORM writes a column. Throws `plan-not-supported` for what it has no words for. */
export function columnSpec(def: ColumnDef, context: SpecContext): ColumnSpec {
  const type = parseType(def.type);
  const date = dateDecorator(def, type, context);
  if (date !== undefined) return date;
  const generated = generatedSpec(def, type, context);
  if (generated !== undefined) return generated;
  const { word, options, property } = typeParts(def, type, context);
  const isUntyped = word !== undefined && leavesType(def, type, property, context);
  return {
    decorator: context.isPrimary ? 'PrimaryColumn' : 'Column',
    strategy: undefined,
    type: isUntyped ? undefined : word,
    options: [...options, ...restOptions(def, type, context)],
    propertyType: property,
    generated: undefined,
  };
}

/** Type, modifiers, array and enum of a column. */
export function typeParts(
  def: ColumnDef,
  type: PgType,
  { enumRef, path, table, convention, quote, keyType }: SpecContext,
): { word: string; options: readonly Option[]; property: string } {
  const many = type.arrayDims > 0;
  const arrays: readonly Option[] = many ? [['array', 'true']] : [];
  const known = enumRef({ schema: type.schema ?? 'public', name: type.name });
  if (known !== undefined) {
    const used = known.useIn(path);
    const isDerived = type.name === derivedEnumName(table.name, def.name);
    const name: readonly Option[] = isDerived ? [] : [['enumName', stringLiteral(type.name, quote)]];
    const property = many ? (/[|\s]/.test(used.type) ? `(${used.type})[]` : `${used.type}[]`) : used.type;
    return { word: 'enum', options: [['enum', used.expression], ...name, ...arrays], property };
  }
  refuseIntervalFields(type);
  const one = keyType?.text ?? convention.propertyTypes.get(type.name) ?? propertyType(type);
  return {
    word: convention.words.get(type.name) ?? typeWord(type),
    options: [...modifierOptions(type), ...arrays],
    property: many ? `${one}[]` : one,
  };
}

function refuseIntervalFields(type: PgType): void {
  if (type.intervalFields === undefined) return;
  throw new TableplanError('plan-not-supported', `TypeORM cannot express the type ${type.text}`, {
    hint: 'Choose interval without fields, or add the column in a migration by hand.',
  });
}

/** `@Column()` where neighbours leave the type to reflection, and reflection would say it: no union, no array. */
function leavesType(
  def: ColumnDef,
  type: PgType,
  property: string,
  { convention, keyType }: SpecContext,
): boolean {
  const reflected: Readonly<Record<string, string>> = {
    varchar: 'string',
    integer: 'number',
    boolean: 'boolean',
    timestamp: 'Date',
  };
  const isReflected = keyType === undefined ? reflected[type.name] === property : keyType.isUntyped;
  return convention.untyped.has(type.name) && def.notNull && type.arrayDims === 0 && isReflected;
}

function restOptions(def: ColumnDef, type: PgType, context: SpecContext): Option[] {
  const { isUnique, keyName, quote } = context;
  const value = def.default === undefined ? undefined : columnDefault(def, type, context);
  return [
    ...nullableOption(def, context),
    ...(isUnique === true ? [['unique', 'true'] as const] : []),
    ...(value === undefined ? [] : [['default', value] as const]),
    ...(def.generated === undefined
      ? []
      : [
          ['generatedType', stringLiteral('STORED', quote)] as const,
          ['asExpression', stringLiteral(def.generated, quote)] as const,
        ]),
    ...(def.description === undefined ? [] : [['comment', stringLiteral(def.description, quote)] as const]),
    ...keyNameOption(keyName, quote),
  ];
}

function nullableOption({ notNull }: ColumnDef, { isPrimary, convention }: SpecContext): readonly Option[] {
  if (isPrimary) return [];
  if (!notNull) return [['nullable', 'true']];
  return convention.writesNotNull ? [['nullable', 'false']] : [];
}

function keyNameOption(keyName: string | undefined, quote: "'" | '"'): readonly Option[] {
  return keyName === undefined ? [] : [['primaryKeyConstraintName', stringLiteral(keyName, quote)]];
}

/** The default of a column, an enum's by its member. */
export function columnDefault(
  def: ColumnDef,
  type: PgType,
  { enumRef, path, quote }: SpecContext,
): string | undefined {
  const known = enumRef({ schema: type.schema ?? 'public', name: type.name });
  return defaultText(def.default!, type, quote, known?.useIn(path).member);
}

/** `@CreateDateColumn` and its like where the neighbours have one for a column of this name, and now() is its default. */
function dateDecorator(def: ColumnDef, type: PgType, context: SpecContext): ColumnSpec | undefined {
  const decorator = context.convention.dates.get(def.name) as ColumnSpec['decorator'] | undefined;
  if (decorator === undefined || !type.name.startsWith('timestamp')) return undefined;
  const isDeletion = decorator === 'DeleteDateColumn';
  const hasNow = def.default !== undefined && /^(now\(\)|current_timestamp)$/i.test(def.default.trim());
  if (isDeletion ? def.notNull || def.default !== undefined : !def.notNull || !hasNow) return undefined;
  return {
    decorator,
    strategy: undefined,
    type: type.name === 'timestamp' ? undefined : (context.convention.words.get(type.name) ?? typeWord(type)),
    options: modifierOptions(type),
    propertyType: context.convention.propertyTypes.get(type.name) ?? 'Date',
    generated: undefined,
  };
}

/** Keys that the database makes: serial, identity, uuid. */
function generatedSpec(def: ColumnDef, type: PgType, context: SpecContext): ColumnSpec | undefined {
  const under = underSerial(type) ?? (/^nextval\(/i.test(def.default ?? '') ? type : undefined);
  if (def.identity !== undefined) return identitySpec(def, type, context);
  if (under !== undefined) return serialSpec(def, under, context);
  const isUuid = type.name === 'uuid' && type.arrayDims === 0 && isGeneratedUuid(def.default);
  if (!isUuid) return undefined;
  const uuid = stringLiteral('uuid', context.quote);
  return context.isPrimary ? keySpec(uuid, type, [], context) : generatedColumn(def, type, context);
}

/** `@Column() @Generated('uuid')` */
function generatedColumn(def: ColumnDef, type: PgType, context: SpecContext): ColumnSpec {
  const { convention, keyType } = context;
  return {
    decorator: 'Column',
    strategy: undefined,
    type: convention.words.get(type.name) ?? typeWord(type),
    options: restOptions({ ...def, default: undefined }, type, context),
    propertyType: keyType?.text ?? convention.propertyTypes.get(type.name) ?? propertyType(type),
    generated: 'uuid',
  };
}

function serialSpec(def: ColumnDef, type: PgType, context: SpecContext): ColumnSpec {
  const { convention, quote } = context;
  const options: Option[] = type.name === 'integer' ? [] : [['type', stringLiteral(typeWord(type), quote)]];
  if (context.isPrimary) return keySpec(undefined, type, options, context);
  return {
    decorator: 'Column',
    strategy: undefined,
    type: convention.words.get(type.name) ?? typeWord(type),
    options: restOptions({ ...def, default: undefined, notNull: true }, type, context),
    propertyType: convention.propertyTypes.get(type.name) ?? propertyType(type),
    generated: 'increment',
  };
}

function identitySpec(def: ColumnDef, type: PgType, context: SpecContext): ColumnSpec {
  const { identity } = def;
  const hasMore = Object.entries(identity ?? {}).some(
    ([key, value]) => key !== 'always' && value !== undefined,
  );
  if (!context.isPrimary || hasMore)
    throw new TableplanError(
      'plan-not-supported',
      `TypeORM cannot express ${hasMore ? 'the sequence options of' : 'an identity that is no primary key:'} ${def.name}`,
      { hint: 'Leave the options out, or use serial.' },
    );
  const { quote } = context;
  const options: Option[] = [
    ...(type.name === 'integer' ? [] : [['type', stringLiteral(typeWord(type), quote)] as const]),
    ['generatedIdentity', stringLiteral(identity?.always === true ? 'ALWAYS' : 'BY DEFAULT', quote)],
  ];
  return keySpec(stringLiteral('identity', quote), type, options, context);
}

function keySpec(
  strategy: string | undefined,
  type: PgType,
  options: readonly Option[],
  { convention, keyName, keyType, quote }: SpecContext,
): ColumnSpec {
  return {
    decorator: 'PrimaryGeneratedColumn',
    strategy,
    type: undefined,
    options: [...options, ...keyNameOption(keyName, quote)],
    propertyType: keyType?.text ?? convention.propertyTypes.get(type.name) ?? propertyType(type),
    generated: undefined,
  };
}
