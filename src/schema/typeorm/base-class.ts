import { ts } from '../compiler.cjs';
import type { TableDef } from '../../plan/database-schema.ts';
import type { EntityColumn } from '../../orm/typeorm/model.ts';
import type { BaseClass } from './draft.ts';
import type { Entities } from './entities.ts';
import { classesIn } from './read.ts';
import { bareName } from './bare-name.ts';
import type { Sample } from './samples.ts';
import { majority } from './vote.ts';

/** A base class that neighbours extend, with the columns that come from it. */
export interface KnownBase extends BaseClass {
  readonly columns: readonly EntityColumn[];
}

/**
 * The base that a new class extends: the one that most neighbours have and whose columns the table is to have too. One
 * that would add a column nobody asked for is passed over.
 */
export function baseFor(
  table: TableDef,
  className: string,
  { samples, classNamed }: { readonly samples: readonly Sample[] } & Pick<Entities, 'classNamed'>,
): KnownBase | undefined {
  const bases = samples.map((sample) => readBase(sample, className));
  const most = majority(bases.map((base) => base?.name ?? ''));
  if (most === undefined || most === '') return undefined;
  const wanted = new Set(table.columns.map(({ name }) => name));
  const fits = bases.filter(
    (base): base is ReadBase => base !== undefined && base.columns.every(({ column }) => wanted.has(column)),
  );
  const usable = fits.flatMap((base) => {
    const text = textFor(base, { bases, className, classNamed });
    return text === undefined ? [] : [{ ...base, text }];
  });
  const byName = (name: string | undefined) => usable.find((base) => base.name === name);
  return byName(most) ?? byName(majority(usable.map(({ name }) => name)));
}

/** A base as one neighbour extends it. */
interface ReadBase extends KnownBase {
  /** The neighbour's class. */
  readonly of: string;
  /** Type arguments, the neighbour's name replaced; empty without. */
  readonly given: string;
}

function readBase({ source, entity }: Sample, className: string): ReadBase | undefined {
  const clause = source.node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  if (type === undefined || !ts.isIdentifier(type.expression)) return undefined;
  const name = type.expression.text;
  const text = source.file.text.slice(type.getStart(source.file.ast), type.end);
  const line = source.file.imports.find((each) => each.names?.items.some(({ alias }) => alias === name));
  const isHere = classesIn(source.file).some((each) => each.name === name);
  if (line === undefined && !isHere) return undefined;
  const own = new Set(source.members.map((member) => member.name));
  const replaced = text.replace(new RegExp(`\\b${source.name}\\b`, 'g'), className);
  return {
    name,
    text: replaced,
    of: source.name,
    given: replaced.slice(name.length).replaceAll(/\s+/g, ''),
    path: isHere ? source.file.path : line?.path,
    module: line?.path === undefined ? line?.module : undefined,
    columns: entity.columns.filter(
      (column) =>
        column.declaredIn !== entity.name && !column.property.includes('.') && !own.has(column.property),
    ),
  };
}

/**
 * What a new class extends: with the type arguments that all neighbours give, without those that each gives for itself
 * where the base has defaults for them; undefined where nobody knows what they are for another class.
 */
function textFor(
  base: ReadBase,
  {
    bases,
    className,
    classNamed,
  }: { readonly bases: readonly (ReadBase | undefined)[]; readonly className: string } & Pick<
    Entities,
    'classNamed'
  >,
): string | undefined {
  if (base.given === '') return base.text;
  const alike = bases.filter((other) => other?.name === base.name);
  const isCommon = alike.every((other) => other?.given === base.given);
  const isKnown = alike.length > 1 || namesIn(base.given).every((word) => word === className);
  if (isCommon && isKnown) return base.text;
  const parameters = classNamed(base.name)?.node.typeParameters;
  if (parameters?.every((each) => each.default !== undefined) === true) return base.name;
  return isCommon && !isOfNeighbour(base, className) ? base.text : undefined;
}

/** Names in type arguments that are no words of the language. */
function namesIn(given: string): readonly string[] {
  const words = given.match(/[A-Za-z_$][\w$]*/g) ?? [];
  return words.filter(
    (word) => !/^(string|number|bigint|boolean|unknown|any|never|null|undefined)$/.test(word),
  );
}

/** Type arguments that are the neighbour's alone (`PostDto` of `Post`). */
function isOfNeighbour({ given, of }: ReadBase, className: string): boolean {
  const bare = bareName(of);
  return namesIn(given).some((word) => word !== className && word.includes(bare));
}
