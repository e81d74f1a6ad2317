import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { At } from '../errors.ts';
import type { PlanPath } from './plan.ts';
import { sourceOffset } from './scalar-offsets.ts';
import { visible } from './visible.ts';

/** The text of a plan with its YAML documents: what a path is looked up in. */
export interface PlanSource {
  readonly file: string;
  /** Nobody has this text as a file: places are named by their field. */
  readonly byField?: boolean | undefined;
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
}

/** What of the value at a path is meant: a character of its text, or one of its keys. */
export interface Place {
  readonly offset?: number | undefined;
  readonly key?: string | undefined;
}

/**
 * File, line and column of a value in the plan. Where the path leads to nothing (a missing key), its nearest
 * ancestor is meant. Columns count UTF-16 units from 1, as TypeScript and editors' links do.
 */
export function locate(source: PlanSource, path: PlanPath, place: Place = {}): At {
  const at = atOffset(source, offsetOf(source, path, place));
  return source.byField ? { ...at, field: fieldOf(path, place.key) } : at;
}

/** `[0, 'changes', 'add_columns', 1, 'type']` → `changes.add_columns[1].type`; further documents are counted. */
function fieldOf([document = 0, ...path]: PlanPath, key: string | undefined): string {
  const steps = key === undefined || path.at(-1) === key ? path : [...path, key];
  const field = steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return [field || 'the plan', ...(Number(document) > 0 ? [`document ${Number(document) + 1}`] : [])].join(
    ', ',
  );
}

/** The offset of the same place in the text. */
export function offsetOf(source: PlanSource, path: PlanPath, place: Place = {}): number {
  const [index, ...rest] = path;
  const document = source.documents[Number(index ?? 0)];
  if (!document?.contents) return document?.range[0] ?? 0;
  if (place.key !== undefined) return offsetOfKey(source, document, rest, place.key);
  const found = find(document, rest);
  if (found.complete && place.offset !== undefined && isScalar(found.node)) {
    return sourceOffset(source.text, found.node, place.offset);
  }
  const collection = isMap(found.node) || isSeq(found.node);
  return collection && found.key !== undefined ? startOf(found.key) : startOf(found.node);
}

/** File, line and column of an offset in the text. */
export function atOffset(source: { readonly file: string; readonly text: string }, offset: number): At {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { file: source.file, line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Characters of a line shown before and after the one in question. */
const SHOWN_AROUND = 60;

/** The line in question with a caret below; characters that cannot be seen are spelled out. */
export function codeFrame(text: string, at: At): string | undefined {
  if (at.line === undefined || at.column === undefined) return undefined;
  const line = (text.split('\n')[at.line - 1] ?? '').replace(/\r$/, '');
  const from = Math.max(0, at.column - 1 - SHOWN_AROUND);
  const before = `${from > 0 ? '…' : ''}${visible(line.slice(from, at.column - 1))}`;
  const after = visible(line.slice(at.column - 1, at.column - 1 + SHOWN_AROUND));
  const number = String(at.line);
  return `${number} | ${before}${after}\n${' '.repeat(number.length)} | ${' '.repeat([...before].length)}^`;
}

interface Found {
  readonly node: Node | null;
  /** The key that the node stands behind, when it is the value of one. */
  readonly key: Node | undefined;
  /** Whether the whole path was there. */
  readonly complete: boolean;
}

function find(document: Document.Parsed, path: readonly (string | number)[]): Found {
  let node: Node | null = document.contents;
  let key: Node | undefined;
  for (const step of path) {
    const next: Step | undefined = stepInto(resolveAlias(document, node), step);
    if (next === undefined) return { node, key, complete: false };
    [node, key] = [next.node, next.key];
  }
  return { node: resolveAlias(document, node), key, complete: true };
}

interface Step {
  readonly node: Node | null;
  readonly key: Node | undefined;
}

function stepInto(node: Node | null, step: string | number): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? undefined : { node: item, key: undefined };
  }
  const pair = pairOf(node, String(step));
  if (pair) return { node: pair.value ?? (pair.key as Node), key: pair.key };
  return step === 'new_name' ? renameInChanges(node) : undefined;
}

/** `rename_table` takes its new name under `changes` too. */
function renameInChanges(node: Node | null): Step | undefined {
  const pair = pairOf(pairOf(node, 'changes')?.value ?? null, 'rename_table');
  return pair && { node: pair.value, key: pair.key };
}

function pairOf(node: Node | null, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap(node)) return undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  return pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function resolveAlias(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}

function offsetOfKey(
  source: PlanSource,
  document: Document.Parsed,
  path: readonly (string | number)[],
  key: string,
): number {
  const owner = path.at(-1) === key ? path.slice(0, -1) : path;
  const found = find(document, owner);
  const pair = pairOf(found.node, key);
  return pair ? startOf(pair.key) : offsetOf(source, [source.documents.indexOf(document), ...owner]);
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
