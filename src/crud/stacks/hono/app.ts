import { ts } from '../../../schema/compiler.cjs';
import { bindingNames, parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';

/** The file in which the application puts its routes together. */
export interface HonoApp {
  readonly path: string;
  /** `/api` where all other routes stand below it. */
  readonly prefix: string;
}

/** The application: of the files that make a Hono, the one that others are mounted in, else the one that is served. */
export function findApp({ sources }: CrudProject): HonoApp | undefined {
  const made = [...sources].filter(
    ([path, text]) => !isTest(path) && /\bnew (Open[Aa][Pp][Ii])?Hono\b/.test(text),
  );
  const mounting = made.find(([, text]) => /\.route\(\s*['"`]/.test(text));
  const served = made.find(([, text]) =>
    /\bserve\s*\(|export default app\b|\bcreateApp\b|Bun\.serve/.test(text),
  );
  const found = mounting ?? served ?? (made.length === 1 ? made[0] : undefined);
  return found && { path: found[0], prefix: commonPrefix(mountedPaths(found[1])) };
}

function mountedPaths(text: string): string[] {
  return [...text.matchAll(/\.route\(\s*['"`]([^'"`]+)['"`]/g)].map(([, path = '']) => path);
}

/** `/api` of `/api/users` and `/api/orders`; nothing where they share nothing, or one is mounted at the top. */
function commonPrefix(paths: readonly string[]): string {
  const folders = paths.map((path) => path.split('/').slice(0, -1).join('/'));
  const [first = ''] = folders;
  return folders.every((folder) => folder === first) ? first : '';
}

/** Where a route can be mounted in a text. */
export interface MountPlace {
  /** The variable of the application; undefined where the route is a further link of the chain that makes it. */
  readonly variable: string | undefined;
  /** Offset behind the statement or link that the new one follows. */
  readonly at: number;
  /** A database that is in scope there, by its name. */
  readonly database: string | undefined;
}

/** Behind the last route, else behind the last middleware, else behind the application itself. */
export function findMountPlace(
  path: string,
  text: string,
  database: string | undefined,
): MountPlace | undefined {
  const ast = parseText(path, text);
  const makes: {
    readonly scope: readonly ts.Node[];
    readonly declaration: ts.VariableDeclaration;
    readonly statement: ts.Statement;
  }[] = [];
  const visit = (node: ts.Node, scope: readonly ts.Node[]): void => {
    if (ts.isVariableStatement(node))
      for (const declaration of node.declarationList.declarations)
        if (declaration.initializer && makesHono(declaration.initializer))
          makes.push({ scope, declaration, statement: node });
    ts.forEachChild(node, (child) => visit(child, isScope(node) ? [...scope, node] : scope));
  };
  visit(ast, []);
  const mounted = makes.filter(
    ({ declaration }) =>
      ts.isIdentifier(declaration.name) &&
      new RegExp(`\\b${declaration.name.text}\\s*\\.route\\(`).test(text),
  );
  const found = mounted[0] ?? makes[0];
  if (found === undefined || !ts.isIdentifier(found.declaration.name)) return undefined;
  const names = scopeNames(found.scope, ast);
  const known = [database, 'db', 'database'].find((name) => name !== undefined && names.has(name));
  const chained = lastChainedRoute(found.declaration.initializer!);
  if (chained !== undefined) return { variable: undefined, at: chained, database: known };
  const variable = found.declaration.name.text;
  const siblings = statementsAround(found.scope.at(-1) ?? ast);
  const uses = (method: string): ts.Statement[] => siblings.filter((each) => callsOn(each, variable, method));
  const after = uses('route').at(-1) ?? uses('use').at(-1) ?? found.statement;
  return { variable, at: after.end, database: known };
}

function isScope(node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isBlock(node);
}

function makesHono(node: ts.Expression): boolean {
  if (ts.isNewExpression(node))
    return ts.isIdentifier(node.expression) && /^(OpenAPI)?Hono$/.test(node.expression.text);
  if (ts.isCallExpression(node)) return makesHono(node.expression as ts.Expression);
  return ts.isPropertyAccessExpression(node) && makesHono(node.expression);
}

/** The end of the last `.route(…)` of a chain that begins with `new Hono()`. */
function lastChainedRoute(node: ts.Expression): number | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return node.expression.name.text === 'route' ? node.end : lastChainedRoute(node.expression.expression);
}

function statementsAround(scope: ts.Node): readonly ts.Statement[] {
  return ts.isSourceFile(scope) || ts.isBlock(scope) ? scope.statements : [];
}

function callsOn(statement: ts.Statement, variable: string, method: string): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  let call: ts.Expression = statement.expression;
  let found = false;
  while (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    found ||= call.expression.name.text === method;
    call = call.expression.expression;
  }
  return found && ts.isIdentifier(call) && call.text === variable;
}

/** Names of imports, and of parameters and constants around a place. */
function scopeNames(scope: readonly ts.Node[], ast: ts.SourceFile): ReadonlySet<string> {
  const imported = ast.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
  });
  const around = [ast, ...scope].flatMap((node) => [
    ...(ts.isFunctionLike(node) ? node.parameters.flatMap(({ name }) => bindingNames(name)) : []),
    ...statementsAround(node)
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) =>
        declarationList.declarations.flatMap(({ name }) => bindingNames(name)),
      ),
  ]);
  return new Set([...imported, ...around]);
}
