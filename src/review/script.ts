import { type Node, parseSync, scanSync, SqlError } from 'libpg-query';
import { utf16OffsetsByByte } from '../postgres/parser.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { ScriptReader } from './routines.ts';
import type { Operation } from './operation.ts';
import type { Script, Statement, StatementFacts, Target } from './rule.ts';
import { serverAccess } from './server-access.ts';
import { SavedStates } from './saved-states.ts';
import { initialState } from './state.ts';

/** A statement as it stands in a text: where, and what Postgres' parser makes of it. */
export interface SqlStatement {
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly start: number;
  readonly node: Node | undefined;
  /** Postgres' words where the parser refuses it. */
  readonly error: string | undefined;
}

/**
 * Splits SQL into statements, comments between them left out. A text with a syntax error is split at its semicolons
 * (never inside quotes, dollar quotes or comments), so that what is sound in it is still read. Needs `loadSqlParser`.
 */
export function parseScript(sql: string): SqlStatement[] {
  // The parser refuses a text of nothing.
  if (sql.trim() === '') return [];
  const offsets = utf16OffsetsByByte(sql);
  try {
    return (parseSync(sql).stmts ?? []).map(({ stmt, stmt_location: start = 0, stmt_len: length = 0 }) => {
      const end = length === 0 ? offsets.length - 1 : start + length;
      return {
        ...trimmed(sql, offsets[start] ?? 0, offsets[end] ?? sql.length),
        node: stmt,
        error: undefined,
      };
    });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const pieces = splitAtSemicolons(sql);
    if (pieces.length <= 1) {
      return pieces.map((piece) => ({ ...piece, node: undefined, error: error.message }));
    }
    return pieces.flatMap(({ text, start }) =>
      parseScript(text).map((statement) => ({ ...statement, start: statement.start + start })),
    );
  }
}

export interface ScriptOptions {
  readonly newTables: readonly string[];
  readonly schema?: DatabaseSchema | undefined;
  /** By statement, where a rehearsal was held. */
  readonly facts?: readonly (StatementFacts | undefined)[] | undefined;
}

/**
 * The script that rules judge: every statement with its operations and with what is known before it.
 */
export function readScript(sql: string, target: Target, options: ScriptOptions): Script {
  const reader = new ScriptReader();
  let state = initialState(target.transaction, options.newTables);
  const saved = new SavedStates(state);
  const lines = lineStarts(sql);
  const statements = parseScript(sql).map((parsed, index): Statement => {
    const operations: readonly Operation[] = parsed.node ? reader.read(parsed.node, parsed.text) : [];
    const before = state;
    state = saved.after(state, operations);
    return {
      text: parsed.text,
      ...positionOf(parsed.start, lines),
      operations,
      reaches: parsed.node ? serverAccess(parsed.text, parsed.node) : [],
      before,
      facts: options.facts?.[index],
      unreadable: parsed.error ?? opaqueIn(operations),
    };
  });
  return { statements, target, schema: options.schema };
}

/** Why a DO block hides what it does. */
function opaqueIn(operations: readonly Operation[]): string | undefined {
  return operations.flatMap((operation) => (operation.kind === 'do-block' ? [operation.opaque] : []))[0];
}

/** What stands between two offsets without leading comments and space, and without space at the end. */
function trimmed(sql: string, start: number, end: number): { text: string; start: number } {
  const raw = sql.slice(start, end);
  const skipped = /^(?:\s+|;|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.exec(raw)?.[0].length ?? 0;
  return { text: raw.slice(skipped).trimEnd(), start: start + skipped };
}

function splitAtSemicolons(sql: string): { text: string; start: number }[] {
  const pieces: { text: string; start: number }[] = [];
  const offsets = utf16OffsetsByByte(sql);
  let from = 0;
  for (const token of tokens(sql)) {
    if (token.text !== ';') continue;
    pieces.push(trimmed(sql, from, offsets[token.start] ?? sql.length));
    from = offsets[token.end] ?? sql.length;
  }
  pieces.push(trimmed(sql, from, sql.length));
  return pieces.filter(({ text }) => text !== '');
}

function tokens(sql: string) {
  try {
    return scanSync(sql).tokens;
  } catch {
    // An unclosed quote: nothing after it can be told apart.
    return [];
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(offset: number, starts: readonly number[]): { line: number; column: number } {
  const line = starts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}
