import type { TextEdit } from './text-edit.ts';

/** A list in brackets as it stands in a text: offsets of the brackets and of the items between them. */
export interface ListSpan {
  /** Offset of the opening bracket. */
  readonly open: number;
  /** Offset of the closing bracket. */
  readonly close: number;
  readonly items: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Inserts an item into a list so that it looks like its neighbours: on a line of its own where they are, with or
 * without a trailing comma, comments behind items left where they are. `index` may be the length, for the end.
 */
export function insertItem(text: string, list: ListSpan, index: number, item: string, eol: string): TextEdit {
  const { items } = list;
  if (items.length === 0) return insertFirst(text, list, item);
  return index < items.length
    ? insertBefore(text, list, index, item, eol)
    : insertLast(text, list, item, eol);
}

/** Removes items from a list, each with its comma and, where it has one, its line. */
export function removeItems(text: string, list: ListSpan, indexes: readonly number[]): TextEdit[] {
  return runsOf(indexes).flatMap((run) => removeRun(text, list, run));
}

function insertFirst(text: string, list: ListSpan, item: string): TextEdit {
  const inner = text.slice(list.open + 1, list.close);
  if (inner.trim() === '') {
    const space = text[list.open] === '{' ? ' ' : '';
    return { start: list.open + 1, end: list.close, text: `${space}${item}${space}` };
  }
  return { start: list.open + 1, end: list.open + 1, text: ` ${item}` };
}

function insertBefore(text: string, list: ListSpan, index: number, item: string, eol: string): TextEdit {
  const start = list.items[index]!.start;
  const indent = indentIfFirstOnLine(text, start);
  return { start, end: start, text: indent === undefined ? `${item}, ` : `${item},${eol}${indent}` };
}

function insertLast(text: string, list: ListSpan, item: string, eol: string): TextEdit {
  const last = list.items.at(-1)!;
  const comma = commaAfter(text, last.end, list.close);
  const indent = indentIfFirstOnLine(text, last.start);
  if (indent === undefined) {
    const at = comma === undefined ? last.end : comma + 1;
    return { start: at, end: at, text: comma === undefined ? `, ${item}` : ` ${item},` };
  }
  // Without a comma yet, one edit from the item's end to the line's end carries the comma and keeps the comment.
  const lineEnd = endOfContent(text, comma === undefined ? last.end : comma + 1, list.close);
  const kept = text.slice(comma === undefined ? last.end : lineEnd, lineEnd);
  if (comma === undefined) return { start: last.end, end: lineEnd, text: `,${kept}${eol}${indent}${item}` };
  return { start: lineEnd, end: lineEnd, text: `${eol}${indent}${item},` };
}

interface Run {
  readonly first: number;
  readonly last: number;
}

/** Indexes that follow each other, together. */
function runsOf(indexes: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && index <= run.last + 1) runs[runs.length - 1] = { first: run.first, last: index };
    else runs.push({ first: index, last: index });
  }
  return runs;
}

function removeRun(text: string, list: ListSpan, run: Run): TextEdit[] {
  const { items } = list;
  const lines = linesOf(text, list, run);
  if (lines !== undefined) return [...survivingComma(text, list, run), ...lines];
  const [first, last] = [items[run.first]!, items[run.last]!];
  const [before, after] = [items[run.first - 1], items[run.last + 1]];
  if (after !== undefined) return [{ start: first.start, end: after.start, text: '' }];
  if (before !== undefined) return [{ start: before.end, end: last.end, text: '' }];
  return [
    { start: first.start, end: (commaAfter(text, last.end, list.close) ?? last.end - 1) + 1, text: '' },
  ];
}

/** The lines of items that have theirs to themselves; undefined when one shares its line. */
function linesOf(text: string, list: ListSpan, { first, last }: Run): TextEdit[] | undefined {
  const edits = list.items.slice(first, last + 1).map((item) => {
    const indent = indentIfFirstOnLine(text, item.start);
    const comma = commaAfter(text, item.end, list.close);
    const end = endOfContent(text, comma === undefined ? item.end : comma + 1, list.close);
    return indent !== undefined && isLineEnd(text, end)
      ? { start: item.start - indent.length, end: skipNewline(text, end), text: '' }
      : undefined;
  });
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

/** Where the list has no trailing comma, the item that becomes the last one gives up its own. */
function survivingComma(text: string, list: ListSpan, { first, last }: Run): TextEdit[] {
  const survivor = list.items[first - 1];
  const isTail =
    last === list.items.length - 1 && commaAfter(text, list.items[last]!.end, list.close) === undefined;
  const comma = isTail && survivor !== undefined ? commaAfter(text, survivor.end, list.close) : undefined;
  return comma === undefined || indentIfFirstOnLine(text, comma) !== undefined
    ? []
    : [{ start: comma, end: comma + 1, text: '' }];
}

/** Offset of the comma behind an item, comments between them skipped. */
function commaAfter(text: string, from: number, limit: number): number | undefined {
  const at = skipTrivia(text, from, limit);
  return text[at] === ',' ? at : undefined;
}

function skipTrivia(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    if (text.startsWith('//', at)) at = lineEndFrom(text, at);
    else if (text.startsWith('/*', at)) at = text.indexOf('*/', at) + 2;
    else if (/\s/.test(text[at]!)) at += 1;
    else return at;
  }
  return at;
}

/** The end of what stands on this line after `from`: comments behind an item belong to it. */
function endOfContent(text: string, from: number, limit: number): number {
  const end = Math.min(lineEndFrom(text, from), limit);
  const rest = text.slice(from, end);
  return /^\s*(\/\/.*|\/\*[^\n]*?\*\/\s*)?$/.test(rest) ? from + rest.trimEnd().length : from;
}

function lineEndFrom(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  if (newline === -1) return text.length;
  return text[newline - 1] === '\r' && newline - 1 >= from ? newline - 1 : newline;
}

function isLineEnd(text: string, at: number): boolean {
  return /^[ \t]*(\r?\n|$)/.test(text.slice(at, at + 200));
}

function skipNewline(text: string, at: number): number {
  return at + (/^[ \t]*\r?\n?/.exec(text.slice(at))?.[0].length ?? 0);
}

/** The whitespace before an offset when nothing else stands before it on its line; undefined otherwise. */
function indentIfFirstOnLine(text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(lineStart, at);
  return /^[ \t]*$/.test(before) ? before : undefined;
}
