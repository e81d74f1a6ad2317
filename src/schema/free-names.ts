import { ts } from './compiler.cjs';

/** The names that an expression takes from around it: no members, keys, or parameters of its own. */
export function freeNames(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  collect(node, new Set(), names);
  return names;
}

function collect(node: ts.Node, own: ReadonlySet<string>, names: Set<string>): void {
  if (ts.isIdentifier(node)) {
    if (!own.has(node.text)) names.add(node.text);
    return;
  }
  if (ts.isPropertyAccessExpression(node)) return collect(node.expression, own, names);
  if (ts.isPropertyAssignment(node)) return collect(node.initializer, own, names);
  if (ts.isTypeNode(node)) return collectChildren(node, own, names);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    const parameters = node.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    return collect(node.body, new Set([...own, ...parameters]), names);
  }
  collectChildren(node, own, names);
}

function collectChildren(node: ts.Node, own: ReadonlySet<string>, names: Set<string>): void {
  ts.forEachChild(node, (child) => collect(child, own, names));
}
