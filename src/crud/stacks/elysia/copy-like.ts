import { ts } from '../../../schema/compiler.cjs';
import { insertItem, type ListSpan } from '../../../schema/list-edit.ts';
import { parseText, spanOf } from '../../../schema/parse.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits, type TextEdit } from '../../../schema/text-edit.ts';
import { decapitalised } from './names.ts';

/** Names of a neighbour, and what stands for each of them in ours. */
export type Substitution = ReadonlyMap<string, string>;

/** Something to be added where its like stands: the first of `likes` that a list has is its model there. */
export interface Copy {
  /** Its own name: where a text has that already, nothing is added. */
  readonly name: string;
  readonly likes: readonly Substitution[];
}

/**
 * Adds copies of what a text says about a neighbour, behind it: statements, members of objects, elements of arrays and links
 * of chains. Undefined where a copy cannot be made by names alone; the same text where the neighbour is not in it.
 */
export function copyLike(path: string, text: string, copies: readonly Copy[]): string | undefined {
  const ast = parseText(path, text);
  const known = identifiers(ast);
  const missing = copies.filter(({ name }) => !known.has(name));
  const names = new Set(missing.flatMap(({ likes }) => likes.flatMap((like) => [...like.keys()])));
  if (names.size === 0) return text;
  const edits: TextEdit[] = [];
  for (const list of listsWith(ast, names)) {
    const added = missing.flatMap((copy) => copyIn(list, copy, text) ?? []);
    if (added.some(({ declares }) => declares)) return undefined;
    for (const after of new Set(added.map((each) => each.after)))
      edits.push(
        ...insertions(
          list,
          after,
          added.filter((each) => each.after === after).map((each) => each.text),
          text,
        ),
      );
  }
  return applyEdits(text, edits);
}

/** Whether a text mentions one of the names outside its imports. */
export function mentions(path: string, text: string, names: readonly string[]): boolean {
  const ast = parseText(path, text);
  const known = identifiers(ast);
  return names.some((name) => known.has(name));
}

interface Items {
  readonly kind: 'statements' | 'list' | 'links';
  readonly nodes: readonly ts.Node[];
  readonly span: ListSpan | undefined;
  /** Offsets at which the items begin: links begin with their dot. */
  readonly starts: readonly number[];
}

/** The innermost lists whose items mention a name. */
function listsWith(ast: ts.SourceFile, names: ReadonlySet<string>): readonly Items[] {
  const forms = new Set([...names].flatMap((name) => [name, decapitalised(name)]));
  const found: Items[] = [];
  const has = (node: ts.Node): boolean => [...identifiers(node)].some((name) => forms.has(name));
  /** Whether the node's mentions are all in lists that were found within it. */
  const visit = (node: ts.Node): boolean => {
    if (ts.isImportDeclaration(node) || !has(node)) return true;
    const items = itemsOf(node, ast, has);
    if (items === undefined) {
      if (ts.isIdentifier(node)) return false;
      return childrenOf(node).map(visit).every(Boolean);
    }
    const open = items.nodes.filter((item) => has(item) && !visit(item));
    if (open.length > 0) found.push({ ...items, ...only(items, open) });
    return true;
  };
  visit(ast);
  return found;
}

function only({ nodes, starts }: Items, open: readonly ts.Node[]): Pick<Items, 'nodes' | 'starts'> {
  return { nodes: open, starts: open.map((node) => starts[nodes.indexOf(node)]!) };
}

function itemsOf(node: ts.Node, ast: ts.SourceFile, has: (node: ts.Node) => boolean): Items | undefined {
  if (ts.isSourceFile(node) || ts.isBlock(node))
    return {
      kind: 'statements',
      nodes: node.statements,
      span: undefined,
      starts: node.statements.map((each) => each.getStart(ast)),
    };
  if (
    ts.isObjectLiteralExpression(node) &&
    node.properties.some((each) => each.name !== undefined && has(each.name))
  )
    return listOf(node, node.properties, ast);
  if (ts.isArrayLiteralExpression(node)) return listOf(node, node.elements, ast);
  return linksOf(node, has);
}

function listOf(node: ts.Node, items: readonly ts.Node[], ast: ts.SourceFile): Items {
  const spans = items.map((item) => spanOf(item, ast));
  return {
    kind: 'list',
    nodes: items,
    span: { open: node.getStart(ast), close: node.end - 1, items: spans },
    starts: spans.map(({ start }) => start),
  };
}

/** `.use(a).use(b)`: the calls of a chain, each from the end of the one before. */
function linksOf(node: ts.Node, has: (node: ts.Node) => boolean): Items | undefined {
  const links: { readonly node: ts.CallExpression; readonly start: number }[] = [];
  let current = node;
  while (ts.isCallExpression(current) && ts.isPropertyAccessExpression(current.expression)) {
    links.unshift({ node: current, start: current.expression.expression.end });
    current = current.expression.expression;
  }
  const mentioning = links.filter((link) => link.node.arguments.some(has));
  if (mentioning.length < 2) return undefined;
  return {
    kind: 'links',
    nodes: mentioning.map((link) => link.node),
    span: undefined,
    starts: mentioning.map(({ start }) => start),
  };
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

interface Added {
  readonly text: string;
  /** The item that it follows. */
  readonly after: number;
  /** It declares a name that is there already. */
  readonly declares: boolean;
}

function copyIn(list: Items, { likes }: Copy, text: string): Added | undefined {
  const lastWith = (forms: Substitution): number =>
    list.nodes.findLastIndex((node) => {
      const mentioned = identifiers(node);
      return [...forms.keys()].some((name) => mentioned.has(name));
    });
  const found = likes
    .map(withLocals)
    .map((forms) => ({ forms, at: lastWith(forms) }))
    .filter(({ at }) => at !== -1);
  const [first] = found;
  if (first === undefined) return undefined;
  const node = list.nodes[first.at]!;
  return {
    text: substituted(text.slice(list.starts[first.at], node.end), first.forms),
    after: Math.max(...found.map(({ at }) => at)),
    declares: declared(node).some((name) => !first.forms.has(name)),
  };
}

/** A class's name is its instance's too, with a small letter. */
function withLocals(like: Substitution): Substitution {
  return new Map(
    [...like].flatMap(
      ([from, to]) =>
        [
          [from, to],
          [decapitalised(from), decapitalised(to)],
        ] as const,
    ),
  );
}

function substituted(code: string, forms: Substitution): string {
  return code.replace(/[A-Za-z_$][\w$]*/g, (word) => forms.get(word) ?? word);
}

function declared(node: ts.Node): string[] {
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
}

function insertions(list: Items, after: number, added: readonly string[], text: string): TextEdit[] {
  const { eol } = readStyle(text);
  const { end } = list.nodes[after]!;
  if (list.span !== undefined) {
    const index = list.span.items.findLastIndex((item) => item.end === end) + 1;
    return added.map((item) => insertItem(text, list.span!, index, item, eol));
  }
  const indent = /[ \t]*$/.exec(text.slice(0, list.starts[after]))?.[0] ?? '';
  const joined =
    list.kind === 'links' ? added.join('') : added.map((item) => `${eol}${indent}${item}`).join('');
  return [{ start: end, end, text: joined }];
}

/** The identifiers and identifier-like strings of a node, without those of imports. */
function identifiers(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (each: ts.Node): void => {
    if (ts.isImportDeclaration(each)) return;
    if (ts.isIdentifier(each) || ts.isStringLiteral(each)) names.add(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}
