import { ts } from '../../../schema/compiler.cjs';

/** Names that a file gives to constants, with what they stand for. */
export type Constants = ReadonlyMap<string, ts.Expression>;

/** `const` declarations among some statements, destructuring left out. */
export function constantsIn(statements: readonly ts.Node[]): Map<string, ts.Expression> {
  const declared = statements.flatMap((statement) =>
    ts.isVariableStatement(statement) && statement.declarationList.flags & ts.NodeFlags.Const
      ? statement.declarationList.declarations
      : [],
  );
  return new Map(
    declared.flatMap(({ name, initializer }): [string, ts.Expression][] =>
      ts.isIdentifier(name) && initializer ? [[name.text, initializer]] : [],
    ),
  );
}

/**
 * The literal that an expression comes to without being run: a string, a template without substitutions, or a constant
 * that stands for one.
 */
export function literalOf(node: ts.Expression, constants: Constants): ts.StringLiteralLike | undefined {
  if (ts.isStringLiteralLike(node)) return node;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return literalOf(node.expression, constants);
  if (!ts.isIdentifier(node)) return undefined;
  const value = constants.get(node.text);
  return value && literalOf(value, new Map());
}

/** The text of such a literal, or of several joined with `+`; undefined for what has to be run. */
export function constantText(node: ts.Expression, constants: Constants): string | undefined {
  if (ts.isParenthesizedExpression(node)) return constantText(node.expression, constants);
  if (!ts.isBinaryExpression(node)) return literalOf(node, constants)?.text;
  if (node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [constantText(node.left, constants), constantText(node.right, constants)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Parameters of a query that need not be run: a list of strings, numbers, booleans and nulls. */
export function constantList(node: ts.Expression): unknown[] | undefined {
  if (!ts.isArrayLiteralExpression(node)) return undefined;
  const values = node.elements.map((element) => {
    if (ts.isStringLiteralLike(element)) return { value: element.text };
    if (ts.isNumericLiteral(element)) return { value: Number(element.text) };
    if (element.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
    if (element.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
    return element.kind === ts.SyntaxKind.NullKeyword ? { value: null } : undefined;
  });
  return values.includes(undefined) ? undefined : values.map((entry) => entry?.value);
}
