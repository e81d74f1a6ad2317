import { stringLiteral } from '../literals.ts';
import type { FileStyle } from '../source-file.ts';
import type { ColumnSpec, Option } from './column-spec.ts';
import type { ColumnConvention, MemberConvention } from './conventions.ts';

/** A member of a class, in parts: what stands above or before it, and the property. */
export interface MemberText {
  readonly decorators: readonly string[];
  readonly property: string;
}

export interface TextContext {
  readonly style: FileStyle;
  readonly width: number;
  /** What the file calls a decorator of TypeORM; imports it. */
  readonly nameOf: (decorator: string) => string;
  /** The same for a type. */
  readonly typeOf: (name: string) => string;
}

/** `@Column('varchar', { length: 100 })` or `@Column({ type: 'varchar', length: 100 })`, as the neighbours have it. */
export function columnDecorators(
  spec: ColumnSpec,
  name: string | undefined,
  convention: ColumnConvention,
  context: TextContext,
): readonly string[] {
  const { quote } = context.style;
  const type = spec.type === undefined ? undefined : stringLiteral(spec.type, quote);
  const isArgument =
    type !== undefined &&
    convention.typeForm(spec.type ?? '') === 'argument' &&
    /^(Primary)?Column$/.test(spec.decorator) &&
    fitsArgument(spec);
  const first = isArgument ? type : spec.strategy;
  const named: readonly Option[] = name === undefined ? [] : [['name', stringLiteral(name, quote)]];
  const typed: readonly Option[] = type === undefined || isArgument ? [] : [['type', type]];
  const options = [
    ...(convention.isNameFirst ? [...named, ...typed] : [...typed, ...named]),
    ...spec.options,
  ];
  const text = callText(spec.decorator, first, options, { ...context, isBroken: convention.isBroken });
  return [
    text,
    ...(spec.generated === undefined
      ? []
      : [`@${context.nameOf('Generated')}(${stringLiteral(spec.generated, quote)})`]),
  ];
}

/** Whether the overloads of @Column that begin with the type take these options. */
function fitsArgument({ type, options }: ColumnSpec): boolean {
  const keys = options.map(([key]) => key);
  if (keys.some((key) => /^(generatedType|asExpression|spatialFeatureType|srid)$/.test(key))) return false;
  if (
    keys.includes('length') &&
    !/^(varchar|character varying|char|character|vector|halfvec)$/.test(type ?? '')
  )
    return false;
  const isPrecise =
    /^(numeric|decimal|real|double precision|timestamp|time|(timestamp|time) with(out)? time zone)$/;
  return !keys.includes('precision') || isPrecise.test(type ?? '');
}

/** A decorator with an argument and options: on one line unless it is too long, or the project breaks options. */
export function callText(
  decorator: string,
  first: string | undefined,
  options: readonly Option[],
  context: TextContext & { readonly isBroken?: boolean },
): string {
  const head = `@${context.nameOf(decorator)}(`;
  const object = optionsText(
    options,
    context,
    head.length + (first === undefined ? 0 : first.length + 2) + 1,
  );
  return `${head}${[first, object].filter((each) => each !== undefined).join(', ')})`;
}

/** Options as an object literal, from a place so far from the margin of its member; undefined for none. */
export function optionsText(
  options: readonly Option[],
  { style, width, isBroken }: Pick<TextContext, 'style' | 'width'> & { readonly isBroken?: boolean },
  before: number,
): string | undefined {
  if (options.length === 0) return undefined;
  const pairs = options.map(([key, value]) => `${key}: ${value}`);
  const line = `{ ${pairs.join(', ')} }`;
  const isLong =
    style.indent.length + before + line.length > width || (isBroken === true && options.length > 1);
  if (!isLong) return line;
  const { eol, indent, trailingComma } = style;
  return `{${eol}${pairs.map((pair) => `${indent}${pair}`).join(`,${eol}`)}${trailingComma}${eol}}`;
}

/** `name!: string | null;` */
export function propertyText(
  name: string,
  type: string,
  { isNullable, convention, style }: { isNullable: boolean; convention: MemberConvention; style: FileStyle },
): string {
  const mark = isNullable ? convention.nullableMark : convention.mark;
  return `${convention.modifiers}${name}${mark}: ${type}${isNullable ? convention.nullableType : ''}${style.semicolon}`;
}

/** The lines of a member, indented; decorators above the property, or before it on its line. */
export function memberLines(
  member: MemberText,
  convention: MemberConvention,
  { indent, eol }: FileStyle,
): string {
  const isOneLine =
    convention.isOneLine && member.decorators.length === 1 && !member.decorators[0]!.includes('\n');
  const parts = isOneLine
    ? [`${member.decorators[0]} ${member.property}`]
    : [...member.decorators, member.property];
  return parts.map((part) => indented(part, indent, eol)).join(eol);
}

/** Every line of a text one step in. */
export function indented(text: string, indent: string, eol: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => (line === '' ? line : indent + line))
    .join(eol);
}
