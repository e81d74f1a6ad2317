import { toCase } from '../case.ts';
import { bareName } from './bare-name.ts';
import { argumentsOf, valueOf } from './snippet.ts';
import { optionOf } from './options.ts';
import { decoratorNamed, RELATION } from './read.ts';
import { relationsOf, type Sample, type SampleRelation } from './samples.ts';
import { majority } from './vote.ts';

/** How relations are written around a place. */
export interface RelationConvention {
  /** A key has a property of its own beside the relation. */
  readonly hasScalar: boolean;
  /** Which of the two comes first. */
  readonly isScalarFirst: boolean;
  /** Scalar and relation stand together; else relations stand behind all columns. */
  readonly isAdjacent: boolean;
  readonly joinColumn: 'named' | 'bare' | 'none';
  /** The first argument with `X` where the class stands: `() => X`, `(type) => X`, `'X'`. */
  readonly target: string;
  /** The property's type with `X` where the class stands: `X`, `Relation<X>`, `Promise<X>`. */
  readonly type: string;
  /** The type of the many: `X[]`, `Relation<X[]>`, `Array<X>`. */
  readonly manyType: string;
  /** What stands behind the property of the many; undefined where no neighbour has one. */
  readonly manyMark: '!' | '?' | '' | undefined;
  readonly hasInverse: boolean;
  /** How the other side is named: `(brand) => …`, `(brandEntity) => …` after the class, `(b) => …`, `'products'`. */
  readonly inverse: 'word' | 'class' | 'letter' | 'string';
  /** `nullable: false` stands although a column beside it says NOT NULL. */
  readonly writesNotNull: boolean;
}

/** What the relations of neighbours have in common; without any: a pair, `() => X`, no inverse side. */
export function relationConvention(samples: readonly Sample[]): RelationConvention {
  const all = samples.flatMap(relationsOf);
  const owning = all.filter(({ relation }) => relation.joinColumns.length > 0);
  const many = all.filter(({ relation }) => relation.kind === 'one-to-many');
  return {
    hasScalar: majority(owning.map(hasScalar)) ?? true,
    isScalarFirst: majority(owning.map(isScalarFirst)) ?? true,
    isAdjacent: majority(owning.map(isAdjacent)) ?? owning.length === 0,
    joinColumn: majority(owning.map(joinColumnForm)) ?? 'named',
    target: majority(all.map(targetForm)) ?? '() => X',
    type: majority(owning.map(typeForm)) ?? 'X',
    manyType: majority(many.map(typeForm)) ?? 'X[]',
    manyMark: majority(many.map(({ member }) => member.mark)),
    hasInverse: majority(owning.map(({ relation }) => relation.inverse !== undefined)) ?? false,
    inverse: majority(all.map(inverseForm)) ?? 'word',
    writesNotNull: majority(owning.map(writesNotNull)) ?? false,
  };
}

function scalarOf({ relation, sample }: SampleRelation) {
  const column = sample.entity.columns.find(
    (each) => each.column === relation.joinColumns[0] && !each.isVirtual,
  );
  return column && sample.source.members.find(({ name }) => name === column.property);
}

function hasScalar(each: SampleRelation): boolean {
  return scalarOf(each) !== undefined;
}

function isScalarFirst(each: SampleRelation): boolean | undefined {
  const scalar = scalarOf(each);
  return scalar && scalar.start < each.member.start;
}

function isAdjacent(each: SampleRelation): boolean | undefined {
  const scalar = scalarOf(each);
  if (scalar === undefined) return undefined;
  const { members } = each.sample.source;
  return Math.abs(members.indexOf(scalar) - members.indexOf(each.member)) === 1;
}

function joinColumnForm({ member, relation }: SampleRelation): RelationConvention['joinColumn'] | undefined {
  if (relation.kind !== 'many-to-one') return undefined;
  const join = decoratorNamed(member, /^JoinColumn$/);
  if (join === undefined) return 'none';
  return optionOf(join.text, 'name') === undefined ? 'bare' : 'named';
}

function relationArguments({ member }: SampleRelation): readonly string[] {
  const decorator = decoratorNamed(member, RELATION);
  return decorator === undefined ? [] : (argumentsOf(decorator.text) ?? []);
}

function targetForm(each: SampleRelation): string | undefined {
  const [target] = relationArguments(each);
  const arrow = /^(\(\w*(?:: \w+)?\)|\w+)\s*=>/.exec(target ?? '');
  if (arrow !== null) return `${arrow[1]} => X`;
  const quoted = /^(['"])\w+['"]$/.exec(target ?? '');
  return quoted === null ? undefined : `${quoted[1]}X${quoted[1]}`;
}

function typeForm({ member, relation }: SampleRelation): string | undefined {
  const bare = member.type?.text.replace(/\s*\|\s*(null|undefined)\b/g, '');
  if (bare === undefined) return undefined;
  const name = new RegExp(`\\b${relation.target}\\b`);
  const form = name.test(bare) ? bare.replace(name, 'X') : undefined;
  return form !== undefined && /^[\w<>[\]]+$/.test(form) ? form : undefined;
}

function inverseForm(each: SampleRelation): RelationConvention['inverse'] | undefined {
  const inverse = relationArguments(each)[1];
  if (inverse === undefined || inverse.startsWith('{')) return undefined;
  if (/^['"]/.test(inverse)) return 'string';
  const [, parameter = ''] = /^\(?(\w+)/.exec(inverse) ?? [];
  if (parameter.length === 1) return 'letter';
  const className = toCase(each.relation.target, 'camel');
  return parameter === className && className !== toCase(bareName(each.relation.target), 'camel')
    ? 'class'
    : 'word';
}

function writesNotNull(each: SampleRelation): boolean | undefined {
  const scalar = scalarOf(each);
  const column = each.sample.entity.columns.find(({ property }) => property === scalar?.name);
  if (column === undefined || column.isNullable) return undefined;
  return relationArguments(each).some((argument) => valueOf(argument, 'nullable') === 'false');
}
