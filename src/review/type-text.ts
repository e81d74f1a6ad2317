import { SqlError } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { type SqlToken, tokensOf, utf16OffsetsByByte } from '../postgres/parser.ts';
import type { Statement } from './rule.ts';
import { typedColumns } from './typed-columns.ts';

/** A type as it stands in a statement; offsets into its text. */
export interface TypeText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The types of the columns of a statement, in the order of `typedColumns`; none of a DO block, which hides its text. */
export function typeTexts(statement: Statement): readonly (TypeText | undefined)[] {
  const texts = known.get(statement) ?? readTypes(statement);
  known.set(statement, texts);
  return texts;
}

/** Each finding about a column asks for them. */
const known = new WeakMap<Statement, readonly (TypeText | undefined)[]>();

function readTypes({ text, operations }: Statement): readonly (TypeText | undefined)[] {
  const locations = [...typeLocations(parsed(text))];
  if (locations.length !== typedColumns(operations).length) return [];
  const offsets = utf16OffsetsByByte(text);
  const tokens = tokensOf(text);
  const places = new Map(tokens.map(({ start }, place) => [start, place]));
  return locations.map((location) => {
    const place = location === undefined ? undefined : places.get(offsets[location] ?? 0);
    return place === undefined ? undefined : textAt(text, tokens, place);
  });
}

/** The statement with other types for some of its columns, told by their places in `typedColumns`. */
export function withTypes(statement: Statement, types: ReadonlyMap<number, string>): string | undefined {
  const found = typeTexts(statement);
  let text = '';
  let end = 0;
  for (const place of [...types.keys()].toSorted((a, b) => a - b)) {
    const old = found[place];
    if (!old) return undefined;
    text += statement.text.slice(end, old.start) + types.get(place)!;
    end = old.end;
  }
  return `${text}${statement.text.slice(end)};`;
}

function parsed(sql: string): unknown {
  try {
    return parseSql(sql);
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function* typeLocations(tree: unknown): Iterable<number | undefined> {
  if (typeof tree !== 'object' || tree === null) return;
  if ('ColumnDef' in tree) {
    yield (tree.ColumnDef as { typeName?: { location?: number } }).typeName?.location;
    return;
  }
  for (const part of Object.values(tree)) yield* typeLocations(part);
}

/** Words that Postgres reserves, so that no type can hold them, and that follow one. */
const AFTER_TYPE = new Set(
  `constraint not null default primary unique references check generated collate using storage compression deferrable
  initially options , ; )`.split(/\s+/),
);

function textAt(sql: string, tokens: readonly SqlToken[], place: number): TypeText {
  const start = tokens[place]?.start ?? 0;
  let end = start;
  let depth = 0;
  for (let at = place; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (/^(?:--|\/\*)/.test(token.text)) continue;
    if (depth === 0 && AFTER_TYPE.has(token.text.toLowerCase())) break;
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
    end = token.end;
  }
  return { text: sql.slice(start, end), start, end };
}
