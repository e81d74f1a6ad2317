import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import { bare, type ChainCall, chainOf } from '../../chains.ts';
import type { CrudProject } from '../../crud-project.ts';
import { type CodePlace, declarationOf, refusesStrangers } from '../../refuses.ts';
import { decapitalised } from './names.ts';

/** A controller as the file of routes has it. */
export interface RegisteredController {
  /** What keeps strangers from its routes there, as it stands in the code; undefined where nothing that was seen does. */
  readonly closedBy: string | undefined;
  /** The variable that it is registered on: `app`, `guarded`, `protectedApp`. */
  readonly receiver: string | undefined;
}

/** Hooks of Elysia by which a plugin, or an application, refuses requests. */
export const HOOKS = /^(use|guard|onBeforeHandle|onRequest|onTransform|derive|resolve|macro)$/;

/** Where a controller is registered in a file, and what closes that place: guards around it, hooks before it, wrappers. */
export function registeredAt(
  className: string,
  place: CodePlace,
  project: CrudProject,
): RegisteredController | undefined {
  const reading = { place, project };
  const names = namesOf(className, place.ast);
  const found: RegisteredController[] = [];
  const visit = (node: ts.Node, above: readonly ts.Node[]): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && names.has(node.text) && !isDeclaredIn(above, names))
      found.push(around(node, above, reading));
    ts.forEachChild(node, (child) => visit(child, [...above, node]));
  };
  visit(place.ast, []);
  const open = found.find(({ closedBy }) => closedBy === undefined);
  return open ?? found[0];
}

/** The class, its instances, and lists that it stands in. */
function namesOf(className: string, ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set([className, decapitalised(className)]);
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (mentionsAny(node.initializer, names) && !ts.isFunctionLike(node.initializer))
        names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return names;
}

function mentionsAny(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isIdentifier(node) && names.has(node.text)) return true;
  return ts.forEachChild(node, (child) => mentionsAny(child, names) || undefined) ?? false;
}

/** In the declaration of one of the names: that only makes it. */
function isDeclaredIn(above: readonly ts.Node[], names: ReadonlySet<string>): boolean {
  const innermost = above.findLastIndex((node) => ts.isFunctionLike(node));
  return above
    .slice(innermost + 1)
    .some(
      (node) => ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && names.has(node.name.text),
    );
}

export interface Reading {
  readonly place: CodePlace;
  readonly project: CrudProject;
}

function around(node: ts.Identifier, above: readonly ts.Node[], reading: Reading): RegisteredController {
  let closedBy: string | undefined;
  let receiver: string | undefined;
  for (const [index, each] of above.entries()) {
    const inner = above[index + 1] ?? node;
    if (ts.isForOfStatement(each) && inner === each.expression)
      for (const name of namesWithin(each.statement)) closedBy ??= closingOfVariable(name, node.pos, reading);
    if (!ts.isCallExpression(each)) continue;
    closedBy ??= closingOfCall(each, inner, reading);
    if (inner !== each.expression) continue;
    // `createUserController.register(guarded)`: what it is registered on.
    const [given] = each.arguments;
    const on = given && bare(given);
    if (on !== undefined && ts.isIdentifier(on)) receiver = on.text;
    for (const argument of each.arguments)
      for (const name of namesWithin(argument)) closedBy ??= closingOfVariable(name, node.pos, reading);
  }
  return { closedBy, receiver };
}

/** A call around a registration: what it is given besides, and what was called on the same application before. */
function closingOfCall(call: ts.CallExpression, inner: ts.Node, reading: Reading): string | undefined {
  const { place } = reading;
  const guard = call.arguments.find((each) => each !== inner && closes(each, reading));
  if (guard !== undefined) return guard.getText(place.ast);
  const { root, links } = unwound(call.expression);
  for (const link of links) {
    const hook = HOOKS.test(link.name)
      ? link.node.arguments.find((each) => closes(each, reading))
      : undefined;
    if (hook !== undefined) return hook.getText(place.ast);
  }
  return ts.isIdentifier(root)
    ? closingOfVariable(root.text, call.pos, reading)
    : closingOfMaker(root, reading);
}

export function closingOfMaker(root: ts.Expression, reading: Reading): string | undefined {
  if (!ts.isCallExpression(root)) return undefined;
  const { place, project } = reading;
  if (refusesStrangers(root.expression, place, project)) return root.getText(place.ast);
  return undefined;
}

