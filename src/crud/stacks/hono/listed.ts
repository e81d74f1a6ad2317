import { ts } from '../../../schema/compiler.cjs';

/**
 * The list of what a loop mounts, one after the other: of `routes.forEach((route) => app.route('/', route))`, or a `for … of`.
 * Undefined where `name` is no variable of such a loop, or its list is not written in the same file.
 */
export function listOfLoop(
  name: string,
  at: number,
  ast: ts.SourceFile,
): ts.ArrayLiteralExpression | undefined {
  let list: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (at < node.pos || at > node.end) return;
    list = loopOver(node, name) ?? list;
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return list === undefined ? undefined : arrayOf(list, ast);
}

/** What a loop with this variable goes through. */
function loopOver(node: ts.Node, name: string): ts.Expression | undefined {
  if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
    const isIt = node.initializer.declarations.some(
      (each) => ts.isIdentifier(each.name) && each.name.text === name,
    );
    return isIt ? node.expression : undefined;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const [callback] = node.arguments;
  if (node.expression.name.text !== 'forEach' || callback === undefined) return undefined;
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined;
  const [first] = callback.parameters;
  return first !== undefined && ts.isIdentifier(first.name) && first.name.text === name
    ? node.expression.expression
    : undefined;
}

function arrayOf(node: ts.Expression, ast: ts.SourceFile): ts.ArrayLiteralExpression | undefined {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return arrayOf(node.expression, ast);
  if (ts.isArrayLiteralExpression(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  const declared = ast.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((each) => ts.isIdentifier(each.name) && each.name.text === node.text);
  return declared?.initializer === undefined ? undefined : arrayOf(declared.initializer, ast);
}
