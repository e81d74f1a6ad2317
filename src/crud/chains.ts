import { ts } from '../schema/compiler.cjs';

/** A call of a chain: `.use(…)`. */
export interface ChainCall {
  readonly name: string;
  readonly node: ts.CallExpression;
}

/** `new Hono().use(auth).route('/users', users)`: what it begins with, and its calls in their order. */
export interface CallChain {
  readonly root: ts.Expression;
  readonly calls: readonly ChainCall[];
}

/** An expression as a chain of calls of methods. `isRoot`: what it begins with at the latest, though it is such a call itself. */
export function chainOf(
  expression: ts.Expression,
  isRoot: (node: ts.Expression) => boolean = () => false,
): CallChain {
  const calls: ChainCall[] = [];
  let current = bare(expression);
  while (
    !isRoot(current) &&
    ts.isCallExpression(current) &&
    ts.isPropertyAccessExpression(current.expression)
  ) {
    calls.unshift({ name: current.expression.name.text, node: current });
    current = bare(current.expression.expression);
  }
  return { root: current, calls };
}

/** An expression without `await`, `void`, brackets and casts around it. */
export function bare(node: ts.Expression): ts.Expression {
  return ts.isAwaitExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
    ? bare(node.expression)
    : node;
}

export function textOf(node: ts.Expression | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** `/api/users` of `/api`, `/` and `users`. */
export function joined(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
