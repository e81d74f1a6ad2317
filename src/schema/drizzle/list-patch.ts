import type { TextEdit } from '../text-edit.ts';
import { insertItem, type ListSpan, removeItems } from '../list-edit.ts';
import { indentAt } from '../style.ts';
import type { FileStyle } from '../source-file.ts';

export interface ListPatch {
  /** Indexes of the items that go. */
  readonly gone: readonly number[];
  /** Where the new items go, among the present ones. */
  readonly at: number;
  readonly items: readonly string[];
  readonly style: FileStyle;
  /** A list on one line is broken when its line would be longer. */
  readonly width: number;
}

/**
 * Takes items out of a list and puts others in, as one change: commas come out right even where the last item goes
 * and another follows. Comments that stand right above an item go with it.
 */
export function patchList(text: string, list: ListSpan, patch: ListPatch): TextEdit[] {
  const { gone, items, at, style } = patch;
  const { eol } = style;
  if (items.length === 0) return removeItems(text, withComments(text, list), gone);
  if (list.items.length === 0) return [fillEmpty(text, list, patch)];
  if (isTooLong(text, list, patch)) return breakList(text, list, patch);
  const isReplaced = at >= list.items.length && gone.includes(list.items.length - 1);
  if (!isReplaced) {
    const joined = items.join(separator(text, list, at, eol));
    return [...removeItems(text, withComments(text, list), gone), insertItem(text, list, at, joined, eol)];
  }
  const last = list.items.length - 1;
  const others = gone.filter((index) => index !== last);
  return [
    ...removeItems(text, withComments(text, list), others),
    replaceItem(text, list, last, items.join(separator(text, list, last, eol))),
  ];
}

/** A list that stands on one line with nothing but commas between its items, and would not fit with the new ones. */
function isTooLong(text: string, list: ListSpan, { items, width }: ListPatch): boolean {
  const whole = text.slice(list.open, list.close);
  if (whole.includes('\n') || whole.includes('/*')) return false;
  return (
    items.some((item) => item.includes('\n')) ||
    lineLength(text, list) + items.reduce((sum, item) => sum + item.length + 2, 0) > width
  );
}

/** How long the line of a list on one line is. */
function lineLength(text: string, { open, close }: ListSpan): number {
  const start = text.lastIndexOf('\n', open) + 1;
  return close - start + (text.slice(close).split('\n', 1)[0]?.length ?? 0);
}

/** Each item gets a line of its own; the items that stay are not touched, only what stands between them. */
function breakList(text: string, list: ListSpan, { gone, at, items, style }: ListPatch): TextEdit[] {
  const outer = indentAt(text, list.open);
  const line = `${style.eol}${outer}${style.indent}`;
  const added = items.map((item) => line + reindented(item, outer + style.indent, style.eol)).join(',');
  const kept = list.items
    .map((item, index) => ({ ...item, index }))
    .filter(({ index }) => !gone.includes(index));
  const next = kept.findIndex(({ index }) => index >= at);
  const edits = kept.map((item, order): TextEdit => {
    const start = order === 0 ? list.open + 1 : kept[order - 1]!.end;
    const comma = order === 0 ? '' : ',';
    return { start, end: item.start, text: comma + (order === next ? `${added},` : '') + line };
  });
  const end = kept.at(-1)?.end ?? list.open + 1;
  const rest = next === -1 ? `${kept.length > 0 ? ',' : ''}${added}` : '';
  return [
    ...edits,
    { start: end, end: list.close, text: `${rest}${style.trailingComma}${style.eol}${outer}` },
  ];
}

/** An item of several lines was laid out for the line that the list stood on. */
function reindented(item: string, indent: string, eol: string): string {
  const [first = '', ...more] = item.split(eol);
  const base = indentLength(more.at(-1) ?? '', 0);
  return [first, ...more.map((each) => indent + each.slice(Math.min(base, indentLength(each, 0))))].join(eol);
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

function fillEmpty(text: string, list: ListSpan, { items, style, width }: ListPatch): TextEdit {
  const inner = text.slice(list.open + 1, list.close);
  const outer = indentAt(text, list.open);
  const lines =
    items.map((item) => `${style.eol}${outer}${style.indent}${item}`).join(',') + style.trailingComma;
  if (inner.trim() !== '') return { start: list.open + 1, end: list.open + 1, text: lines };
  const line = items.join(', ');
  const fits =
    text[list.open] === '[' && !line.includes('\n') && lineLength(text, list) + line.length <= width;
  return { start: list.open + 1, end: list.close, text: fits ? line : `${lines}${style.eol}${outer}` };
}

/** The item with its comments, in front and behind, becomes the new ones; its comma stays. */
function replaceItem(text: string, list: ListSpan, index: number, items: string): TextEdit {
  const { start } = withComments(text, list).items[index]!;
  const { end } = list.items[index]!;
  const rest = text.slice(end, list.close);
  const tail = /^\s*(,?)[ \t]*(\/\/[^\n\r]*|\/\*[^\n]*?\*\/)?/.exec(rest);
  const comma = tail?.[1] ?? '';
  const isCommented = tail?.[2] !== undefined;
  return {
    start,
    end: isCommented || comma !== '' ? end + (tail?.[0].trimEnd().length ?? 0) : end,
    text: items + comma,
  };
}

/** Each item from the first line of the comments that stand right above it. */
export function withComments(text: string, list: ListSpan): ListSpan {
  return {
    ...list,
    items: list.items.map((item, index) => ({
      start: commentStart(text, item.start, list.items[index - 1]?.end ?? list.open + 1),
      end: item.end,
    })),
  };
}

function commentStart(text: string, start: number, limit: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (lineStart <= limit || text.slice(lineStart, start).trim() !== '') return start;
  let at = start;
  let line = lineStart;
  while (line > limit) {
    const previous = text.lastIndexOf('\n', line - 2) + 1;
    const content = text.slice(previous, line).trim();
    const isComment =
      previous >= limit && (content.startsWith('//') || (content.startsWith('/*') && content.endsWith('*/')));
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
