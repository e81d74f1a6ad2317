import { TableplanError } from '../../errors.ts';
import type { CheckDef, IndexDef, UniqueDef } from '../../plan/database-schema.ts';
import { stringLiteral } from '../literals.ts';
import type { Option } from './column-spec.ts';
import { callText, type TextContext } from './member-text.ts';

/** Names that TypeORM's default naming strategy derives: a prefix and a piece of a SHA-1. */
const DERIVED = /^(IDX|UQ|REL|FK|PK|CHK)_[0-9a-f]{26,27}$/;

/** A name that must stand in the source: the plan gave it, or it is none that TypeORM derives. */
export function nameToWrite({
  name,
  named,
}: {
  readonly name: string;
  readonly named?: boolean | undefined;
}): string | undefined {
  return (named ?? !DERIVED.test(name)) ? name : undefined;
}

/** `@Index('name', ['a', 'b'], { unique: true })` for a class; without properties for a property. */
export function indexText(
  index: IndexDef,
  properties: readonly string[] | undefined,
  context: TextContext,
): string {
  refuseInexpressible(index);
  const { quote } = context.style;
  const options: Option[] = [
    ...(index.unique ? [['unique', 'true'] as const] : []),
    ...(index.where === undefined ? [] : [['where', stringLiteral(index.where, quote)] as const]),
    ...(index.using === 'btree' ? [] : [['type', stringLiteral(index.using, quote)] as const]),
    ...(index.concurrently ? [['concurrent', 'true'] as const] : []),
  ];
  const name = nameToWrite(index);
  const first = [
    ...(name === undefined ? [] : [stringLiteral(name, quote)]),
    ...(properties === undefined ? [] : [listText(properties, quote)]),
  ];
  return callText('Index', first.length === 0 ? undefined : first.join(', '), options, context);
}

/** `@Unique('name', ['a', 'b'])`. */
export function uniqueText(unique: UniqueDef, properties: readonly string[], context: TextContext): string {
  const { quote } = context.style;
  const name = nameToWrite(unique);
  const first = [...(name === undefined ? [] : [stringLiteral(name, quote)]), listText(properties, quote)];
  return `@${context.nameOf('Unique')}(${first.join(', ')})`;
}

/** `@Check('name', 'price > 0')`. */
export function checkText(check: CheckDef, context: TextContext): string {
  const { quote } = context.style;
  const name = nameToWrite(check);
  const given = [...(name === undefined ? [] : [name]), check.expression];
  return `@${context.nameOf('Check')}(${given.map((each) => stringLiteral(each, quote)).join(', ')})`;
}

export function listText(properties: readonly string[], quote: "'" | '"'): string {
  return `[${properties.map((each) => stringLiteral(each, quote)).join(', ')}]`;
}

/** What @Index has no words for. */
export function refuseInexpressible(index: IndexDef): void {
  const what = index.columns.some((each) => each.isExpression)
    ? 'an index on an expression'
    : !/^(btree|hash|gist|spgist|gin|brin)$/.test(index.using)
      ? `an index using ${index.using}`
      : index.columns.some(
            (each) => each.order === 'desc' || each.opclass !== undefined || each.nulls === 'first',
          )
        ? 'the order or operator class of a column in an index'
        : undefined;
  if (what === undefined) return;
  throw new TableplanError('plan-not-supported', `TypeORM cannot express ${what} (${index.name})`, {
    hint: 'Write `raw: true` on the index: its SQL is then added to the migration by hand.',
  });
}
