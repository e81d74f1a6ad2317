import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import type { CodePlace } from '../../refuses.ts';

/** Code of one file for use in another. */
export interface Copied {
  readonly text: string;
  readonly imports: readonly CopiedImport[];
}

export interface CopiedImport {
  readonly name: string;
  readonly isType: boolean;
  /** A file of the project, or a package. */
  readonly from: { readonly path: string } | { readonly module: string };
}

/**
 * Code with the imports that its names need elsewhere; `instead` gives names that it calls otherwise there. Undefined where it
 * uses what its file keeps to itself. A name that the file neither imports nor declares is known everywhere.
 */
export function copied(
  node: ts.Node,
  { path, ast }: CodePlace,
  {
    project,
    instead = new Map(),
  }: { readonly project: CrudProject; readonly instead?: ReadonlyMap<string, string> },
): Copied | undefined {
  const imports: CopiedImport[] = [];
  const start = node.getStart(ast);
  let text = node.getText(ast);
  let isWhole = true;
  const renamed: { readonly at: number; readonly from: string; readonly to: string }[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isFunctionLike(each)) isWhole = false;
    else if (ts.isPropertyAccessExpression(each)) visit(each.expression);
    else if (ts.isPropertyAssignment(each)) visit(each.initializer);
    else if (ts.isPropertySignature(each)) {
      if (each.type !== undefined) visit(each.type);
    } else if (ts.isIdentifier(each)) {
      const other = instead.get(each.text);
      if (other !== undefined) {
        renamed.push({ at: each.getStart(ast) - start, from: each.text, to: other });
        return;
      }
      const found = importOf(each.text, { path, ast }, project);
      if (found === 'private') isWhole = false;
      else if (found !== 'global') imports.push(found);
    } else ts.forEachChild(each, visit);
  };
  visit(node);
  if (!isWhole) return undefined;
  for (const { at, from, to } of renamed.toReversed())
    text = text.slice(0, at) + to + text.slice(at + from.length);
  return { text, imports };
}

function importOf(
  name: string,
  { path, ast }: CodePlace,
  project: CrudProject,
): CopiedImport | 'private' | 'global' {
  for (const statement of ast.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { importClause, moduleSpecifier } = statement;
      const bindings = importClause?.namedBindings;
      if (importClause?.name?.text === name) return 'private';
      if (bindings !== undefined && ts.isNamespaceImport(bindings) && bindings.name.text === name)
        return 'private';
      if (bindings === undefined || !ts.isNamedImports(bindings) || !ts.isStringLiteral(moduleSpecifier))
        continue;
      const element = bindings.elements.find((each) => each.name.text === name);
      if (element === undefined) continue;
      if (element.propertyName !== undefined) return 'private';
      const target = project.resolveImport(path, moduleSpecifier.text);
      return {
        name,
        isType: element.isTypeOnly || importClause?.isTypeOnly === true,
        from: target === undefined ? { module: moduleSpecifier.text } : { path: target },
      };
    }
    const declared = declaredBy(statement);
    if (!declared.includes(name)) continue;
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    return isExported ? { name, isType, from: { path } } : 'private';
  }
  return 'global';
}

function declaredBy(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  const isNamed =
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** The lines that import what copied code needs, in a file of the project. */
export function importLines(
  imports: readonly CopiedImport[],
  file: string,
  project: CrudProject,
): readonly string[] {
  const moduleOf = ({ name, from }: CopiedImport): string =>
    'module' in from ? from.module : project.specifier(file, from.path, name);
  const ofValues = new Set(imports.filter(({ isType }) => !isType).map(moduleOf));
  const lines = imports.map((each) => {
    const module = moduleOf(each);
    if (!each.isType) return `import { ${each.name} } from '${module}';`;
    return ofValues.has(module)
      ? `import { type ${each.name} } from '${module}';`
      : `import type { ${each.name} } from '${module}';`;
  });
  return [...new Set(lines)];
}