/** What an application that a variable holds is closed by, before an offset. */
export function closingOfVariable(
  name: string,
  before: number,
  reading: Reading,
  depth = 0,
): string | undefined {
  if (depth > 4) return undefined;
  const { place } = reading;
  let closedBy: string | undefined;
  const visit = (node: ts.Node): void => {
    if (closedBy !== undefined || node.pos > before) return;
    if (
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      node.name.text === name &&
      node.initializer
    ) {
      const { root, links } = unwound(node.initializer);
      closedBy = hookIn(links, reading) ?? closingOfMaker(root, reading);
      const given = ts.isCallExpression(root) ? root.arguments.map(bare).find(ts.isIdentifier) : undefined;
      const from = ts.isIdentifier(root) ? root.text : given?.text;
      if (from !== undefined && from !== name)
        closedBy ??= closingOfVariable(from, node.pos, reading, depth + 1);
    }
    if (ts.isExpressionStatement(node)) {
      const { root, links } = unwound(node.expression);
      const isOnIt =
        ts.isIdentifier(root) &&
        root.text === name &&
        !links.some(({ node: call }) => call.pos <= before && call.end > before);
      if (isOnIt)
        closedBy = hookIn(
          links.filter(({ node: call }) => call.end <= before),
          reading,
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(place.ast);
  return closedBy;
}

export function hookIn(links: readonly ChainCall[], reading: Reading): string | undefined {
  for (const { name, node } of links) {
    // With a function that gets the application, a guard holds in there alone.
    const isLocal = node.arguments.some((each) => ts.isArrowFunction(each) && name === 'guard');
    const hook =
      HOOKS.test(name) && !isLocal ? node.arguments.find((each) => closes(each, reading)) : undefined;
    if (hook !== undefined) return hook.getText(reading.place.ast);
  }
  return undefined;
}

/** Hooks of a plugin hold in the plugin alone, unless it says otherwise. */
export function closes(node: ts.Expression, { place, project }: Reading): boolean {
  if (ts.isObjectLiteralExpression(node) && node.properties.some((each) => isClosingMacro(each, project)))
    return true;
  if (!refusesStrangers(node, place, project)) return false;
  const declared = ts.isIdentifier(node) ? declarationOf(node.text, place, project) : undefined;
  if (declared === undefined || declared === 'package') return true;
  const code = declared.node.getText(declared.place.ast);
  return !/\bnew Elysia\b/.test(code) || /\bas:\s*['"](global|scoped)|\.as\(/.test(code);
}

function namesWithin(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(...namesWithin(child)));
  return names;
}

/** The chain of calls of an expression; of `app.use`, that of `app`. */
export function unwound(expression: ts.Expression): {
  readonly root: ts.Expression;
  readonly links: readonly ChainCall[];
} {
  const inner = bare(expression);
  const { root, calls } = chainOf(ts.isPropertyAccessExpression(inner) ? inner.expression : inner);
  return { root, links: calls };
}

/** Options of routes that plugins close them by: `{ auth: true }`, `{ isSignedIn: true }`, `{ role: 'admin' }`. */
const MACRO = /auth|signed|session|protect|role/i;

/** What a controller itself closes its routes by, in the options of each. */
export function closedByItself(place: CodePlace, project: CrudProject): string | undefined {
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && found === undefined) {
      const name = node.name.getText(place.ast);
      const value = node.initializer;
      const isHook = name === 'beforeHandle' && refusesStrangers(value, place, project);
      const isMacro =
        MACRO.test(name) && (value.kind === ts.SyntaxKind.TrueKeyword || ts.isStringLiteralLike(value));
      if (isHook || isMacro) found = node.getText(place.ast);
    }
    ts.forEachChild(node, visit);
  };
  visit(place.ast);
  return found;
}

/** `{ auth: true }` of a guard, where the project's own macro `auth` refuses strangers, or one of a package is called so. */
export function isClosingMacro(property: ts.ObjectLiteralElementLike, project: CrudProject): boolean {
  if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return false;
  const { name, initializer } = property;
  const isSet = initializer.kind === ts.SyntaxKind.TrueKeyword || ts.isStringLiteralLike(initializer);
  if (!isSet) return false;
  const own = macrosOf(name.text, project);
  return own.length > 0
    ? own.some(({ node, place }) => refusesStrangers(node, place, project))
    : MACRO.test(name.text);
}

/** What the project's `.macro({ auth: … })` and `.macro('auth', …)` say of a name. */
function macrosOf(
  name: string,
  project: CrudProject,
): readonly { readonly node: ts.Node; readonly place: CodePlace }[] {
  return [...project.sources].flatMap(([path, text]) => {
    if (!text.includes('.macro(')) return [];
    const place = { path, ast: parseText(path, text) };
    const found: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      if (node.expression.name.text !== 'macro') return;
      const [first, second] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        if (first.text === name && second !== undefined) found.push(second);
      } else if (first !== undefined && ts.isObjectLiteralExpression(first))
        found.push(...first.properties.filter((each) => each.name?.getText(place.ast) === name));
    };
    visit(place.ast);
    return found.map((node) => ({ node, place }));
  });
}
