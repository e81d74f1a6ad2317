import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { guardFrom } from '../../guard.ts';
import { declarationOf, refusesStrangers } from '../../refuses.ts';
import { bare, textOf } from '../../chains.ts';
import { calledName, type Dialect, isMade, type Link, pathCode, pathOf } from '../servers/routers.ts';

const ROUTER_NAME = /rout(er|es)$/i;
const ROUTE = /^(get|post|put|patch|delete|all)$/;

/** Express: `app.use('/users', requireAuth, usersRouter)`. */
export const expressDialect: Dialect = {
  hint: /['"]express['"]|\.use\(/,
  makes,
  makesApplication: (node) =>
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'express',
  mountOf(link, project) {
    const given = useOf(link);
    const target = given?.handlers.at(-1);
    if (given === undefined || target === undefined || !isRouter(target, link, project)) return undefined;
    return { path: given.path, target, guards: given.handlers.slice(0, -1) };
  },
  passesOf(link, project) {
    const given = useOf(link);
    if (given === undefined || expressDialect.mountOf(link, project) !== undefined) return undefined;
    return {
      path: given.path,
      through: given.handlers.map((node) => ({ node, place: link.router.place })),
    };
  },
  refuses: refusesStrangers,
  guardOf: (node, { place }, project) => guardFrom(node, place, project),
  routeOf({ method, arguments: [path, ...handlers] }) {
    if (!ROUTE.test(method) || handlers.length === 0) return undefined;
    return { path: textOf(path), before: handlers.slice(0, -1).flatMap(each) };
  },
  write({ on, url, routes, database, guard }) {
    return `${on}.use(${pathCode(url)}, ${guard === undefined ? '' : `${guard.text}, `}${routes}(${database}))`;
  },
};

function makes(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  if (ts.isIdentifier(expression)) return /^(express|Router)$/.test(expression.text);
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'express' &&
    expression.name.text === 'Router'
  );
}

/** What stands in `use`: a path, and the handlers behind it. */
function useOf({
  method,
  arguments: [first, ...rest],
  router,
}: Link): { readonly path: string; readonly handlers: readonly ts.Expression[] } | undefined {
  if (method !== 'use' || first === undefined) return undefined;
  const path = rest.length === 0 ? textOf(first) : pathOf(first, router.place.ast);
  return { path: path ?? '/', handlers: (path === undefined ? [first, ...rest] : rest).flatMap(each) };
}

/** Handlers may stand in a list. */
function each(node: ts.Expression): readonly ts.Expression[] {
  return ts.isArrayLiteralExpression(node) ? node.elements.flatMap(each) : [node];
}

/** Whether a handler is a router, by what it is declared as; where that cannot be seen, by its name. */
function isRouter(node: ts.Expression, { router, scope }: Link, project: CrudProject): boolean {
  const own = bare(node);
  if (isMade(own, makes)) return true;
  if (ts.isPropertyAccessExpression(own)) return ROUTER_NAME.test(own.name.text);
  const name = calledName(own);
  if (name === undefined) return false;
  const declared = declarationOf(name, router.place, project);
  if (declared === 'package') return ROUTER_NAME.test(name);
  if (declared !== undefined) return isMadeIn(declared.node);
  return scope.some(
    (around) => ts.isBlock(around) && around.statements.some((statement) => isMadeOf(statement, name)),
  );
}

function isMadeOf(statement: ts.Statement, name: string): boolean {
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some(
      (declared) =>
        ts.isIdentifier(declared.name) &&
        declared.name.text === name &&
        declared.initializer !== undefined &&
        isMadeIn(declared.initializer),
    )
  );
}

function isMadeIn(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && makes(node)) return true;
  return ts.forEachChild(node, (child) => isMadeIn(child) || undefined) ?? false;
}
