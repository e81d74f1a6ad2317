import type { EntityModel } from '../../orm/typeorm/model.ts';
import type { ForeignKeyDef } from '../../plan/database-schema.ts';
import { toCase } from '../case.ts';
import { stringLiteral } from '../literals.ts';
import { bareName } from './bare-name.ts';
import { singularName } from '../word-names.ts';
import type { Option } from './column-spec.ts';
import type { ColumnNaming } from './editing.ts';
import { type MemberConvention, snake } from './conventions.ts';
import { callText, type MemberText, propertyText, type TextContext } from './member-text.ts';
import type { RelationConvention } from './relation-conventions.ts';

/** The other end of a foreign key, in words of the source. */
export interface RelationTarget {
  /** What the file calls the class (or the name of an EntitySchema). */
  readonly className: string;
  /** An EntitySchema: it is named by a string, and its type is not known by that name. */
  readonly isSchema: boolean;
  /** Declared further down in the same file: where decorators tell types, its bare name would be read too early. */
  readonly isLater: boolean;
  readonly entity: EntityModel | undefined;
  /** Properties of the columns that the key refers to. */
  readonly properties: readonly string[];
  /** Whether those are the primary key, which a relation refers to unless it says otherwise. */
  readonly isPrimary: boolean;
}

export interface RelationInput {
  readonly property: string;
  readonly key: ForeignKeyDef;
  readonly target: RelationTarget;
  /** The property of the other side, where there is one. */
  readonly inverse: string | undefined;
  readonly isNullable: boolean;
  /** No column of its own stands beside it: NOT NULL is the relation's to say. */
  readonly isAlone: boolean;
  readonly convention: RelationConvention;
  readonly members: MemberConvention;
  readonly naming: ColumnNaming;
  readonly context: TextContext;
}

/** `@ManyToOne(() => Brand, { onDelete: 'CASCADE' }) @JoinColumn({ name: 'brand_id' }) brand!: Brand;` */
export function relationMember(input: RelationInput): MemberText {
  const { convention, target, context, property, isNullable, members } = input;
  const options: Option[] = [
    ...((input.isAlone || convention.writesNotNull) && !isNullable ? [['nullable', 'false'] as const] : []),
    ...actionOptions(input.key, context.style.quote),
  ];
  const first = [
    target.isSchema
      ? stringLiteral(target.className, context.style.quote)
      : targetText(target.className, convention),
    ...(input.inverse === undefined ? [] : [inverseText(target.className, input.inverse, input)]),
  ];
  const join = joinColumn(input);
  return {
    decorators: [
      callText('ManyToOne', first.join(', '), options, context),
      ...(join === undefined ? [] : [join]),
    ],
    property: propertyText(
      property,
      target.isSchema ? 'object' : typeText(formOf(convention.type, target), target.className, context),
      {
        isNullable,
        convention: members,
        style: context.style,
      },
    ),
  };
}

/** TypeORM's own way around a class that is not there yet: a type that says nothing at run time. */
function formOf(form: string, { isLater }: RelationTarget): string {
  return isLater && !form.includes('Relation<') ? form.replace('X', 'Relation<X>') : form;
}

/** `Relation<Brand>` is a type of TypeORM's, which the file must have. */
function typeText(form: string, className: string, context: TextContext): string {
  const wrapped = form.includes('Relation<')
    ? form.replace('Relation<', `${context.typeOf('Relation')}<`)
    : form;
  return wrapped.replace('X', className);
}

/** `onDelete`, `onUpdate` and `deferrable` where they are not what is meant without. */
export function actionOptions(
  { onDelete, onUpdate, deferrable }: Pick<ForeignKeyDef, 'onDelete' | 'onUpdate' | 'deferrable'>,
  quote: "'" | '"',
): Option[] {
  const text = (word: string) => stringLiteral(word.toUpperCase(), quote);
  return [
    ...(onDelete === 'no action' ? [] : [['onDelete', text(onDelete)] as const]),
    ...(onUpdate === 'no action' ? [] : [['onUpdate', text(onUpdate)] as const]),
    ...(deferrable === undefined ? [] : [['deferrable', text(deferrable)] as const]),
  ];
}

