import { toCase } from '../case.ts';
import type { EntityModel } from '../../orm/typeorm/model.ts';
import type { ColumnNaming } from './editing.ts';
import type { MemberModel } from './model.ts';
import { argumentsOf, keysOf, stringOf } from './snippet.ts';
import { decoratorNamed, isColumn, isRelation } from './read.ts';
import { optionOf, optionsOf } from './options.ts';
import { columnsOf, type Sample, type SampleColumn } from './samples.ts';
import { normalName, PLAIN_TYPE } from './type-words.ts';
import { majority } from './vote.ts';

/** How properties are written around a place. */
export interface MemberConvention {
  readonly mark: '!' | '?' | '';
  readonly nullableMark: '!' | '?' | '';
  /** What a nullable property's type has behind it. */
  readonly nullableType: ' | null' | ' | undefined' | '';
  /** `public `, `readonly `, or nothing. */
  readonly modifiers: string;
  /** Decorators stand on the property's line. */
  readonly isOneLine: boolean;
  /** Blank lines part the members. */
  readonly isApart: boolean;
}

type TypeForm = 'argument' | 'option';

/** How columns are written. */
export interface ColumnConvention {
  /** Where a type of that name stands: the first argument, or the option `type`. */
  readonly typeForm: (type: string) => TypeForm;
  /** Words for types, by their usual name: `timestamptz` → `timestamp with time zone`. */
  readonly words: ReadonlyMap<string, string>;
  /** Types that are left to reflection, by their usual name. */
  readonly untyped: ReadonlySet<string>;
  /** TypeScript types of properties, by the usual name of the column's. */
  readonly propertyTypes: ReadonlyMap<string, string>;
  /** `name:` stands even where the property is called so. */
  readonly writesName: boolean;
  readonly isNameFirst: boolean;
  /** `nullable: false` stands although it need not. */
  readonly writesNotNull: boolean;
  /** Options stand on lines of their own. */
  readonly isBroken: boolean;
  /** `@CreateDateColumn` and its like, by the name of the column. */
  readonly dates: ReadonlyMap<string, string>;
  /** `unique: true` on the column, or `@Unique([...])` on the class. */
  readonly uniquePlace: 'column' | 'class';
  readonly indexPlace: 'property' | 'class';
  /** `@Index()` of a property stands behind its column's decorator. */
  readonly isIndexLast: boolean;
}

/** Asks the class itself first, and its neighbours only where it is silent. */
function ask<T>(
  samples: readonly Sample[],
  question: (sample: Sample) => Iterable<T | undefined>,
): T | undefined {
  const [own, ...others] = samples;
  const answer = own && majority(question(own));
  return answer ?? majority(others.flatMap((sample) => [...question(sample)]));
}

/** `samples`: the class itself first, when it exists, then its neighbours. */
export function memberConvention(samples: readonly Sample[]): MemberConvention {
  const mark = ask(samples, (sample) =>
    columnsOf(sample)
      .filter(({ column, member }) => !column.isNullable && member.node.initializer === undefined)
      .map(({ member }) => member.mark),
  );
  const nullable = (sample: Sample) => columnsOf(sample).filter(({ column }) => column.isNullable);
  return {
    mark: mark ?? '!',
    nullableMark:
      ask(samples, (sample) => nullable(sample).map(({ member }) => member.mark)) ??
      (mark === undefined || mark === '?' ? '!' : mark),
    nullableType:
      ask(samples, (sample) => nullable(sample).map(({ member }) => nullableSuffix(member.type?.text))) ??
      ' | null',
    modifiers:
      ask(samples, (sample) => columnsOf(sample).map(({ member }) => spaced(member.modifiers))) ?? '',
    isOneLine:
      ask(samples, (sample) => sample.source.members.map((member) => isOneLine(sample, member))) ?? false,
    isApart: ask(samples, apartness) ?? true,
  };
}

function spaced(modifiers: string): string {
  return modifiers === '' ? '' : `${modifiers} `;
}

function nullableSuffix(type: string | undefined): MemberConvention['nullableType'] | undefined {
  if (type === undefined) return undefined;
  if (/\|\s*null\b|\bnull\s*\|/.test(type)) return ' | null';
  return /\|\s*undefined\b/.test(type) ? ' | undefined' : '';
}

function isOneLine({ source }: Sample, member: MemberModel): boolean | undefined {
  const first = member.decorators[0];
  if (first === undefined) return undefined;
  return !source.file.text.slice(first.start, member.nameSpan.start).includes('\n');
}

function apartness({ source }: Sample): (boolean | undefined)[] {
  return source.members.slice(1).map((member, index) => {
    const between = source.file.text.slice(source.members[index]!.end, member.start);
    return /\n[ \t]*\r?\n/.test(between);
  });
}

