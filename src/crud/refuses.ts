import { ts } from '../schema/compiler.cjs';
import { parseText } from '../schema/parse.ts';
import type { CrudProject } from './crud-project.ts';

/** Code of a file of the project. */
export interface CodePlace {
  readonly path: string;
  readonly ast: ts.SourceFile;
}

/**
 * Middleware of packages whose code is not the project's, by the names that such middleware has: it is taken to refuse
 * strangers, for a domain that is closed too much shows itself, and one that is open does not.
 */
export const OF_PACKAGES =
  /^(jwt|jwk|bearer(Auth)?|basicAuth|withAuth|is(Authenticated|Authorized|LoggedIn|SignedIn)|auth(entication|orization)?(Middleware|Guard|Handler)|(require|ensure|verify|protect|check|authenticate)(d?(Auth\w*|User|Session|Login|LoggedIn|Role|Admin|Token|Jwt))?)$/i;
/** What answers a request that is refused. */
const REFUSAL =
  /(?<![=!<>]\s*)\b40[13]\b|['"`](Unauthori[sz]ed|Forbidden)\b|\b(Unauthori[sz]ed|Forbidden)\w*\s*\(|\b(UNAUTHORIZED|FORBIDDEN)\b|\.(jwtVerify|unauthorized|forbidden)\s*\(/;
/** How far names are followed: `protect` → `requireAuth` → `verify`. */
const DEEPEST = 4;

/**
 * Whether code lets only some requests through: it answers 401 or 403 itself, or by a function of the project that it calls, or
 * it is middleware of a package that is known to do so. Names alone prove nothing: a middleware that only looks who somebody
 * is refuses nobody.
 */
export function refusesStrangers(node: ts.Node, place: CodePlace, project: CrudProject): boolean {
  return refuses(node, place, { project, depth: 0, seen: new Set() });
}

interface Following {
  readonly project: CrudProject;
  readonly depth: number;
  readonly seen: Set<ts.Node>;
}

function refuses(node: ts.Node, place: CodePlace, following: Following): boolean {
  if (following.seen.has(node) || following.depth > DEEPEST) return false;
  following.seen.add(node);
  if (REFUSAL.test(withoutComments(node.getText(place.ast)))) return true;
  let found = false;
  const visit = (each: ts.Node, parent: ts.Node | undefined): void => {
    if (found) return;
    if (ts.isIdentifier(each)) found = isUsed(each, parent) && nameRefuses(each.text, place, following);
    else ts.forEachChild(each, (child) => visit(child, each));
  };
  visit(node, undefined);
  return found;
}

/** What is only spoken of is not done. */
function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, '');
}

/** Neither a key nor the name of what is declared. */
function isUsed(node: ts.Identifier, parent: ts.Node | undefined): boolean {
  if (parent === undefined) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  const isNamed =
    ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isFunctionDeclaration(parent);
  return !(isNamed && parent.name === node);
}

function nameRefuses(name: string, place: CodePlace, following: Following): boolean {
  const target = declarationOf(name, place, following.project);
  if (target === 'package') return OF_PACKAGES.test(name);
  if (target === undefined) return false;
  return refuses(target.node, target.place, { ...following, depth: following.depth + 1 });
}

interface Declared {
  readonly node: ts.Node;
  readonly place: CodePlace;
}

/** What a name of a file's top level, or an import of it, stands for. */
export function declarationOf(
  name: string,
  { path, ast }: CodePlace,
  project: CrudProject,
): Declared | 'package' | undefined {
  const own = topLevel(name, ast);
  if (own !== undefined) return { node: own, place: { path, ast } };
  for (const statement of ast.statements.filter(ts.isImportDeclaration)) {
    const imported = importedName(name, statement);
    if (imported === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const target = project.resolveImport(path, statement.moduleSpecifier.text);
    return target === undefined ? 'package' : exportOf(imported, target, project, 0);
  }
  return undefined;
}

function importedName(name: string, { importClause }: ts.ImportDeclaration): string | undefined {
  if (importClause?.name?.text === name) return 'default';
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
  const found = bindings.elements.find((element) => element.name.text === name);
  return found && (found.propertyName ?? found.name).text;
}

/** What a file exports under a name, through barrels too. */
function exportOf(name: string, path: string, project: CrudProject, depth: number): Declared | undefined {
  const text = project.sources.get(path);
  if (text === undefined || depth > DEEPEST) return undefined;
  const place = { path, ast: parseText(path, text) };
  const node = name === 'default' ? defaultOf(place.ast) : topLevel(name, place.ast);
  if (node !== undefined) return { node, place };
  for (const statement of place.ast.statements.filter(ts.isExportDeclaration)) {
    const { exportClause, moduleSpecifier } = statement;
    const from =
      moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
        ? project.resolveImport(path, moduleSpecifier.text)
        : undefined;
    const element =
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.find((each) => each.name.text === name)
        : undefined;
    if (exportClause !== undefined && element === undefined) continue;
    const inner = element === undefined ? name : (element.propertyName ?? element.name).text;
    const found = from === undefined ? undefined : exportOf(inner, from, project, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function topLevel(name: string, ast: ts.SourceFile): ts.Node | undefined {
  for (const statement of ast.statements) {
    if (
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name?.text === name
    )
      return statement;
    if (!ts.isVariableStatement(statement)) continue;
    const found = statement.declarationList.declarations.find(
      (each) => ts.isIdentifier(each.name) && each.name.text === name,
    );
    if (found?.initializer !== undefined) return found.initializer;
  }
  return undefined;
}

function defaultOf(ast: ts.SourceFile): ts.Node | undefined {
  const assigned = ast.statements.find(ts.isExportAssignment);
  if (assigned !== undefined)
    return ts.isIdentifier(assigned.expression)
      ? topLevel(assigned.expression.text, ast)
      : assigned.expression;
  return ast.statements.find(
    (statement) =>
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword),
  );
}
