import { ts } from '../../../../schema/compiler.cjs';
import { parseText } from '../../../../schema/parse.ts';
import { indentAt, readStyle } from '../../../../schema/style.ts';
import { applyEdits } from '../../../../schema/text-edit.ts';
import type { CrudProject } from '../../../crud-project.ts';
import { isTest } from '../../../find-database.ts';
import { unwound } from '../closed.ts';
import type { Mount } from './mounts.ts';

/** The call behind which a plugin is used, in a text of its file. */
interface Anchor {
  readonly call: ts.CallExpression;
  /** All nodes around it, outermost first. */
  readonly above: readonly ts.Node[];
  readonly ast: ts.SourceFile;
}

/** A text with `plugin` (`orderItems`, `orderItems(db)`) used right behind a neighbour: in its chain, or by a statement like its own. */
export function useBehind(text: string, mount: Mount, plugin: string): string {
  const { call, above, ast } = anchorOf(mount);
  const { root, links } = unwound(call.expression);
  const statement = above.at(-1);
  const isUse = ts.isPropertyAccessExpression(call.expression);
  const [given] = call.arguments;
  const receiver = isUse && ts.isIdentifier(root) ? root.text : given?.getText(ast);
  if (statement !== undefined && ts.isExpressionStatement(statement) && (links.length === 0 || !isUse)) {
    const { eol } = readStyle(text);
    const indent = indentAt(text, statement.getStart(ast));
    const end = text[statement.end - 1] === ';' ? ';' : '';
    const line = `${eol}${indent}${receiver}.use(${plugin})${end}`;
    return applyEdits(text, [{ start: statement.end, end: statement.end, text: line }]);
  }
  return applyEdits(text, [{ start: call.end, end: call.end, text: `${dotOf(call, text)}use(${plugin})` }]);
}

/** The mount itself, or the group that bears the neighbour's path: `.group('/users', (app) => app.use(users))`. */
function anchorOf({ call, above, place, subject }: Mount): Anchor {
  const group = above.findLast(
    (node): node is ts.CallExpression => ts.isCallExpression(node) && isGroupOf(node, subject),
  );
  return group === undefined
    ? { call, above, ast: place.ast }
    : { call: group, above: above.slice(0, above.indexOf(group)), ast: place.ast };
}

/** The path of the group that bears the neighbour's name; undefined where it is in none. */
export function groupPath({ above, subject }: Mount): string | undefined {
  const group = above.findLast(
    (node): node is ts.CallExpression => ts.isCallExpression(node) && isGroupOf(node, subject),
  );
  const path = group?.arguments[0];
  return path !== undefined && ts.isStringLiteralLike(path) ? path.text : undefined;
}

function isGroupOf({ expression, arguments: [path] }: ts.CallExpression, subject: string): boolean {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'group') return false;
  if (path === undefined || !ts.isStringLiteralLike(path)) return false;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain(path.text.split('/').findLast((part) => part !== '') ?? '').startsWith(
    plain(subject).slice(0, -1),
  );
}

/** What stands between an object and the name of its call: a dot, on a line of its own or not. */
function dotOf({ expression }: ts.CallExpression, text: string): string {
  if (!ts.isPropertyAccessExpression(expression)) return '.';
  const [before] = text.slice(expression.expression.end, expression.name.end).split(expression.name.text);
  return before?.trim() === '.' ? before : '.';
}

/** Where an application that uses no domain yet takes its first. */
export interface FirstPlace {
  readonly path: string;
  /** The call behind which, or the `listen` before which it is used. */
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly isListen: boolean;
  readonly ast: ts.SourceFile;
}

/** The application that listens, else the only one that a file makes. */
export function firstPlace({ sources }: Pick<CrudProject, 'sources'>): FirstPlace | undefined {
  const places = [...sources].flatMap(([path, text]): FirstPlace[] => {
    if (isTest(path) || !/\bnew Elysia\b/.test(text)) return [];
    const ast = parseText(path, text);
    const found = chainsIn(ast);
    const listening = found.find(({ isListen }) => isListen) ?? found[0];
    return listening === undefined ? [] : [{ ...listening, path, ast }];
  });
  const listening = places.filter(({ isListen }) => isListen);
  if (listening.length > 0) return listening[0];
  return places.length === 1 ? places[0] : undefined;
}

function chainsIn(ast: ts.SourceFile): readonly Pick<FirstPlace, 'call' | 'isListen'>[] {
  const found: Pick<FirstPlace, 'call' | 'isListen'>[] = [];
  const apps = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (isMade(node.initializer)) apps.add(node.name.text);
    if (isChainEnd(node, apps)) found.push(listenIn(node) ?? { call: node, isListen: false });
    else ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

/** `new Elysia()` with all that is called on it, or calls on the variable that holds it. */
function isChainEnd(node: ts.Node, apps: ReadonlySet<string>): node is ts.CallExpression | ts.NewExpression {
  if (ts.isNewExpression(node)) return isMade(node);
  if (!ts.isCallExpression(node)) return false;
  const { root } = unwound(node.expression);
  return isMade(root) || (ts.isIdentifier(root) && apps.has(root.text) && listenIn(node) !== undefined);
}

function isMade(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return isMade(unwound(node.expression).root);
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Elysia';
}

function listenIn(node: ts.Node): Pick<FirstPlace, 'call' | 'isListen'> | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { links } = unwound(node.expression);
  const last = ts.isPropertyAccessExpression(node.expression)
    ? [{ name: node.expression.name.text, node }]
    : [];
  const listen = [...links, ...last].find(({ name }) => name === 'listen');
  return listen && { call: listen.node, isListen: true };
}

/** A text with the plugin used last of all that the application uses. */
export function useFirst(text: string, { call, isListen, ast }: FirstPlace, plugin: string): string {
  const { eol, indent } = readStyle(text);
  if (isListen && ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    const at = call.expression.expression.end;
    return applyEdits(text, [{ start: at, end: at, text: `${dotOf(call, text)}use(${plugin})` }]);
  }
  const dot = ts.isCallExpression(call)
    ? dotOf(call, text)
    : `${eol}${indentAt(text, call.getStart(ast))}${indent}.`;
  return applyEdits(text, [{ start: call.end, end: call.end, text: `${dot}use(${plugin})` }]);
}
