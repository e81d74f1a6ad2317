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

/**
 * Joins queries to a script that can be reviewed and rehearsed; what `tableplan:allow` says in a comment above a call
 * stands above its statement. `places` are those of the queries, one for one.
 */
export function sourcedScript(queries: readonly Query[], places: readonly QueryPlace[]): SourcedScript {
  const lines: string[] = [];
  const segments: Segment[] = [];
  for (const [index, query] of queries.entries()) {
    const place = places[index];
    for (const { directive, line } of place?.allows ?? []) {
      segments.push({ first: lines.length + 1, place: () => ({ line, column: 1 }) });
      lines.push(`-- ${directive}`);
    }
    segments.push({
      first: lines.length + 1,
      place: (line, column) => (place ? placeInside(place, line, column) : { line: 1, column: 1 }),
    });
    lines.push(...ended(asStatement(query)).split('\n'));
  }
  return {
    sql: lines.join('\n'),
    place(line, column) {
      const segment = segments.findLast(({ first }) => first <= line);
      return segment ? segment.place(line - segment.first, column) : { line: 1, column: 1 };
    },
  };
}

function placeInside({ start, text }: QueryPlace, line: number, column: number): SourcePlace {
  if (!text) return start;
  const isOneLine = text.start.line === text.end.line;
  if (line === 0 || isOneLine)
    return { line: text.start.line, column: text.start.column + (line === 0 ? column - 1 : 0) };
  // What was filled in may have had lines of its own.
  return { line: Math.min(text.start.line + line, text.end.line), column };
}
