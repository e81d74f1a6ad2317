import { wordsOf } from '../../../schema/case.ts';
import { ts } from '../../../schema/compiler.cjs';
import { insertItem, type ListSpan } from '../../../schema/list-edit.ts';
import { parseText, spanOf } from '../../../schema/parse.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits, type TextEdit } from '../../../schema/text-edit.ts';
import { pluralName } from '../../../schema/word-names.ts';
import { decapitalised } from './names.ts';

/** A neighbour after which something is modelled. */
export interface Like {
  /** One of them, in PascalCase: `User`. A name with it in it is the neighbour's. */
  readonly subject: string;
  /** Its names by which code about it is found. */
  readonly finds: readonly string[];
  /** All its names that are known, and what stands for each of them in ours. */
  readonly names: ReadonlyMap<string, string>;
}

/** Something to be added where its like stands: the first of `likes` that a list has is its model there. */
export interface Copy {
  /** Its own name: where a text has that already, nothing is added. */
  readonly name: string;
  readonly likes: readonly Like[];
}

/**
 * Adds copies of what a text says about a neighbour, behind it: statements, members of objects, elements of arrays and links
 * of chains. Undefined where a copy would keep a name of the neighbour, for which nothing of ours is known; the same text where
 * the neighbour is not in it.
 */
export function copyLike(path: string, text: string, copies: readonly Copy[]): string | undefined {
  const ast = parseText(path, text);
  const known = identifiers(ast);
  const missing = copies.filter(({ name }) => !known.has(name)).map((copy) => withLocals(copy, ast));
  const names = new Set(missing.flatMap(({ likes }) => likes.flatMap((like) => like.finds)));
  if (names.size === 0) return text;
  const edits: TextEdit[] = [];
  for (const list of listsWith(ast, names)) {
    const added = missing.flatMap((copy) => copiesIn(list, copy, { ast, text }));
    if (added.some((each) => each.text === undefined)) return undefined;
    for (const after of new Set(added.map((each) => each.after))) {
      const texts = added.filter((each) => each.after === after).map((each) => each.text!);
      // A statement about several classes is copied once.
      edits.push(...insertions(list, after, [...new Set(texts)], text));
    }
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
  /** Undefined where a name of the neighbour would be left in it. */
  readonly text: string | undefined;
  /** The item that it follows. */
  readonly after: number;
}

interface Source {
  readonly ast: ts.SourceFile;
  readonly text: string;
}

function copiesIn(list: Items, { likes }: Copy, source: Source): readonly Added[] {
  const found = likes.map((like) => ({ like, at: placesOf(list, like) })).filter(({ at }) => at.length > 0);
  const [first] = found;
  if (first === undefined) return [];
  // Of a list one item is the model; of statements all that are about it: what makes it, and what registers it.
  const models = list.kind === 'statements' ? first.at : first.at.slice(-1);
  const isBlock = models.every((at, index) => index === 0 || at === models[index - 1]! + 1);
  const last = (index: number): number =>
    Math.max(
      ...found.map(({ at }) =>
        list.kind !== 'statements' || isBlock ? at.at(-1)! : (at[index] ?? at.at(-1)!),
      ),
    );
  return models.map((at, index) => ({
    text: copied(list.nodes[at]!, list.starts[at]!, first.like, source),
    after: last(index),
  }));
}

function placesOf(list: Items, { finds }: Like): readonly number[] {
  return list.nodes.flatMap((node, index) => {
    const mentioned = identifiers(node);
    return finds.some((name) => mentioned.has(name)) ? [index] : [];
  });
}

/** The code of a node with our names for the neighbour's. */
function copied(
  node: ts.Node,
  start: number,
  { names, subject }: Like,
  { ast, text }: Source,
): string | undefined {
  const edits: TextEdit[] = [];
  let isWhole = true;
  const visit = (each: ts.Node): void => {
    // A link of a chain is copied without what stands before it.
    if (each.end <= start) return;
    if (ts.isIdentifier(each) || ts.isStringLiteralLike(each)) {
      const ours = names.get(each.text);
      const quotes = ts.isIdentifier(each) ? 0 : 1;
      if (ours !== undefined)
        edits.push({
          start: each.getStart(ast) + quotes - start,
          end: each.end - quotes - start,
          text: ours,
        });
      else if (isNameOf(subject, each.text)) isWhole = false;
    } else if (ts.isTemplateExpression(each) && isNameOf(subject, each.getText(ast))) isWhole = false;
    ts.forEachChild(each, visit);
  };
  visit(node);
  return isWhole ? applyEdits(text.slice(start, node.end), edits) : undefined;
}

/** Whether a neighbour's word is in a name or a text: `User` in `createUserController`, `USER_TOKEN` and `/users`. */
function isNameOf(subject: string, name: string): boolean {
  const words = wordsOf(name).join(' ');
  return [subject, pluralName(subject)].some((form) => ` ${words} `.includes(` ${wordsOf(form).join(' ')} `));
}

/** With the variables that hold the neighbour, which get a name of ours. */
function withLocals(copy: Copy, ast: ts.SourceFile): Copy {
  return { ...copy, likes: copy.likes.map((like) => likeWithLocals(like, ast)) };
}

function likeWithLocals(like: Like, ast: ts.SourceFile): Like {
  // A class's name is its instance's too, with a small letter.
  const names = new Map(
    [...like.names].flatMap(([from, to]) => [
      [from, to],
      [decapitalised(from), decapitalised(to)],
    ]),
  );
  const finds = new Set(like.finds.flatMap((name) => [name, decapitalised(name)]));
  const ours = like.names.get(like.finds[0] ?? '');
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && holds(node.initializer, like.finds)) {
      finds.add(node.name.text);
      if (ours !== undefined && !names.has(node.name.text)) names.set(node.name.text, decapitalised(ours));
    }
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return { ...like, names, finds: [...finds] };
}

/** `container.resolve(GetUserController)`, `new GetUserController(…)`: one of the classes itself, nothing made of several. */
function holds(node: ts.Expression | undefined, classes: readonly string[]): boolean {
  if (node === undefined) return false;
  const isClass = (each: ts.Node): boolean => ts.isIdentifier(each) && classes.includes(each.text);
  if (ts.isAsExpression(node) || ts.isAwaitExpression(node)) return holds(node.expression, classes);
  if (ts.isNewExpression(node)) return isClass(node.expression);
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  const isPlain =
    ts.isIdentifier(expression) ||
    (ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression));
  return isPlain && node.arguments.some(isClass);
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
