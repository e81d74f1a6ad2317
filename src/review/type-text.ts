import { lexemes } from '../postgres/lexemes.ts';
import type { Statement } from './rule.ts';

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

function readTypes({ text, typesAt }: Statement): readonly (TypeText | undefined)[] {
  return typesAt.map((start) => (start === undefined ? undefined : textAt(text, start)));
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

/** Where the types of columns stand in a statement, as the parser counts: in bytes. */
export function* typeLocations(tree: unknown): Iterable<number | undefined> {
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

function textAt(sql: string, start: number): TypeText {
  let end = start;
  let depth = 0;
  for (const { kind, from, to } of lexemes(sql, start)) {
    if (kind === 'comment') continue;
    const word = sql.slice(from, to).toLowerCase();
    if (depth === 0 && AFTER_TYPE.has(word)) break;
    if (word === '(' || word === '[') depth += 1;
    if (word === ')' || word === ']') depth -= 1;
    end = to;
  }
  return { text: sql.slice(start, end), start, end };
}
