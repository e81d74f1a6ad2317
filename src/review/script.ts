import { type Node, SqlError } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { byteLength, utf16OffsetsByByte } from '../postgres/parser.ts';
import { type Span, statementSpans } from '../postgres/split.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { KnownTables } from './known-tables.ts';
import { ScriptReader } from './routines.ts';
import { serverAccess } from './server-access.ts';
import type { Operation } from './operation.ts';
import type { Script, Statement, StatementFacts, Target } from './rule.ts';
import { withSearchPath } from './search-path.ts';
import { SavedStates } from './saved-states.ts';
import { initialState } from './state.ts';
import { Timeline } from './timeline.ts';
import { typeLocations } from './type-text.ts';
import { typedColumns } from './typed-columns.ts';

/** A statement as it stands in a text: where, and what Postgres' parser makes of it. */
export interface SqlStatement {
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly start: number;
  readonly node: Node | undefined;
  /** Postgres' words where the parser refuses it. */
  readonly error: string | undefined;
}

interface ParsedStatement extends SqlStatement {
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
function* parsedStatements(sql: string): Iterable<ParsedStatement> {
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

export interface ScriptOptions {
  /** Keys of tables that are known to be empty and unused. */
  readonly newTables: ReadonlySet<string>;
  readonly schema?: DatabaseSchema | undefined;
  /** By statement, where a rehearsal was held. */
  readonly facts?: readonly (StatementFacts | undefined)[] | undefined;
}

/**
 * The script that rules judge: every statement with its operations and with what is known before it.
 */
export function readScript(sql: string, target: Target, options: ScriptOptions): Script {
  const reader = new ScriptReader();
  const timeline = new Timeline(options.newTables);
  let state = initialState(target.transaction, timeline);
  const saved = new SavedStates(state);
  const positionOf = positions(sql);
  const statements: Statement[] = [];
  for (const parsed of parsedStatements(sql)) {
    const before = state;
    const operations = withSearchPath(
      parsed.node ? reader.read(parsed.node, parsed.text) : [],
      before,
      options.schema,
    );
    state = saved.after(state, operations);
    statements.push({
      index: statements.length,
      text: parsed.text,
      start: parsed.start,
      ...positionOf(parsed.start),
      operations,
      typesAt: typesAt(parsed, operations),
      reaches: parsed.node ? serverAccess(parsed.text, parsed.node) : [],
      before,
      facts: options.facts?.[statements.length],
      unreadable: parsed.error ?? opaqueIn(operations),
    });
  }
  const { schema } = options;
  return { statements, timeline, tables: new KnownTables(schema, timeline), end: state, target, schema };
}

function typesAt(
  { node, offsetOf }: ParsedStatement,
  operations: readonly Operation[],
): readonly (number | undefined)[] {
  const count = typedColumns(operations).length;
  const locations = count === 0 ? [] : [...typeLocations(node)];
  if (locations.length !== count) return [];
  return locations.map((location) => (location === undefined ? undefined : offsetOf(location)));
}

/** Why a DO block hides what it does. */
function opaqueIn(operations: readonly Operation[]): string | undefined {
  return operations.flatMap((operation) => (operation.kind === 'do-block' ? [operation.opaque] : []))[0];
}

/** Line and column of offsets that are asked for in ascending order. */
function positions(text: string): (offset: number) => { line: number; column: number } {
  let [line, start, next] = [1, 0, text.indexOf('\n') + 1];
  return (offset) => {
    while (next > 0 && next <= offset) [line, start, next] = [line + 1, next, text.indexOf('\n', next) + 1];
    return { line, column: offset - start + 1 };
  };
}
