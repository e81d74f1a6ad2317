import type { TextEdit } from '../text-edit.ts';
import type { Span } from './model.ts';

/**
 * Takes a statement out of a file: its lines, the comments that stand right above it, and the blank lines behind it
 * (before it, at the end of the file). Comments apart from it by a blank line stay.
 */
export function removeStatement(text: string, statement: Span): TextEdit {
  const start = withComments(text, lineStart(text, statement.start));
  const end = lineEnd(text, statement.end);
  const after = skipBlankLines(text, end);
  if (after < text.length) return { start, end: after, text: '' };
  const before = text.slice(0, start).replace(/(\r?\n[ \t]*)+$/, '');
  const newline = /\r?\n$/.exec(text.slice(0, end))?.[0] ?? '';
  return { start: before.length, end: text.length, text: before === '' ? '' : newline };
}

function withComments(text: string, start: number): number {
  const above = text.slice(0, start);
  const comment = /(?:^|\n)((?:[ \t]*\/\/[^\n]*\n)+|[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n)$/.exec(above)?.[1];
  // A comment at the very top is the file's own.
  return comment === undefined || comment.length === start ? start : start - comment.length;
}

function skipBlankLines(text: string, from: number): number {
  return from + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(from))?.[0].length ?? 0);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line break of the line; what follows the statement on its line is only a comment of its own. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}
