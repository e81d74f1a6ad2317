import type { TableplanError } from '../errors.ts';
import { accessNeeded } from './access.ts';
import { ts } from '../schema/compiler.cjs';
import type { CrudProject } from './crud-project.ts';
import type { CodePlace } from './refuses.ts';

/** A middleware of the project that lets only some through. */
export interface Guard {
  /** What its names are imported from, where they are not known yet. */
  readonly imports: readonly GuardImport[];
  /** As it stands in `use`: `requireAuth`, `requireRole('admin')`. */
  readonly text: string;
}

export type GuardImport = { readonly name: string } & (
  | { readonly path: string; readonly module?: undefined }
  | { readonly module: string; readonly path?: undefined }
);

/** Middleware of one file for use in another: all its names are imports of that file. */
export function guardFrom(node: ts.Expression, place: CodePlace, project: CrudProject): Guard | undefined {
  const imports: GuardImport[] = [];
  let isWhole = true;
  const visit = (each: ts.Node): void => {
    if (ts.isFunctionLike(each)) isWhole = false;
    else if (ts.isPropertyAccessExpression(each)) visit(each.expression);
    else if (ts.isPropertyAssignment(each)) visit(each.initializer);
    else if (ts.isIdentifier(each)) {
      const found = importOf(each.text, place, project);
      if (found === undefined) isWhole = false;
      else imports.push(found);
    } else ts.forEachChild(each, visit);
  };
  visit(node);
  return isWhole ? { imports, text: node.getText(place.ast) } : undefined;
}

function importOf(name: string, { path, ast }: CodePlace, project: CrudProject): GuardImport | undefined {
  for (const statement of ast.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const isIt = bindings.elements.some((each) => each.name.text === name && each.propertyName === undefined);
    if (!isIt || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const module = statement.moduleSpecifier.text;
    const target = project.resolveImport(path, module);
    return target === undefined ? { name, module } : { name, path: target };
  }
  return undefined;
}

/** The project has nothing that could guard a domain, by its name in words: nothing is invented that guards data. */
export function noGuard(domain: string): TableplanError {
  return accessNeeded(domain, {
    message: `The project has no middleware that could guard ${domain}.`,
    hint: '. tableplan uses the guard that a project has and invents none.',
    question: `Who may use ${domain}, and which exported middleware checks it?`,
  });
}
