import { loadModule, type Node, SqlError } from 'libpg-query';
import { lexemes } from './lexemes.ts';
import { parseSql, scanSql } from './parse.ts';

/** A piece of SQL that Postgres' parser refuses. `offset` counts UTF-16 units into the text that was given. */
export class SqlFragmentError extends Error {
  override readonly name = 'SqlFragmentError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A token of a fragment; `start` and `end` are UTF-16 offsets into it. */
export interface SqlToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type SqlNode = Node;

/** What makes a fragment a CREATE TABLE. */
export interface Place {
  readonly head: string;
  readonly tail: string;
}

/** More exhausts the stack of the parser (measured: 5,000 chained operators); no real one comes near. */
const LONGEST_FRAGMENT = 8_000;
const MOST_TOKENS = 2_000;
const DEEPEST_NESTING = 200;

/** Loads Postgres' parser (WASM). Call it once and await it before any other function of this folder. */
export function loadSqlParser(): Promise<void> {
  return loadModule();
}

/** Length of a text in bytes, the unit in which the parser tells node locations and Postgres limits names. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** For each byte of a text, and for its end, the UTF-16 offset that it means. */
export function utf16OffsetsByByte(text: string): Uint32Array {
  const offsets = new Uint32Array(byteLength(text) + 1);
  let byte = 0;
  for (let offset = 0; offset < text.length;) {
    const code = text.codePointAt(offset) ?? 0;
    // A lone surrogate is written as U+FFFD, three bytes as well.
    const bytes = code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
    offsets.fill(offset, byte, byte + bytes);
    byte += bytes;
    offset += bytes === 4 ? 2 : 1;
  }
  offsets[byte] = text.length;
  return offsets;
}

/**
 * Parses a fragment in the place that makes it one CREATE TABLE, and returns the elements of that table. Throws
 * SqlFragmentError where Postgres refuses it, and where the fragment reaches out of its place: a second statement, a closing parenthesis that is not its own, a comment.
 */
export function parseTableElements(place: Place, fragment: string): readonly SqlNode[] {
  refuseUnreadable(fragment);
  const statements = parseStatements(place, fragment);
  refuseEscapes(fragment);
  const statement = statements[0]?.stmt;
  if (statements.length !== 1 || statement === undefined || !('CreateStmt' in statement)) {
    throw new SqlFragmentError('more than one statement', 0);
  }
  return statement.CreateStmt.tableElts ?? [];
}

let newestTokens: { readonly fragment: string; readonly tokens: readonly SqlToken[] } | undefined;

/** The tokens of a fragment that `parseTableElements` accepted. Asking again for the last one costs nothing: rules do. */
export function tokensOf(fragment: string): readonly SqlToken[] {
  if (newestTokens?.fragment !== fragment) newestTokens = { fragment, tokens: scanned(fragment) };
  return newestTokens.tokens;
}

function scanned(fragment: string): readonly SqlToken[] {
  const offsets = utf16OffsetsByByte(fragment);
  return scanSql(fragment).map(({ text, start, end }) => ({
    text,
    start: offsets[start] ?? 0,
    end: offsets[end] ?? fragment.length,
  }));
}

function refuseUnreadable(fragment: string): void {
  if (fragment.trim() === '') throw new SqlFragmentError('empty', 0);
  if (fragment.length > LONGEST_FRAGMENT) {
    throw new SqlFragmentError(`longer than ${LONGEST_FRAGMENT} characters`, LONGEST_FRAGMENT);
  }
  const unreadable = /\0|\p{Surrogate}/u.exec(fragment);
  if (unreadable) throw new SqlFragmentError('a character that no Postgres text can hold', unreadable.index);
}

function refuseTooMany(fragment: string): void {
  let count = 0;
  for (const { kind, from } of lexemes(fragment)) {
    if (kind !== 'comment') count += 1;
    if (count > MOST_TOKENS) throw new SqlFragmentError(`more than ${MOST_TOKENS} words and signs`, from);
  }
}

function parseStatements(place: Place, fragment: string) {
  try {
    return parseSql(`${place.head}${fragment}\n${place.tail}`);
  } catch (error) {
    // A limit, nothing that Postgres refuses.
    if (error instanceof SqlError && !error.sqlDetails) refuseTooMany(fragment);
    if (error instanceof SqlError) throw toFragmentError(error, place.head, fragment);
    throw error;
  }
}

/** The cursor counts code points from 0; one at or after the end is about the text that we put behind. */
function toFragmentError(error: SqlError, head: string, fragment: string): SqlFragmentError {
  const cursor = (error.sqlDetails?.cursorPosition ?? 0) - head.length;
  const characters = [...fragment];
  if (cursor >= characters.length && error.message.startsWith('syntax error')) {
    return new SqlFragmentError('syntax error at the end', fragment.length);
  }
  const offset = characters.slice(0, Math.max(0, cursor)).join('').length;
  return new SqlFragmentError(error.message, Math.min(offset, fragment.length));
}

function refuseEscapes(fragment: string): void {
  refuseTooMany(fragment);
  let depth = 0;
  for (const token of tokensOf(fragment)) {
    if (token.text.startsWith('--') || token.text.startsWith('/*')) {
      throw new SqlFragmentError(
        `a comment at "${token.text.slice(0, 20)}" is not allowed here`,
        token.start,
      );
    }
    if (token.text === ';') throw new SqlFragmentError('syntax error at or near ";"', token.start);
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0) throw new SqlFragmentError('a closing parenthesis without an opening one', token.start);
    if (depth > DEEPEST_NESTING) throw new SqlFragmentError('nested too deeply', token.start);
  }
}
