import { ts } from '../compiler.cjs';
import { parseText } from '../parse.ts';
import { sameExpression } from '../../postgres/sql.ts';
import type { CheckDef, IndexDef, UniqueDef } from '../../plan/database-schema.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { sameColumns } from './drafts.ts';
import type { ClassModel, DecoratorModel, MemberModel } from './model.ts';
import { optionOf } from './options.ts';
import { decoratorNamed } from './read.ts';
import { argumentsOf, itemsOf, stringOf } from './snippet.ts';

/** Where an index or constraint is written. */
export type ConstraintPlace =
  | { readonly kind: 'class'; readonly decorator: DecoratorModel }
  | { readonly kind: 'member'; readonly decorator: DecoratorModel; readonly member: MemberModel }
  | { readonly kind: 'option'; readonly decorator: DecoratorModel; readonly member: MemberModel };

/** The properties that a decorator lists: `['a', 'b']`, `(x) => [x.a, x.b]`, `(x) => ({ a: 1 })`. */
export function listedProperties(decorator: string): readonly string[] | undefined {
  const list = (argumentsOf(decorator) ?? []).find((argument) => /^\[|=>/.test(argument));
  if (list === undefined) return undefined;
  if (list.startsWith('[')) return itemsOf(list)?.flatMap((item) => stringOf(item) ?? []);
  return arrowProperties(list);
}

function arrowProperties(arrow: string): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) names.push(node.name.text);
    else if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) names.push(node.name.text);
    else ts.forEachChild(node, visit);
  };
  visit(parseText('snippet.ts', `(${arrow})`));
  return names;
}

/** The name that a decorator writes. */
export function writtenName(decorator: string): string | undefined {
  return stringOf(argumentsOf(decorator)?.[0]);
}

/** The columns (as they were) that properties stand for: a relation stands for its key. */
function columnsFor(draft: EntityDraft, properties: readonly string[]): readonly string[] {
  return properties.flatMap((property) => {
    const relation = draft.entity?.relations.find((each) => each.property === property);
    if (relation !== undefined) return relation.joinColumns;
    const column = draft.entity?.columns.find((each) => each.property === property);
    return column === undefined ? [] : [column.column];
  });
}

export function findIndex(
  draft: EntityDraft,
  source: ClassModel,
  dropped: { readonly index: IndexDef; readonly columns: readonly ColumnDraft[] },
): ConstraintPlace | undefined {
  const places = placesOf(source, /^Index$/).filter((place) => {
    const isUnique = optionOf(place.decorator.text, 'unique') === 'true';
    const hasWhere = optionOf(place.decorator.text, 'where') !== undefined;
    return isUnique === dropped.index.unique && hasWhere === (dropped.index.where !== undefined);
  });
  return pick(draft, places, { name: dropped.index.name, columns: dropped.columns });
}

export function findUnique(
  draft: EntityDraft,
  source: ClassModel,
  dropped: { readonly unique: UniqueDef; readonly columns: readonly ColumnDraft[] },
): ConstraintPlace | undefined {
  const options = source.members.flatMap((member): ConstraintPlace[] => {
    const decorator = decoratorNamed(member, /Column$/);
    const isUnique = decorator !== undefined && optionOf(decorator.text, 'unique') === 'true';
    return isUnique ? [{ kind: 'option', decorator, member }] : [];
  });
  const places = [...placesOf(source, /^Unique$/), ...options];
  return pick(draft, places, { name: dropped.unique.name, columns: dropped.columns });
}

export function findCheck(source: ClassModel, check: CheckDef): ConstraintPlace | undefined {
  const places = placesOf(source, /^Check$/);
  const isSame = (place: ConstraintPlace) => {
    const given = argumentsOf(place.decorator.text) ?? [];
    const expression = stringOf(given.at(-1));
    return expression !== undefined && sameExpression(expression, check.expression);
  };
  const named = places.find(({ decorator }) => {
    const given = argumentsOf(decorator.text) ?? [];
    return given.length > 1 && stringOf(given[0]) === check.name;
  });
  return named ?? places.find(isSame);
}

function placesOf(source: ClassModel, pattern: RegExp): ConstraintPlace[] {
  const matches = (each: DecoratorModel) => each.isTypeorm && pattern.test(each.name);
  return [
    ...source.decorators.filter(matches).map((decorator) => ({ kind: 'class', decorator }) as const),
    ...source.members.flatMap((member) =>
      member.decorators.filter(matches).map((decorator) => ({ kind: 'member', decorator, member }) as const),
    ),
  ];
}

/** The one of that name; else one without a name on the same columns. */
function pick(
  draft: EntityDraft,
  places: readonly ConstraintPlace[],
  wanted: { readonly name: string; readonly columns: readonly ColumnDraft[] },
): ConstraintPlace | undefined {
  const named = places.find(
    (place) => place.kind !== 'option' && writtenName(place.decorator.text) === wanted.name,
  );
  if (named !== undefined) return named;
  const columns = wanted.columns.map(({ before }) => before.name);
  return places.find((place) => {
    if (place.kind !== 'option' && writtenName(place.decorator.text) !== undefined) return false;
    const properties =
      place.kind === 'class' ? (listedProperties(place.decorator.text) ?? []) : [place.member.name];
    return sameColumns(columnsFor(draft, properties), columns);
  });
}
