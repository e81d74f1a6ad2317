import { ts } from '../compiler.cjs';
import type { CallChain, ChainLink } from './model.ts';
import { pgCoreName } from './pg-core-name.ts';
import type { SchemaFile } from '../source-file.ts';

/**
 * Takes a chain of calls apart: `t.varchar('a').notNull()` is the root `varchar` and one link. `sql\`…\`` and
 * anything that does not begin with a call is no chain.
 */
export function readChain(expression: ts.Expression, file: SchemaFile): CallChain | undefined {
  const links: ChainLink[] = [];
  let node = bare(expression);
  while (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const inner = bare(node.expression.expression);
    if (!ts.isCallExpression(inner)) break;
    links.unshift({
      name: node.expression.name.text,
      call: node,
      start: linkStart(node.expression, file),
      end: node.end,
    });
    node = inner;
  }
  if (!ts.isCallExpression(node)) return undefined;
  return {
    root: pgCoreName(node.expression, file) ?? calleeName(node.expression),
    rootCall: node,
    value: expression,
    links,
  };
}

/** Without parentheses, `as`, `satisfies` and `!` around it. */
export function bare(expression: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression);
  return isWrapped ? bare(expression.expression) : expression;
}

/** The last name of a callee: `varchar` for `t.varchar`. */
export function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
}

/** The text of a string literal or a template without holes. */
export function literalText(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** White space before the dot belongs to the link; a comment there does not. */
function linkStart(access: ts.PropertyAccessExpression, file: SchemaFile): number {
  const dot = file.text.lastIndexOf('.', access.name.getStart(file.ast) - 1);
  let at = dot;
  while (/\s/.test(file.text[at - 1] ?? '')) at -= 1;
  const isAfterComment = at > access.expression.end;
  return isAfterComment ? dot : at;
}