export function columnConvention(samples: readonly Sample[], naming: ColumnNaming): ColumnConvention {
  return {
    typeForm: typeForms(samples),
    words: byName(samples, ({ member }) => typeOf(columnDecorator(member))?.word),
    untyped: untypedNames(samples),
    propertyTypes: byName(samples, ({ member }) => plainType(member.type?.text)),
    writesName:
      ask(samples, (sample) => columnsOf(sample).flatMap((each) => writesName(each, naming))) ?? false,
    isNameFirst: ask(samples, (sample) => columnsOf(sample).map(({ member }) => isNameFirst(member))) ?? true,
    writesNotNull: ask(samples, (sample) => columnsOf(sample).map(writesNotNull)) ?? false,
    isBroken: ask(samples, (sample) => columnsOf(sample).map(({ member }) => isBroken(member))) ?? false,
    dates: dateColumns(samples),
    uniquePlace: ask(samples, uniquePlaces) ?? 'column',
    indexPlace: ask(samples, indexPlaces) ?? 'class',
    isIndexLast: ask(samples, (sample) => sample.source.members.map(isIndexLast)) ?? false,
  };
}

function columnDecorator(member: MemberModel): string | undefined {
  const decorator = decoratorNamed(member, /Column$/);
  return decorator?.text;
}

function typeOf(decorator: string | undefined): { word: string; form: 'argument' | 'option' } | undefined {
  if (decorator === undefined) return undefined;
  const option = stringOf(optionOf(decorator, 'type'));
  if (option !== undefined) return { word: option, form: 'option' };
  const isGenerated = /^@(\w+\.)?PrimaryGeneratedColumn\b/.test(decorator);
  const argument = isGenerated ? undefined : stringOf(argumentsOf(decorator)?.[0]);
  return argument === undefined ? undefined : { word: argument, form: 'argument' };
}

function writtenTypes(samples: readonly Sample[]) {
  return samples.flatMap(columnsOf).flatMap(({ member }) => {
    const written = typeOf(decoratorNamed(member, /^(Column|PrimaryColumn)$/)?.text);
    return written === undefined ? [] : [{ ...written, name: normalName(written.word) }];
  });
}

/** A class may write `'uuid'` as an argument and `type: 'timestamptz'` as an option: each type is written as its like. */
function typeForms(samples: readonly Sample[]): ColumnConvention['typeForm'] {
  const [own, others] = [writtenTypes(samples.slice(0, 1)), writtenTypes(samples.slice(1))];
  const form = (among: typeof own) => majority(among.map((each) => each.form));
  const plain = own.filter(({ name }) => name !== 'enum');
  const isOneWay = plain.length > 1 && new Set(plain.map((each) => each.form)).size === 1;
  return (type) => {
    const alike = (among: typeof own) => among.filter(({ name }) => name === normalName(type));
    return (
      form(alike(own)) ??
      (isOneWay ? form(plain) : undefined) ??
      form(alike(others)) ??
      form(own) ??
      form(others) ??
      'option'
    );
  };
}

function byName(
  samples: readonly Sample[],
  read: (column: SampleColumn) => string | undefined,
): ReadonlyMap<string, string> {
  const votes = new Map<string, string[]>();
  for (const each of samples.flatMap(columnsOf)) {
    const said = read(each);
    const name = normalName(each.column.type);
    if (said !== undefined) votes.set(name, [...(votes.get(name) ?? []), said]);
  }
  return new Map([...votes].map(([name, said]) => [name, majority(said)!]));
}

/** Types whose columns mostly leave it to reflection. */
function untypedNames(samples: readonly Sample[]): ReadonlySet<string> {
  const says = new Map<string, boolean[]>();
  for (const { member, column } of samples.flatMap(columnsOf)) {
    const decorator = decoratorNamed(member, /^Column$/);
    if (decorator === undefined || column.isNullable) continue;
    const name = normalName(column.type);
    const isUntyped = typeOf(decorator.text) === undefined && optionsOf(decorator.text) !== 'opaque';
    says.set(name, [...(says.get(name) ?? []), isUntyped]);
  }
  const unseen =
    majority([...says.values()].flat()) === true ? REFLECTED.filter((name) => !says.has(name)) : [];
  return new Set([
    ...[...says].filter(([, said]) => majority(said) === true).map(([name]) => name),
    ...unseen,
  ]);
}

/** Types that reflection can say. */
const REFLECTED = ['varchar', 'integer', 'boolean', 'timestamp'];

/** A property's type without null, when a column of another meaning may have it too. */
function plainType(type: string | undefined): string | undefined {
  const bare = type?.replace(/\s*\|\s*(null|undefined)\b/g, '').trim();
  return bare !== undefined && PLAIN_TYPE.test(bare) ? bare : undefined;
}

