import { stringLiteral } from '../literals.ts';
import type { CheckDef, IndexDef, UniqueDef } from '../../plan/database-schema.ts';
import { sameExpression } from '../../postgres/sql.ts';
import type { Option } from './column-spec.ts';
import { listText, nameToWrite, refuseInexpressible } from './constraint-text.ts';
import { sameColumns } from './drafts.ts';
import { itemsOf, stringOf, valueOf, withoutItems } from './snippet.ts';

type Quote = "'" | '"';

export function schemaIndex(
  index: IndexDef,
  properties: readonly string[],
  { quote, writesUnique }: { readonly quote: Quote; readonly writesUnique: boolean },
): readonly Option[] {
  refuseInexpressible(index);
  return [
    ...nameOption(index, quote),
    ['columns', listText(properties, quote)],
    ...(index.unique || writesUnique ? [['unique', String(index.unique)] as const] : []),
    ...(index.where === undefined ? [] : [['where', stringLiteral(index.where, quote)] as const]),
  ];
}

export function schemaUnique(
  unique: UniqueDef,
  properties: readonly string[],
  quote: Quote,
): readonly Option[] {
  return [...nameOption(unique, quote), ['columns', listText(properties, quote)]];
}

export function schemaCheck(check: CheckDef, quote: Quote): readonly Option[] {
  return [...nameOption(check, quote), ['expression', stringLiteral(check.expression, quote)]];
}

function nameOption(
  named: { readonly name: string; readonly named?: boolean | undefined },
  quote: Quote,
): Option[] {
  const name = nameToWrite(named);
  return name === undefined ? [] : [['name', stringLiteral(name, quote)]];
}

/** A list of indexes or uniques without the one of that name, or on those properties; undefined when it is not in it. */
export function withoutConstraint(
  list: string,
  wanted: { readonly name: string; readonly properties: readonly string[] },
): string | undefined {
  const items = itemsOf(list) ?? [];
  const named = items.findIndex((item) => stringOf(valueOf(item, 'name')) === wanted.name);
  const index =
    named === -1
      ? items.findIndex((item) => {
          const columns = itemsOf(valueOf(item, 'columns') ?? '[]')?.flatMap((each) => stringOf(each) ?? []);
          return valueOf(item, 'name') === undefined && sameColumns(columns ?? [], wanted.properties);
        })
      : named;
  return index === -1 ? undefined : withoutItems(list, [index]);
}

export function withoutCheck(list: string, check: CheckDef): string | undefined {
  const items = itemsOf(list) ?? [];
  const index = items.findIndex((item) => {
    const expression = stringOf(valueOf(item, 'expression'));
    return (
      stringOf(valueOf(item, 'name')) === check.name ||
      (expression !== undefined && sameExpression(expression, check.expression))
    );
  });
  return index === -1 ? undefined : withoutItems(list, [index]);
}
