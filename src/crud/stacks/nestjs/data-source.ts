import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';

/** How a module gives its data source away: under a name, or as its default. */
export interface DataSourceExport {
  readonly path: string;
  /** The braces of the import, or the name of the default one. */
  readonly binding: string;
}

/** The exported `new DataSource(…)` of the project; undefined where it is made otherwise. */
export function dataSourceExport({ entries, sources }: CrudProject): DataSourceExport | undefined {
  for (const path of entries) {
    const text = sources.get(path);
    const binding = text === undefined ? undefined : bindingIn(parseText(path, text));
    if (binding !== undefined) return { path, binding };
  }
  return undefined;
}

function bindingIn(ast: ts.SourceFile): string | undefined {
  const made = new Set<string>();
  for (const statement of ast.statements) {
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && isNewDataSource(initializer)) {
          if (isExported(statement)) return importOf(name.text);
          made.add(name.text);
        }
    if (ts.isExportAssignment(statement)) {
      const { expression } = statement;
      if (isNewDataSource(expression) || (ts.isIdentifier(expression) && made.has(expression.text)))
        return 'dataSource';
    }
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    if (clause === undefined || !ts.isNamedExports(clause)) continue;
    const named = clause.elements.find(({ name, propertyName }) => made.has((propertyName ?? name).text));
    if (named !== undefined) return importOf(named.name.text);
  }
  return undefined;
}

function importOf(name: string): string {
  if (name === 'default') return 'dataSource';
  return name === 'dataSource' ? '{ dataSource }' : `{ ${name} as dataSource }`;
}

function isNewDataSource(expression: ts.Expression | undefined): boolean {
  return (
    expression !== undefined &&
    ts.isNewExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'DataSource'
  );
}

function isExported(statement: ts.VariableStatement): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
