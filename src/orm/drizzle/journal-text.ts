import { isDeepStrictEqual } from 'node:util';
import type { Journal, JournalEntry } from './artifacts.ts';
import { printJson } from './artifacts.ts';

/**
 * A journal's text with one more entry, in the way of the entries before it: indentation, line ends, a newline at the end
 * or none. Whatever else stands in it stays as it is.
 */
export function withEntry(text: string, journal: Journal, entry: JournalEntry): string {
  const wanted: Journal = { ...journal, entries: [...journal.entries, entry] };
  const close = text.lastIndexOf(']');
  const end = text.lastIndexOf('}', close) + 1;
  const isEmpty = journal.entries.length === 0;
  const inserted =
    isEmpty || end === 0 ? undefined : text.slice(0, end) + next(text, end, entry) + text.slice(end);
  if (inserted !== undefined && isJson(inserted, wanted)) return inserted;
  return printLike(text, wanted);
}

/** `, { … }` as it follows the entry that ends here. */
function next(text: string, end: number, entry: JournalEntry): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  const indent = /^[ \t]*/.exec(line)![0];
  if (line.trim() === '}') {
    const unit = indentOf(text);
    return `,${eol}${indent}${JSON.stringify(entry, null, unit).replaceAll('\n', eol + indent)}`;
  }
  const flat = JSON.stringify(entry, null, 1).replaceAll(/\n\s*/g, ' ');
  return line.trim().startsWith('{') ? `,${eol}${indent}${flat}` : `, ${flat}`;
}

function printLike(text: string, value: Journal): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indented = text.includes('\n') ? JSON.stringify(value, null, indentOf(text)) : printJson(value);
  return indented.replaceAll('\n', eol) + (text.endsWith('\n') ? eol : '');
}

function indentOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function isJson(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), value);
  } catch {
    return false;
  }
}