function targetText(className: string, convention: RelationConvention): string {
  return convention.target.replace('X', className);
}

/** How a relation names the property at its other end. */
export function inverseText(
  className: string,
  property: string,
  { convention, context }: { readonly convention: RelationConvention; readonly context: TextContext },
): string {
  const { quote, arrowParens } = context.style;
  if (convention.inverse === 'string') return stringLiteral(property, quote);
  const word = toCase(convention.inverse === 'class' ? className : bareName(className), 'camel');
  const parameter = convention.inverse === 'letter' ? word.charAt(0) : word;
  const head = arrowParens === 'always' ? `(${parameter})` : parameter;
  return `${head} => ${parameter}.${property}`;
}

/** The column that a relation gets when its @JoinColumn has no name; undefined where only the project knows. */
export function derivedJoinColumn(
  property: string,
  referenced: string,
  naming: ColumnNaming,
): string | undefined {
  switch (naming) {
    case 'default':
      return camel(`${property}_${referenced}`);
    case 'snake':
      return snake(`${property}_${referenced}`);
    case 'custom':
      return undefined;
  }
}

/** TypeORM's own camelCase (util/StringUtils). */
function camel(text: string): string {
  return text.replace(/^([A-Z])|[\s-_](\w)/g, (_, first: string | undefined, next: string | undefined) =>
    next === undefined ? (first ?? '').toLowerCase() : next.toUpperCase(),
  );
}

function joinColumn({
  key,
  property,
  target,
  convention,
  naming,
  context,
}: RelationInput): string | undefined {
  const { quote } = context.style;
  const single = key.columns.length === 1;
  const isDerived =
    single && derivedJoinColumn(property, target.properties[0] ?? 'id', naming) === key.columns[0];
  const name = key.named ? [['foreignKeyConstraintName', stringLiteral(key.name, quote)] as const] : [];
  if (single) {
    const options: Option[] = [
      ...(isDerived && convention.joinColumn !== 'named'
        ? []
        : [['name', stringLiteral(key.columns[0]!, quote)] as const]),
      ...(target.isPrimary
        ? []
        : [['referencedColumnName', stringLiteral(target.properties[0] ?? '', quote)] as const]),
      ...name,
    ];
    if (options.length === 0 && convention.joinColumn === 'none') return undefined;
    return callText('JoinColumn', undefined, options, context);
  }
  const columns = key.columns.map((column, index) => {
    const options: Option[] = [
      ['name', stringLiteral(column, quote)],
      ['referencedColumnName', stringLiteral(target.properties[index] ?? '', quote)],
      ...(index === 0 ? name : []),
    ];
    return `{ ${options.map(([key_, value]) => `${key_}: ${value}`).join(', ')} }`;
  });
  const { eol, indent, trailingComma } = context.style;
  const list = `[${eol}${columns.map((column) => indent + column).join(`,${eol}`)}${trailingComma}${eol}]`;
  return `@${context.nameOf('JoinColumn')}(${list})`;
}

/** The other side: `@OneToMany(() => Product, (product) => product.brand) products!: Product[];` */
export function inverseMember(input: {
  readonly property: string;
  readonly className: string;
  readonly owner: string;
  readonly convention: RelationConvention;
  readonly members: MemberConvention;
  readonly context: TextContext;
}): MemberText {
  const { className, convention, context } = input;
  const first = `${targetText(className, convention)}, ${inverseText(className, input.owner, input)}`;
  return {
    decorators: [callText('OneToMany', first, [], context)],
    property: propertyText(input.property, typeText(convention.manyType, className, context), {
      isNullable: false,
      convention: { ...input.members, mark: convention.manyMark ?? input.members.mark },
      style: context.style,
    }),
  };
}

/** The property for a key: its column without id, else the class at the other end, else with a word behind it. */
export function relationName(
  bare: string | undefined,
  className: string,
  taken: ReadonlySet<string>,
): string {
  const target = toCase(singularName(bareName(className)), 'camel');
  const names = [...(bare === undefined ? [] : [bare]), target, `${bare ?? target}Relation`];
  return names.find((name) => name !== '' && !taken.has(name)) ?? `${target}Relation2`;
}
