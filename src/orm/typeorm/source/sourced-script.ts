import type { Query, SourcePlace } from '../child/child.ts';
import { asStatement, ended } from '../script.ts';
import type { QueryPlace } from './places.ts';

/** The queries of a migration as one SQL script, and where each place in it stands in the migration's file. */
export interface SourcedScript {
  readonly sql: string;
  /** For a line and column of the script. */
  place(line: number, column: number): SourcePlace;
}

/** Lines of the script that come from one place. */
interface Segment {
  /** From 1. */
  readonly first: number;
  /** `line` from 0, within the segment. */
  place(line: number, column: number): SourcePlace;
}

/** Where the statements of a text begin: `parseScript`. */
export type Split = (sql: string) => readonly { readonly start: number }[];

/**
 * Joins queries to a script that can be reviewed and rehearsed; what `tableplan:allow` says in a comment above a call
 * stands above each of its statements, as far as `split` tells them apart. `places` are those of the queries, one for one.
 */
export function sourcedScript(
  queries: readonly Query[],
  places: readonly QueryPlace[],
  split: Split | undefined,
): SourcedScript {
  const lines: string[] = [];
  const segments: Segment[] = [];
  for (const [index, query] of queries.entries()) {
    const place = places[index];
    const sql = ended(asStatement(query));
    for (const piece of place?.allows.length ? piecesOf(sql, split) : [{ text: sql, line: 0, column: 1 }]) {
      for (const { directive, line } of place?.allows ?? []) {
        segments.push({ first: lines.length + 1, place: () => ({ line, column: 1 }) });
        lines.push(`-- ${directive}`);
      }
      segments.push({
        first: lines.length + 1,
        place: (line, column) =>
          place
            ? placeInside(place, piece.line + line, line === 0 ? piece.column + column - 1 : column)
            : { line: 1, column: 1 },
      });
      lines.push(...piece.text.split('\n'));
    }
  }
  return {
    sql: lines.join('\n'),
    place(line, column) {
      const segment = segments.findLast(({ first }) => first <= line);
      return segment ? segment.place(line - segment.first, column) : { line: 1, column: 1 };
    },
  };
}

/** Line (from 0) and column (from 1) of its beginning in the query. */
interface Piece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

function piecesOf(sql: string, split: Split | undefined): Piece[] {
  const [, ...later] = split?.(sql).map(({ start }) => start) ?? [];
  const starts = [0, ...later];
  return starts.map((start, index) => {
    const before = sql.slice(0, start).split('\n');
    return {
      text: sql.slice(start, starts[index + 1]),
      line: before.length - 1,
      column: (before.at(-1)?.length ?? 0) + 1,
    };
  });
}

function placeInside({ start, text }: QueryPlace, line: number, column: number): SourcePlace {
  if (!text) return start;
  const isOneLine = text.start.line === text.end.line;
  if (line === 0 || isOneLine)
    return { line: text.start.line, column: text.start.column + (line === 0 ? column - 1 : 0) };
  // What was filled in may have had lines of its own.
  return { line: Math.min(text.start.line + line, text.end.line), column };
}