/** Whether `name:` stands where it need not; silent where it must. */
function writesName({ member, column }: SampleColumn, naming: ColumnNaming): boolean[] {
  const decorator = decoratorNamed(member, /Column$/);
  if (decorator === undefined || needsName(member.name, column.column, naming)) return [];
  return [optionOf(decorator.text, 'name') !== undefined];
}

/** Whether a property gets its column's name only by `name:`. */
export function needsName(property: string, column: string, naming: ColumnNaming): boolean {
  switch (naming) {
    case 'default':
      return property !== column;
    case 'snake':
      return snake(property) !== column;
    case 'custom':
      return true;
  }
}

/** TypeORM's own snakeCase (util/StringUtils), which local naming strategies call. */
export function snake(text: string): string {
  return text
    .replace(/([A-Z])([A-Z])([a-z])/g, '$1_$2$3')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function writesNotNull({ member, column }: SampleColumn): boolean | undefined {
  const decorator = decoratorNamed(member, /^Column$/);
  if (decorator === undefined || column.isNullable || optionsOf(decorator.text) === 'opaque')
    return undefined;
  return optionOf(decorator.text, 'nullable') === 'false';
}

function isNameFirst(member: MemberModel): boolean | undefined {
  const decorator = columnDecorator(member);
  const options = decorator === undefined ? undefined : optionsOf(decorator);
  if (options === undefined || options === 'opaque') return undefined;
  const keys = keysOf(options.text)?.keys ?? [];
  const [name, type] = [keys.indexOf('name'), keys.indexOf('type')];
  return name === -1 || type === -1 ? undefined : name < type;
}

function isBroken(member: MemberModel): boolean | undefined {
  const decorator = columnDecorator(member);
  const options = decorator === undefined ? undefined : optionsOf(decorator);
  if (options === undefined || options === 'opaque') return undefined;
  return (keysOf(options.text)?.keys.length ?? 0) < 2 ? undefined : options.text.includes('\n');
}

function dateColumns(samples: readonly Sample[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { member, column } of samples.flatMap(columnsOf)) {
    const decorator = decoratorNamed(member, /^(Create|Update|Delete)DateColumn$/);
    if (decorator !== undefined && !found.has(column.column)) found.set(column.column, decorator.name);
  }
  return found;
}

function uniquePlaces(sample: Sample): ('column' | 'class' | undefined)[] {
  const onColumns = sample.source.members.filter(
    (member) => isColumn(member) && optionOf(columnDecorator(member) ?? '', 'unique') === 'true',
  );
  const onClass = sample.source.decorators.filter((each) => each.isTypeorm && each.name === 'Unique');
  const single = onClass.filter((each) => (each.text.match(/\[[^\]]*\]/)?.[0] ?? '').split(',').length === 1);
  return [...onColumns.map(() => 'column' as const), ...single.map(() => 'class' as const)];
}

function indexPlaces(sample: Sample): ('property' | 'class' | undefined)[] {
  const onMembers = sample.source.members.filter(
    (member) => (isColumn(member) || isRelation(member)) && decoratorNamed(member, /^Index$/) !== undefined,
  );
  const onClass = sample.source.decorators.filter((each) => each.isTypeorm && each.name === 'Index');
  const single = onClass.filter((each) => !/\[[^\]]*,[^\]]*\]/.test(each.text));
  return [...onMembers.map(() => 'property' as const), ...single.map(() => 'class' as const)];
}

/** Silent where a property has not both decorators. */
function isIndexLast({ decorators }: MemberModel): boolean | undefined {
  const at = (pattern: RegExp) => decorators.findIndex((each) => each.isTypeorm && pattern.test(each.name));
  const [index, column] = [at(/^Index$/), at(/Column$|^(Many|One)To(Many|One)$/)];
  return index === -1 || column === -1 ? undefined : index > column;
}

/** `camel`: properties of several words are in camelCase; `as-is`: they are called as their columns. */
export function propertyCase(entities: readonly EntityModel[]): 'camel' | 'as-is' {
  const votesOf = ({ columns }: EntityModel) =>
    columns
      .filter(({ isVirtual, property }) => !isVirtual && !property.includes('.'))
      .map(({ property, column }) => {
        if (!toCase(column, 'snake').includes('_')) return undefined;
        return property === column && column.includes('_') ? 'as-is' : 'camel';
      });
  const [own, ...others] = entities;
  return (own && majority(votesOf(own))) ?? majority(others.flatMap(votesOf)) ?? 'camel';
}

/** The property for a column. */
export function propertyFor(column: string, propertyCaseOf: 'camel' | 'as-is'): string {
  if (propertyCaseOf === 'as-is') return column;
  return /[a-z][A-Z]/.test(column) && !column.includes('_') ? column : toCase(column, 'camel');
}
