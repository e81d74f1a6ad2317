import type { TextEdit } from './text-edit.ts';
import type { Span } from './source-file.ts';

/**
 * Takes a statement out of a file: its lines, the comments that stand right above it, and the blank lines before it
 * where others follow behind. Comments apart from it by a blank line stay.
 */
export function removeStatement(text: string, statement: Span): TextEdit {
  return removeLines(text, { start: startWithComments(text, statement), end: lineEnd(text, statement.end) });
}

/** The same for several; those that follow each other go as one. */
export function removeStatements(text: string, statements: readonly Span[]): TextEdit[] {
  const merged: Span[] = [];
  for (const statement of statements.toSorted((a, b) => a.start - b.start)) {
    const span = { start: startWithComments(text, statement), end: lineEnd(text, statement.end) };
    const previous = merged.at(-1);
    const isNext = previous !== undefined && text.slice(previous.end, span.start).trim() === '';
    if (isNext) merged[merged.length - 1] = { start: previous.start, end: Math.max(previous.end, span.end) };
    else merged.push(span);
  }
  return merged.map((span) => removeLines(text, span));
}

/** Where a statement begins, the comments right above it included: the place to put another one before it. */
export function startWithComments(text: string, statement: Span): number {
  const start = text.lastIndexOf('\n', statement.start - 1) + 1;
  const above = text.slice(0, start);
  const comment = /(?:^|\n)((?:[ \t]*\/\/[^\n]*\n)+|[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n)$/.exec(
    above,
  )?.[1];
  // A comment at the very top is the file's own.
  return comment === undefined || comment.length === start ? start : start - comment.length;
}

/** Of the blank lines around what goes, those above go too when there are some below (or nothing at all). */
function removeLines(text: string, { start, end }: Span): TextEdit {
  const below = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  const isLast = text.slice(end).trim() === '';
  const above = text.slice(0, start).trimEnd();
  if (above === '') return { start: 0, end: end + below, text: '' };
  const blankStart = above.length + (/^[ \t]*\r?\n/.exec(text.slice(above.length))?.[0].length ?? 0);
  return { start: below > 0 || isLast ? Math.min(blankStart, start) : start, end, text: '' };
}

/** Behind the line break of the line; what follows the statement on its line is only a comment of its own. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}
