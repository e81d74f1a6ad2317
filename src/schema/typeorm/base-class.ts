import { ts } from '../compiler.cjs';
import type { TableDef } from '../../plan/database-schema.ts';
import type { EntityColumn } from '../../orm/typeorm/model.ts';
import type { BaseClass } from './draft.ts';
import { classesIn } from './read.ts';
import { bareName } from './inverse.ts';
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
  samples: readonly Sample[],
): KnownBase | undefined {
  const bases = samples.map((sample) => readBase(sample, className));
  const names = bases.map((base) => base?.name ?? '');
  const most = majority(names);
  if (most === undefined || most === '') return undefined;
  const wanted = new Set(table.columns.map(({ name }) => name));
  const fits = bases.filter(
    (base): base is KnownBase => base !== undefined && base.columns.every(({ column }) => wanted.has(column)),
  );
  const byName = (name: string | undefined) => fits.find((base) => base.name === name);
  return byName(most) ?? byName(majority(fits.map(({ name }) => name)));
}

function readBase({ source, entity }: Sample, className: string): KnownBase | undefined {
  const clause = source.node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const [type] = clause?.types ?? [];
  if (type === undefined || !ts.isIdentifier(type.expression)) return undefined;
  const name = type.expression.text;
  const text = source.file.text.slice(type.getStart(source.file.ast), type.end);
  const line = source.file.imports.find((each) => each.names?.items.some(({ alias }) => alias === name));
  const isHere = classesIn(source.file).some((each) => each.name === name);
  if (line === undefined && !isHere) return undefined;
  if (isOfNeighbour(text.slice(name.length), source.name)) return undefined;
  const own = new Set(source.members.map((member) => member.name));
  return {
    name,
    text: text.replace(new RegExp(`\\b${source.name}\\b`, 'g'), className),
    path: isHere ? source.file.path : line?.path,
    module: line?.path === undefined ? line?.module : undefined,
    columns: entity.columns.filter(
      (column) =>
        column.declaredIn !== entity.name && !column.property.includes('.') && !own.has(column.property),
    ),
  };
}

/** Type arguments that are the neighbour's alone (`PostDto` of `Post`): nobody knows what they are for another class. */
function isOfNeighbour(given: string, className: string): boolean {
  const bare = bareName(className);
  return (given.match(/[A-Za-z_$][\w$]*/g) ?? []).some((word) => word !== className && word.includes(bare));
}
