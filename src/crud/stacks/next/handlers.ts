import { basename, dirname } from 'node:path';
import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { type CodePlace, declarationOf, refusesStrangers } from '../../refuses.ts';
import { guardFrom, type Guard } from '../../guard.ts';

/** How a route handler keeps strangers out. */
export interface RouteGuard extends Guard {
  /** `withAuth` of `export const GET = withAuth(…)`, or the first statements of a handler. */
  readonly code: string;
  readonly isWrapper: boolean;
  /** The name and the type of the handler's request. */
  readonly request: { readonly name: string; readonly type: string };
}

/** A file with the handlers of a path: `app/api/users/route.ts`. */
export interface RouteFile {
  readonly path: string;
  /** `users` */
  readonly name: string;
  /** What every handler of it is closed by, as it stands in the code; undefined where one is open. */
  readonly closing: string | undefined;
  /** The same for use in another file; undefined where it cannot be had there. */
  readonly guard: RouteGuard | undefined;
}

const METHOD = /^(GET|POST|PUT|PATCH|DELETE)$/;
type Callable = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

/** The route handlers of an application that are for whole paths, not for `[id]` or `[...all]`. */
export function routeFiles(project: CrudProject): readonly RouteFile[] {
  return [...project.sources].flatMap(([path, text]) => {
    if (isTest(path) || !/\/app\/.*\/route\.[jt]sx?$/.test(path) || /\[/.test(path)) return [];
    const place = { path, ast: parseText(path, text) };
    const closings = handlersOf(place.ast).map((handler) => closingOf(handler, place, project));
    const isClosed = closings.length > 0 && closings.every((each) => each !== undefined);
    return [
      {
        path,
        name: basename(dirname(path)),
        closing: isClosed ? closings[0]!.text : undefined,
        guard: isClosed ? closings.find((each) => each!.guard !== undefined)?.guard : undefined,
      },
    ];
  });
}

/** The exported handlers of a file: functions, or what a function has wrapped. */
function handlersOf(ast: ts.SourceFile): readonly ts.Node[] {
  return ast.statements.flatMap((statement): ts.Node[] => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isFunctionDeclaration(statement))
      return METHOD.test(statement.name?.text ?? '') ? [statement] : [];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && METHOD.test(name.text) && initializer !== undefined ? [initializer] : [],
    );
  });
}

interface Closing {
  readonly text: string;
  readonly guard: RouteGuard | undefined;
}

function closingOf(node: ts.Node, place: CodePlace, project: CrudProject): Closing | undefined {
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    if (!refusesStrangers(expression, place, project)) return undefined;
    const guard = guardFrom(expression, place, project);
    const request = { name: 'request', type: 'Request' };
    return {
      text: expression.getText(place.ast),
      guard: guard && { ...guard, code: guard.text, isWrapper: true, request },
    };
  }
  const callable =
    ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node)
      ? node
      : undefined;
  const body = callable?.body;
  if (callable === undefined || body === undefined || !ts.isBlock(body)) return undefined;
  const checks = checksOf(body, place, project);
  return checks && { text: shown(checks, place), guard: guardOf(checks, callable, place, project) };
}

/** The first statements of a handler, as far as the last that refuses strangers: `const session = await auth(); if (!session) return …`. */
function checksOf(
  { statements }: ts.Block,
  place: CodePlace,
  project: CrudProject,
): readonly ts.Statement[] | undefined {
  const first = statements[0];
  const inside = first !== undefined && ts.isTryStatement(first) ? first.tryBlock.statements : statements;
  const end = inside.findIndex((each) => !ts.isVariableStatement(each) && !isCheck(each, place, project));
  const leading = inside.slice(0, end === -1 ? undefined : end);
  const last = leading.findLastIndex((each) => isCheck(each, place, project));
  return last === -1 ? undefined : leading.slice(0, last + 1);
}

function isCheck(statement: ts.Statement, place: CodePlace, project: CrudProject): boolean {
  if (ts.isIfStatement(statement))
    return (
      /return|throw/.test(statement.thenStatement.getText(place.ast)) &&
      refusesStrangers(statement.thenStatement, place, project)
    );
  // `await requireUser();` throws what the application answers.
  return (
    ts.isExpressionStatement(statement) &&
    ts.isAwaitExpression(statement.expression) &&
    refusesStrangers(statement.expression, place, project)
  );
}

