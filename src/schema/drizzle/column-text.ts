import type { ColumnDef, IdentityDef, ReferentialAction } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import { type BuilderStyle, columnBuilder, type TypeFamily, type TypeNames } from './column-types.ts';
import { defaultModifier } from './defaults.ts';
import { dataLiteral, type Quote, sqlTemplate, stringLiteral } from '../literals.ts';

/** The order in which this project writes `.notNull()` and the default; the seed example mixes both. */
export interface ColumnStyle extends BuilderStyle {
  /** Where `.defaultNow()` and `.defaultRandom()` stand. */
  readonly shortDefault: 'before-not-null' | 'after-not-null';
  /** Where `.default(…)` stands. */
  readonly valueDefault: 'before-not-null' | 'after-not-null';
  /** Where `.primaryKey()` stands, seen from a default. */
  readonly key: 'before-default' | 'after-default';
  /** What the file calls drizzle's `sql`. */
  readonly sqlTag?: string | undefined;
}

export interface ColumnReference {
  /** What the arrow returns: `users.id`. */
  readonly target: string;
  /** A reference that closes a cycle needs `(): AnyPgColumn =>`, or TypeScript goes round in circles. */
  readonly annotation?: string | undefined;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export interface ColumnInput {
  readonly column: ColumnDef;
  /** The database name to print; undefined where it is left out. */
  readonly name: string | undefined;
  readonly style: ColumnStyle;
  readonly names: TypeNames;
  readonly primaryKey: 'column' | 'none';
  /** A unique constraint written on the column; `name` only when it is not the derived one. */
  readonly unique?: { readonly name?: string | undefined; readonly nullsNotDistinct: boolean } | undefined;
  readonly references?: ColumnReference | undefined;
}

/** A column as source: `builder` and its modifiers, apart, so that long ones can be broken over lines. */
export interface ColumnText {
  readonly builder: string;
  readonly modifiers: readonly string[];
  /** Names of drizzle-orm/pg-core that the text uses. */
  readonly imports: readonly string[];
  /** The project's enum or customType that the text uses. */
  readonly variable?: string | undefined;
  readonly needsSql: boolean;
}

/** Types that are NOT NULL of themselves in drizzle. */
const SERIAL = /^(small|big)?serial$/;

/**
 * Writes a column: builder, `.primaryKey()`, `.notNull()`, default, identity, generated, `.unique()`, `.references()`.
 * Throws TableplanError `plan-not-supported` for a type without a builder.
 *
 * @example columnText({ column: price, name: 'price', … }) // { builder: "integer('price')", modifiers: ['.notNull()'], … }
 */
export function columnText(input: ColumnInput): ColumnText {
  const { column, style } = input;
  const type = parseType(column.type);
  const builder = columnBuilder(type, input.name, style, input.names);
  const isImplied = input.primaryKey === 'column' || SERIAL.test(type.name) || column.identity !== undefined;
  const core = valueModifiers(
    column,
    builder.family,
    style,
    column.notNull && !isImplied ? ['.notNull()'] : [],
  );
  const key = input.primaryKey === 'column' ? ['.primaryKey()'] : [];
  const modifiers = [
    ...(style.key === 'after-default' ? [...core.modifiers, ...key] : [...key, ...core.modifiers]),
    ...(column.identity ? [identityModifier(column.identity, style.quote)] : []),
    ...(column.generated === undefined ? [] : [generatedModifier(column.generated, style.sqlTag)]),
    ...(input.unique ? [uniqueModifier(input.unique, style.quote)] : []),
    ...(input.references ? [referencesModifier(input.references, style.quote)] : []),
  ];
  return {
    builder: builder.text,
    modifiers,
    imports: builder.imports,
    variable: builder.variable,
    needsSql: core.needsSql || column.generated !== undefined,
  };
}

function valueModifiers(
  column: ColumnDef,
  family: TypeFamily,
  style: ColumnStyle,
  notNull: readonly string[],
) {
  if (column.default === undefined) return { modifiers: notNull, needsSql: false };
  const type = parseType(column.type);
  const { text, needsSql } = defaultModifier({
    expression: column.default,
    type,
    family,
    quote: style.quote,
    sqlTag: style.sqlTag,
  });
  const isShort = text === '.defaultNow()' || text === '.defaultRandom()';
  const position = isShort ? style.shortDefault : style.valueDefault;
  const written = text === '' ? [] : [text];
  return {
    modifiers: position === 'before-not-null' ? [...written, ...notNull] : [...notNull, ...written],
    needsSql,
  };
}

/** `.generatedAlwaysAsIdentity({ startWith: 100 })`; without options where the plan gives none. */
function identityModifier(identity: IdentityDef, quote: Quote): string {
  const options = {
    startWith: numberOrText(identity.start),
    increment: numberOrText(identity.increment),
    minValue: numberOrText(identity.min),
    maxValue: numberOrText(identity.max),
    cache: numberOrText(identity.cache),
    cycle: identity.cycle === true ? true : undefined,
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const argument = Object.keys(given).length === 0 ? '' : dataLiteral(given, quote);
  return `.generated${identity.always ? 'Always' : 'ByDefault'}AsIdentity(${argument})`;
}

/** Column names stay plain SQL: interpolated columns are written with their table, which Postgres refuses here. */
function generatedModifier(expression: string, sqlTag: string | undefined): string {
  return `.generatedAlwaysAs(${sqlTemplate(expression, sqlTag)})`;
}

/** `.unique()`, with a name and NULLS NOT DISTINCT where they are asked for. */
export function uniqueModifier(unique: NonNullable<ColumnInput['unique']>, quote: Quote): string {
  const name = unique.name === undefined ? undefined : stringLiteral(unique.name, quote);
  if (!unique.nullsNotDistinct) return `.unique(${name ?? ''})`;
  return `.unique(${name ?? 'undefined'}, ${dataLiteral({ nulls: 'not distinct' }, quote)})`;
}

/** `.references(() => users.id, { onDelete: 'cascade' })`; NO ACTION is left out, as it is the default. */
export function referencesModifier(reference: ColumnReference, quote: Quote): string {
  const arrow = reference.annotation === undefined ? '()' : `(): ${reference.annotation}`;
  const options = referentialOptions(reference, quote);
  return `.references(${arrow} => ${reference.target}${options === '' ? '' : `, ${options}`})`;
}

/** `{ onDelete: 'cascade' }`, '' when both actions are NO ACTION. */
export function referentialOptions(
  actions: Pick<ColumnReference, 'onDelete' | 'onUpdate'>,
  quote: Quote,
): string {
  const { onDelete, onUpdate } = actions;
  const given = {
    ...(onDelete === 'no action' ? {} : { onDelete }),
    ...(onUpdate === 'no action' ? {} : { onUpdate }),
  };
  return Object.keys(given).length === 0 ? '' : dataLiteral(given, quote);
}

/** drizzle takes numbers or strings; beyond what a JavaScript number holds, the string. */
function numberOrText(value: string | undefined): number | string | undefined {
  if (value === undefined) return undefined;
  return String(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
