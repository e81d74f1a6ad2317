import { ts } from '../compiler.cjs';
import { insertItem, type ListSpan, removeItems } from '../list-edit.ts';
import { parseText } from '../parse.ts';
import { applyEdits } from '../text-edit.ts';

/**
 * Edits of a call or an object literal that is looked at alone: text in, text out. Each edit parses its few characters
 * anew, so that any number of them can follow each other.
 */

/** How options are written where there are none to copy. */
export interface SnippetStyle {
  readonly eol: string;
}

interface Parsed {
  readonly text: string;
  readonly ast: ts.SourceFile;
}

interface ParsedCall extends Parsed {
  readonly call: ts.CallExpression;
  readonly list: ListSpan;
}

interface ParsedObject extends Parsed {
  readonly object: ts.ObjectLiteralExpression;
  readonly list: ListSpan;
}

/** Neighbours are asked again and again about the same few decorators. */
const calls = new Map<string, ParsedCall | undefined>();
const KEPT = 2000;

/** A call without its `@`; undefined when the text is none. */
function parseCall(text: string): ParsedCall | undefined {
  if (!calls.has(text)) {
    if (calls.size >= KEPT) calls.clear();
    calls.set(text, readCall(text));
  }
  return calls.get(text);
}

function readCall(text: string): ParsedCall | undefined {
  const ast = parseText('snippet.ts', text.replace(/^@/, ' '));
  const [statement] = ast.statements;
  const call = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const open = openOf(ast.text, call);
  const items = call.arguments.map((node) => ({ start: node.getStart(ast), end: node.end }));
  return { text: text.replace(/^@/, ' '), ast, call, list: { open, close: call.end - 1, items } };
}

function openOf(text: string, call: ts.CallExpression): number {
  return text.indexOf('(', call.typeArguments?.end ?? call.expression.end);
}

function parseObject(text: string): ParsedObject | undefined {
  const head = '(';
  const ast = parseText('snippet.ts', `${head}${text})`);
  const [statement] = ast.statements;
  const inner = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const object = inner && ts.isParenthesizedExpression(inner) ? inner.expression : undefined;
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
  const items = object.properties.map((node) => ({ start: node.getStart(ast) - 1, end: node.end - 1 }));
  return { text, ast, object, list: { open: object.getStart(ast) - 1, close: object.end - 2, items } };
}

function keyOf(property: ts.ObjectLiteralElementLike): string | undefined {
  const { name } = property;
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name))
    ? name.text
    : undefined;
}

/** The arguments of a call (or decorator) as texts; undefined when it is no call. */
export function argumentsOf(text: string): readonly string[] | undefined {
  const parsed = parseCall(text);
  return parsed?.list.items.map(({ start, end }) => parsed.text.slice(start, end));
}

/** The text with argument `index` replaced, or added at the end. */
export function withArgument(text: string, index: number, argument: string | undefined): string {
  const parsed = parseCall(text);
  if (parsed === undefined) return text;
  const item = parsed.list.items[index];
  const restore = (changed: string) => (text.startsWith('@') ? `@${changed.slice(1)}` : changed);
  if (argument === undefined)
    return item === undefined
      ? text
      : restore(applyEdits(parsed.text, removeItems(parsed.text, parsed.list, [index])));
  const edit =
    item === undefined
      ? insertItem(parsed.text, parsed.list, parsed.list.items.length, argument, '\n')
      : { ...item, text: argument };
  return restore(applyEdits(parsed.text, [edit]));
}

/** The text with another argument before the one at `index`. */
export function withArgumentBefore(text: string, index: number, argument: string): string {
  const parsed = parseCall(text);
  if (parsed === undefined) return text;
  if (parsed.list.items.length <= index) return withArgument(text, index, argument);
  const changed = applyEdits(parsed.text, [insertItem(parsed.text, parsed.list, index, argument, '\n')]);
  return text.startsWith('@') ? `@${changed.slice(1)}` : changed;
}

