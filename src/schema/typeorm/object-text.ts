import { indentAt } from '../style.ts';
import type { FileStyle } from '../source-file.ts';
import type { Option } from './column-spec.ts';
import { itemsOf, keysOf, valueOf, withItem, withKey } from './snippet.ts';

/** Where an object or list stands in a source: how deep its first item is indented. */
export interface Depth {
  readonly style: FileStyle;
  /** Indent of the line on which the key stands. */
  readonly indent: string;
}

/** An object literal on one line, or on several where its neighbours are. */
export function objectText(options: readonly Option[], { style, indent }: Depth, isBroken: boolean): string {
  const pairs = options.map(([key, value]) => (key.startsWith('...') ? key : `${key}: ${value}`));
  if (!isBroken) return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  const { eol, trailingComma } = style;
  const inner = indent + style.indent;
  return `{${eol}${pairs.map((pair) => inner + pair).join(`,${eol}`)}${trailingComma}${eol}${indent}}`;
}

/** The options with an entry set in the object under a key; the object is made where it is missing. */
export function withEntry(
  options: string,
  key: string,
  entry: readonly [name: string, value: string],
  style: FileStyle,
): string {
  const { eol } = style;
  const object = valueOf(options, key);
  if (object === undefined) {
    const indent = keyIndent(options, style);
    const text = `{${eol}${indent}${style.indent}${entry[0]}: ${entry[1]}${style.trailingComma}${eol}${indent}}`;
    return withKey(options, key, text, { eol });
  }
  return withKey(options, key, withKey(object, entry[0], entry[1], { eol }), { eol });
}

/**
 * The options with an object added to the list under a key, on one line or several as the others there, or as `isBroken`
 * says; the list is made where it is missing.
 */
export function withListed(
  options: string,
  key: string,
  item: readonly Option[],
  style: FileStyle,
  isBroken: boolean,
): string {
  const { eol, trailingComma } = style;
  const list = valueOf(options, key);
  const items = list === undefined ? [] : (itemsOf(list) ?? []);
  if (list === undefined || items.length === 0) {
    const outer = keyIndent(options, style);
    const indent = outer + style.indent;
    const text = objectText(item, { style, indent }, isBroken);
    const made = isBroken ? `[${eol}${indent}${text}${trailingComma}${eol}${outer}]` : `[${text}]`;
    return withKey(options, key, made, { eol });
  }
  const isSplit = items.filter((each) => each.includes('\n')).length * 2 > items.length;
  const text = objectText(item, { style, indent: indentAt(list, list.indexOf(items[0]!)) }, isSplit);
  return withKey(options, key, withItem(list, text, { eol }), { eol });
}

/** The options with the object under a key changed; as they are where there is none. */
export function changeUnder(
  options: string,
  key: string,
  change: (text: string) => string,
  { eol }: FileStyle,
): string {
  const object = valueOf(options, key);
  return object === undefined ? options : withKey(options, key, change(object), { eol });
}

/** Indent of the keys of an object literal. */
export function keyIndent(object: string, style: FileStyle): string {
  const [first] = itemsOf(object) ?? [];
  const at = first === undefined ? -1 : object.indexOf(first);
  return at === -1 ? style.indent : indentAt(object, at);
}

/** Whether the values of an object are mostly objects on several lines. */
export function isBrokenInside(object: string): boolean {
  const values = (keysOf(object)?.keys ?? []).flatMap((key) => valueOf(object, key) ?? []);
  const objects = values.filter((value) => value.startsWith('{'));
  return objects.filter((value) => value.includes('\n')).length * 2 > objects.length;
}

/** How an entry under a key is written: as the others there, as `isBroken` says where there are none. */
export function layoutUnder(
  options: string,
  key: string,
  style: FileStyle,
  isBroken: boolean,
): Depth & { readonly isBroken: boolean } {
  const object = valueOf(options, key);
  const isEmpty = object === undefined || (keysOf(object)?.keys ?? []).length === 0;
  if (isEmpty) return { style, indent: keyIndent(options, style) + style.indent, isBroken };
  return { style, indent: keyIndent(object, style), isBroken: isBrokenInside(object) };
}
