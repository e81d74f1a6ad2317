import { type Node, SqlError } from 'libpg-query';
import { parseSql } from './parse.ts';
import { byteLength, utf16OffsetsByByte } from './parser.ts';
import { type Span, statementSpans } from './split.ts';

/** A statement as it stands in a text: where, and what Postgres' parser makes of it. */
export interface SqlStatement {
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly start: number;
  readonly node: Node | undefined;
  /** Postgres' words where the parser refuses it. */
  readonly error: string | undefined;
}

export interface ParsedStatement extends SqlStatement {
  /** The offset in its text of a location in its node. */
  offsetOf(location: number): number;
}

/**
 * Splits SQL into statements, comments between them left out. What Postgres' parser refuses, or what is longer or nested
 * deeper than it is given here, has an error and no node; what is sound before and after it is still read. Needs
 * `loadSqlParser`.
 */
export function parseScript(sql: string): SqlStatement[] {
  return Array.from(parsedStatements(sql), ({ text, start, node, error }) => ({ text, start, node, error }));
}

/** Characters that are parsed at once: few calls for many statements, and no tree that is large. */
const PIECE = 16_000;

/** The same one after the other, so that no more than the trees of some of them are there at a time. */
export function* parsedStatements(sql: string): Iterable<ParsedStatement> {
  let piece: Span[] = [];
  for (const span of statementSpans(sql)) {
    if (piece[0] && span.end - piece[0].start > PIECE) {
      yield* parsedPiece(sql, piece);
      piece = [];
    }
    piece.push(span);
  }
  yield* parsedPiece(sql, piece);
}

function* parsedPiece(sql: string, spans: readonly Span[]): Iterable<ParsedStatement> {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return;
  const piece = sql.slice(first.start, last.end);
  const { nodes = [], error } = parsed(piece);
  if (nodes.length !== spans.length && spans.length > 1) {
    for (const span of spans) yield* parsedPiece(sql, [span]);
    return;
  }
  const offset = offsetsByByte(piece);
  for (const [index, { start, end }] of spans.entries()) {
    const before = start - first.start;
    const offsetOf = (location: number) => offset(location) - before;
    yield { text: sql.slice(start, end), start, node: nodes[index], error, offsetOf };
  }
}

/** UTF-16 offsets of places that are counted in bytes. */
function offsetsByByte(text: string): (byte: number) => number {
  if (byteLength(text) === text.length) return (byte) => byte;
  const offsets = utf16OffsetsByByte(text);
  return (byte) => offsets[byte] ?? text.length;
}

/** The trees of some statements, or why there are none. */
function parsed(sql: string): {
  readonly nodes?: readonly (Node | undefined)[];
  readonly error: string | undefined;
} {
  try {
    return { nodes: parseSql(sql).map(({ stmt }) => stmt), error: undefined };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { error: error.message };
  }
}