function shown(checks: readonly ts.Statement[], { ast }: CodePlace): string {
  const calls = checks.map((each) => /await\s+([\w.]+\([^()]*\))/.exec(each.getText(ast))?.[1]);
  return calls.find((call) => call !== undefined) ?? checks.at(-1)!.getText(ast).split('\n')[0]!;
}

/** The statements with what they import; undefined where they use something that another file does not have. */
function guardOf(
  checks: readonly ts.Statement[],
  { parameters }: Callable,
  place: CodePlace,
  project: CrudProject,
): RouteGuard | undefined {
  const [parameter] = parameters;
  const request =
    parameter !== undefined && ts.isIdentifier(parameter.name) ? parameter.name.text : undefined;
  const type = parameter?.type?.getText(place.ast);
  const locals = new Set([
    'undefined',
    'Response',
    'JSON',
    'Date',
    'Boolean',
    'process',
    ...(request === undefined ? [] : [request]),
  ]);
  const imports: Guard['imports'][number][] = [];
  // A body that the checks have read is gone.
  const reads = checks.some((each) =>
    /\.(json|text|formData|blob|arrayBuffer)\(\)/.test(each.getText(place.ast)),
  );
  let isWhole = parameters.length < 2 && !reads;
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) || ts.isVariableDeclaration(node)) {
      if (ts.isIdentifier(node.name)) locals.add(node.name.text);
      else visit(node.name);
      if (node.initializer !== undefined) visit(node.initializer);
    } else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else if (ts.isIdentifier(node)) {
      if (locals.has(node.text)) return;
      const found = guardFrom(node, place, project);
      if (found === undefined) isWhole = false;
      else imports.push(...found.imports);
    } else ts.forEachChild(node, visit);
  };
  for (const check of checks) visit(check);
  const isNext = type === 'NextRequest';
  return isWhole
    ? {
        imports: [...unique(imports), ...(isNext ? [{ name: 'NextRequest', module: 'next/server' }] : [])],
        text: shown(checks, place),
        code: checks.map((each) => each.getText(place.ast)).join('\n'),
        isWrapper: false,
        request: {
          name: request?.replace(/^_/, '') === request ? (request ?? 'request') : 'request',
          type: isNext ? 'NextRequest' : 'Request',
        },
      }
    : undefined;
}

function unique(imports: readonly Guard['imports'][number][]): readonly Guard['imports'][number][] {
  return imports.filter(({ name }, index) => imports.findIndex((other) => other.name === name) === index);
}

/** What runs before every request, and whether it is seen to refuse strangers. */
export interface Middleware {
  readonly path: string;
  readonly refuses: boolean;
}

/** `middleware.ts`, or `proxy.ts` since Next.js 16, where it runs for a path; undefined where it does not. */
export function middlewareFor(path: string, project: CrudProject): Middleware | undefined {
  const file = [...project.sources.keys()].find((each) =>
    /^(src\/)?(middleware|proxy)\.[jt]s$/.test(each.slice(project.root.length + 1)),
  );
  if (file === undefined) return undefined;
  const place = { path: file, ast: parseText(file, project.sources.get(file)!) };
  const matchers = matchersOf(place, project);
  if (matchers !== undefined && !matchers.some((each) => matches(each, path))) return undefined;
  return {
    path: file,
    refuses: place.ast.statements.some(
      (each) => !ts.isImportDeclaration(each) && refusesStrangers(each, place, project),
    ),
  };
}

/** The texts in `config.matcher`; undefined where there is none, which is every path. */
function matchersOf(place: CodePlace, project: CrudProject): readonly string[] | undefined {
  const config = declarationOf('config', place, project);
  if (config === undefined || config === 'package') return undefined;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(config.node);
  return found.length === 0 ? undefined : found;
}

/** Whether a matcher (`/api/:path*`, `/((?!_next).*)`) is for a path; one that cannot be read is for none. */
function matches(matcher: string, path: string): boolean {
  const pattern = matcher
    .replaceAll(/\/:\w+\*/g, '(?:/.*)?')
    .replaceAll(/:\w+\+/g, '.+')
    .replaceAll(/:\w+/g, '[^/]+');
  try {
    return new RegExp(`^${pattern}$`).test(path);
  } catch {
    return false;
  }
}
