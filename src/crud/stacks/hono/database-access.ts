import { TableplanError } from '../../../errors.ts';
import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import type { CodePlace } from '../../refuses.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import { type Copied, copied } from './copied.ts';

/** How the routes of a domain get the database. */
export type DatabaseAccess =
  /** It is given to the function that makes them. */
  | { readonly kind: 'given' }
  /** A middleware has set it: `c.get('db')`. */
  | { readonly kind: 'set'; readonly key: string }
  /** It is made of what the platform gives with each request: `drizzle(c.env.DATABASE_URL)`. */
  | { readonly kind: 'made'; readonly call: Copied };

const NAME = /^(db|database|drizzle|orm|dbClient|drizzleDb)$/;
const CONTEXT = /^(c|ctx|context)$/;

interface Use {
  readonly access: DatabaseAccess;
  readonly key: string;
}

/**
 * The way that most handlers of some files get it. Throws `crud-not-possible` where they make it by code that cannot be used
 * elsewhere.
 */
export function databaseAccess(
  files: readonly { readonly place: CodePlace }[],
  project: CrudProject,
): DatabaseAccess {
  const uses = files.flatMap(({ place }) => usesIn(place, project));
  const times = (key: string): number => uses.filter((each) => each.key === key).length;
  return uses.toSorted((a, b) => times(b.key) - times(a.key))[0]?.access ?? { kind: 'given' };
}

function usesIn(place: CodePlace, project: CrudProject): readonly Use[] {
  const found: Use[] = [];
  const visit = (node: ts.Node): void => {
    const key = keyOf(node);
    if (key !== undefined) found.push({ access: { kind: 'set', key }, key: `set ${key}` });
    const made = madeBy(node);
    if (made !== undefined) found.push(madeUse(made, place, project));
    ts.forEachChild(node, visit);
  };
  visit(place.ast);
  return found;
}

/** `db` of `c.get('db')`, `c.var.db` and `const { db } = c.var`. */
function keyOf(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [first] = node.arguments;
    const isGet = node.expression.name.text === 'get' && isContext(node.expression.expression);
    return isGet && first !== undefined && ts.isStringLiteralLike(first) && NAME.test(first.text)
      ? first.text
      : undefined;
  }
  if (ts.isPropertyAccessExpression(node) && NAME.test(node.name.text))
    return isVariables(node.expression) ? node.name.text : undefined;
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name))
    return node.initializer !== undefined && isVariables(node.initializer)
      ? node.name.elements
          .map(({ name, propertyName }) => (propertyName ?? name).getText())
          .find((name) => NAME.test(name))
      : undefined;
  return undefined;
}

function isContext(node: ts.Node): boolean {
  return ts.isIdentifier(node) && CONTEXT.test(node.text);
}

function isVariables(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'var' && isContext(node.expression);
}

/** The call of `const db = drizzle(c.env.DATABASE_URL)`. */
function madeBy(node: ts.Node): ts.CallExpression | undefined {
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !NAME.test(node.name.text))
    return undefined;
  const { initializer } = node;
  const call = initializer && ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return undefined;
  let isOfRequest = false;
  const visit = (each: ts.Node): void => {
    if (isContext(each)) isOfRequest = true;
    ts.forEachChild(each, visit);
  };
  call.arguments.forEach(visit);
  return isOfRequest ? call : undefined;
}

function madeUse(call: ts.CallExpression, place: CodePlace, project: CrudProject): Use {
  const instead = new Map(['c', 'ctx', 'context'].map((name) => [name, 'c']));
  const text = copied(call, place, { project, instead });
  if (text !== undefined) return { access: { kind: 'made', call: text }, key: `made ${text.text}` };
  const file = posixRelative(project.location.root, place.path);
  throw new TableplanError(
    'crud-not-possible',
    `${file} makes its database by ${call.getText(place.ast)}, which no other file can use.`,
    { hint: `Export what it uses from ${file}, or from a module of its own, and run the command again.` },
  );
}
