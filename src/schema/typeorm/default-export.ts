import { ts } from '../compiler.cjs';

/**
 * Whether a class, enum or constant leaves its file as the default export alone: `export default class User`, or
 * `class User` with `export default User` or `export { User as default }` elsewhere in the file.
 */
export function isDefaultExport(ast: ts.SourceFile, name: string): boolean {
  const exported = ast.statements.flatMap((node) => exportsOf(node, name));
  return exported.includes('default') && !exported.includes('named');
}

function exportsOf(node: ts.Statement, name: string): readonly ('default' | 'named')[] {
  if (ts.isExportAssignment(node)) {
    const isIt =
      node.isExportEquals !== true && ts.isIdentifier(node.expression) && node.expression.text === name;
    return isIt ? ['default'] : [];
  }
  if (ts.isExportDeclaration(node)) {
    const { exportClause, moduleSpecifier } = node;
    if (moduleSpecifier !== undefined || !exportClause || !ts.isNamedExports(exportClause)) return [];
    return exportClause.elements
      .filter((each) => (each.propertyName ?? each.name).text === name)
      .map((each) => (each.name.text === 'default' ? 'default' : 'named'));
  }
  const kinds = ts.canHaveModifiers(node) ? (node.modifiers ?? []).map(({ kind }) => kind) : [];
  if (!kinds.includes(ts.SyntaxKind.ExportKeyword) || !declares(node, name)) return [];
  return kinds.includes(ts.SyntaxKind.DefaultKeyword) ? ['default'] : ['named'];
}

function declares(node: ts.Statement, name: string): boolean {
  if (ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) return node.name?.text === name;
  return (
    ts.isVariableStatement(node) &&
    node.declarationList.declarations.some((each) => ts.isIdentifier(each.name) && each.name.text === name)
  );
}