/** The keys of an object literal, and whether something is spread into it; undefined when the text is none. */
export function keysOf(text: string): { keys: readonly string[]; hasSpread: boolean } | undefined {
  const parsed = parseObject(text);
  if (parsed === undefined) return undefined;
  return {
    keys: parsed.object.properties.flatMap((property) => keyOf(property) ?? []),
    hasSpread: parsed.object.properties.some(ts.isSpreadAssignment),
  };
}

/** What is spread into an object literal, as texts. */
export function spreadsOf(text: string): readonly string[] {
  const parsed = parseObject(text);
  return (parsed?.object.properties ?? []).flatMap((property) =>
    ts.isSpreadAssignment(property) ? [property.expression.getText(parsed!.ast)] : [],
  );
}

/** The text of the value that a key of an object literal has. */
export function valueOf(text: string, key: string): string | undefined {
  const parsed = parseObject(text);
  const property = parsed?.object.properties.find((each) => keyOf(each) === key);
  if (parsed === undefined || property === undefined) return undefined;
  if (ts.isShorthandPropertyAssignment(property)) return property.name.text;
  return ts.isPropertyAssignment(property) ? property.initializer.getText(parsed.ast) : undefined;
}

/** An object literal with a key set to another value, added (behind the others) or taken away. */
export function withKey(text: string, key: string, value: string | undefined, style: SnippetStyle): string {
  const parsed = parseObject(text);
  if (parsed === undefined) return text;
  const index = parsed.object.properties.findIndex((each) => keyOf(each) === key);
  const item = parsed.list.items[index];
  if (value === undefined)
    return item === undefined ? text : applyEdits(text, removeItems(text, parsed.list, [index]));
  const written = `${key}: ${value}`;
  if (item !== undefined) return text.slice(0, item.start) + written + text.slice(item.end);
  return applyEdits(text, [insertItem(text, parsed.list, parsed.list.items.length, written, style.eol)]);
}

/** An object literal in which a key is called otherwise. */
export function withKeyRenamed(text: string, from: string, to: string): string {
  const parsed = parseObject(text);
  const property = parsed?.object.properties.find((each) => keyOf(each) === from);
  if (parsed === undefined || property?.name === undefined) return text;
  const start = property.name.getStart(parsed.ast) - 1;
  const value = ts.isShorthandPropertyAssignment(property) ? `: ${from}` : '';
  return text.slice(0, start) + to + value + text.slice(property.name.end - 1);
}

/** A list (in brackets, or an object literal) with another item at a place; at its end without one. */
export function withItem(
  text: string,
  item: string,
  { eol, index }: SnippetStyle & { readonly index?: number | undefined },
): string {
  const list = parseArray(text) ?? parseObject(text)?.list;
  return list === undefined
    ? text
    : applyEdits(text, [insertItem(text, list, index ?? list.items.length, item, eol)]);
}

/** The items of a list (in brackets, or an object literal), as texts. */
export function itemsOf(text: string): readonly string[] | undefined {
  const list = parseArray(text) ?? parseObject(text)?.list;
  return list?.items.map(({ start, end }) => text.slice(start, end));
}

/** A list without some of its items. */
export function withoutItems(text: string, indexes: readonly number[]): string {
  const list = parseArray(text) ?? parseObject(text)?.list;
  return list === undefined ? text : applyEdits(text, removeItems(text, list, indexes));
}

function parseArray(text: string): ListSpan | undefined {
  const ast = parseText('snippet.ts', `(${text})`);
  const [statement] = ast.statements;
  const inner = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const array = inner && ts.isParenthesizedExpression(inner) ? inner.expression : undefined;
  if (array === undefined || !ts.isArrayLiteralExpression(array)) return undefined;
  const items = array.elements.map((node) => ({ start: node.getStart(ast) - 1, end: node.end - 1 }));
  return { open: array.getStart(ast) - 1, close: array.end - 2, items };
}

/** A string literal's value; undefined for any other expression. */
export function stringOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^['"`]/.test(text)) return undefined;
  const [statement] = parseText('snippet.ts', `(${text})`).statements;
  const inner = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const literal = inner && ts.isParenthesizedExpression(inner) ? inner.expression : undefined;
  return literal !== undefined && ts.isStringLiteralLike(literal) ? literal.text : undefined;
}
