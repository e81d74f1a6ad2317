import type { TextEdit } from '../text-edit.ts';
import { insertItem, type ListSpan, removeItems } from './list-edit.ts';
import { indentAt } from './style.ts';

export interface ListPatch {
  /** Indexes of the items that go. */
  readonly gone: readonly number[];
  /** Where the new items go, among the present ones. */
  readonly at: number;
  readonly items: readonly string[];
  readonly eol: string;
  /** Indent of items in a list that is empty so far. */
  readonly indent: string;
}

/**
 * Takes items out of a list and puts others in, as one change: commas come out right even where the last item goes
 * and another follows. Comments that stand right above an item go with it.
 */
export function patchList(text: string, list: ListSpan, patch: ListPatch): TextEdit[] {
  const { gone, items, at, eol } = patch;
  if (items.length === 0) return removeItems(text, withComments(text, list), gone);
  if (list.items.length === 0) return [fillEmpty(text, list, patch)];
  const isReplaced = at >= list.items.length && gone.includes(list.items.length - 1);
  if (!isReplaced) {
    const joined = items.join(separator(text, list, at, eol));
    return [...removeItems(text, withComments(text, list), gone), insertItem(text, list, at, joined, eol)];
  }
  const last = list.items.length - 1;
  const others = gone.filter((index) => index !== last);
  return [...removeItems(text, withComments(text, list), others), replaceItem(text, list, last, items.join(separator(text, list, last, eol)))];
}

/** What stands between two items: a line break where items have lines of their own. */
function separator(text: string, list: ListSpan, at: number, eol: string): string {
  const neighbour = list.items[Math.min(at, list.items.length - 1)];
  const indent = neighbour && ownLineIndent(text, neighbour.start);
  return indent === undefined ? ', ' : `,${eol}${indent}`;
}

function ownLineIndent(text: string, offset: number): string | undefined {
  const indent = indentAt(text, offset);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return lineStart + indent.length === offset && lineStart > 0 ? indent : undefined;
}

function fillEmpty(text: string, list: ListSpan, { items, eol, indent }: ListPatch): TextEdit {
  const inner = text.slice(list.open + 1, list.close);
  const outer = indentAt(text, list.open);
  const lines = items.map((item) => `${eol}${outer}${indent}${item},`).join('');
  if (inner.trim() === '') return { start: list.open + 1, end: list.close, text: `${lines}${eol}${outer}` };
  return { start: list.open + 1, end: list.open + 1, text: lines };
}

/** The item with its comments, in front and behind, becomes the new ones; its comma stays. */
function replaceItem(text: string, list: ListSpan, index: number, items: string): TextEdit {
  const { start } = withComments(text, list).items[index]!;
  const { end } = list.items[index]!;
  const rest = text.slice(end, list.close);
  const tail = /^\s*(,?)[ \t]*(\/\/[^\n\r]*|\/\*[^\n]*?\*\/)?/.exec(rest);
  const comma = tail?.[1] ?? '';
  const isCommented = tail?.[2] !== undefined;
  return { start, end: isCommented || comma !== '' ? end + (tail?.[0].trimEnd().length ?? 0) : end, text: items + comma };
}

/** Each item from the first line of the comments that stand right above it. */
export function withComments(text: string, list: ListSpan): ListSpan {
  return { ...list, items: list.items.map((item, index) => ({ start: commentStart(text, item.start, list.items[index - 1]?.end ?? list.open + 1), end: item.end })) };
}

function commentStart(text: string, start: number, limit: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (lineStart <= limit || text.slice(lineStart, start).trim() !== '') return start;
  let at = start;
  let line = lineStart;
  while (line > limit) {
    const previous = text.lastIndexOf('\n', line - 2) + 1;
    const content = text.slice(previous, line).trim();
    const isComment = previous >= limit && (content.startsWith('//') || (content.startsWith('/*') && content.endsWith('*/')));
    const opening = isComment ? previous : blockStart(text, previous, line, limit);
    if (opening === undefined) break;
    at = opening + indentLength(text, opening);
    line = opening;
  }
  return at;
}

/** The first line of a comment of several lines that ends on this one. */
function blockStart(text: string, lineStart: number, lineEnd: number, limit: number): number | undefined {
  if (!text.slice(lineStart, lineEnd).trimEnd().endsWith('*/')) return undefined;
  const open = text.lastIndexOf('/*', lineEnd);
  const start = text.lastIndexOf('\n', open) + 1;
  return open >= limit && start >= limit && text.slice(start, open).trim() === '' ? start : undefined;
}

function indentLength(text: string, lineStart: number): number {
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0].length ?? 0;
}
