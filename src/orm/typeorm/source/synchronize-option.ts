import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';

/** `synchronize` where it is on in every environment, or in each that does not turn it off. */
export interface SynchronizeOption {
  readonly line: number;
  /** The value as it is written. */
  readonly text: string;
  /** Whether it is more than `true`: `isLocal || true`. */
  readonly isDisguised: boolean;
}

/** Finds options `synchronize` in a text whose value is true whatever else it says; nothing is run. */
export function synchronizeOptions(text: string): SynchronizeOption[] {
  if (!/\bsynchronize\b/.test(text)) return [];
  const ast = parseText('data-source.ts', text);
  const found: SynchronizeOption[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'synchronize') {
      const value = node.initializer;
      if (isOn(value))
        found.push({
          line: ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1,
          text: value.getText(ast),
          isDisguised: value.kind !== ts.SyntaxKind.TrueKeyword,
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

/** `true`, `x || true`, and `x ?? true`, which is on where nobody says otherwise. */
export function isOn(node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return isOn(node.expression);
  if (!ts.isBinaryExpression(node)) return false;
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.BarBarToken) return isOn(node.left) || isOn(node.right);
  return operator === ts.SyntaxKind.QuestionQuestionToken && isOn(node.right);
}
