import { ts } from '../../../schema/compiler.cjs';
import { bindingNames, parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { bare, chainOf } from '../../chains.ts';
import { isTest } from '../../find-database.ts';
import type { Guard } from '../../guard.ts';
import { type CodePlace, declarationOf } from '../../refuses.ts';

/**
 * How a framework whose routers are called statement by statement puts them together: `app.use('/users', usersRouter)`,
 * `app.register(userRoutes, { prefix: '/users' })`.
 */
export interface Dialect {
  /** A file that has to do with the framework has this in it. */
  readonly hint: RegExp;
  /** Whether an expression makes an application or a router: `express()`, `Router()`. */
  makes(node: ts.Expression): boolean;
  /** Whether it is an application that listens, which routers are mounted in. */
  makesApplication(node: ts.Expression): boolean;
  /** What a call mounts; undefined for any other call. */
  mountOf(link: Link, project: CrudProject): MountCall | undefined;
  /** What a call lets every later request below a path of its router pass through: middleware, hooks. */
  passesOf(link: Link, project: CrudProject): Passing | undefined;
  /** Whether code of the framework lets only some requests through. */
  refuses(node: ts.Node, place: CodePlace, project: CrudProject): boolean;
  /** Code of a router for use with another; undefined where it cannot be had there. */
  guardOf(node: ts.Expression, router: Router, project: CrudProject): Guard | undefined;
  /** Guards that the framework's application has by name, beside exported functions. */
  guards?(): readonly { readonly name: string; readonly guard: Guard }[];
  /** What the requests of one route pass through before its handler; undefined for a call that makes no route. */
  routeOf(link: Link): Route | undefined;
  /** A statement that mounts a domain, without its semicolon. */
  write(mounted: Mounted): string;
}

export interface Route {
  readonly path: string | undefined;
  readonly before: readonly ts.Expression[];
}

/** A domain that is to be mounted. */
export interface Mounted {
  /** What it is mounted on. */
  readonly on: string;
  readonly isAwaited: boolean;
  readonly url: string;
  /** The function with its routes. */
  readonly routes: string;
  /** The variable with the database. */
  readonly database: string;
  readonly guard: Guard | undefined;
  /** What surrounds the statement: a line end and its indent, and one level more. */
  readonly eol: string;
  readonly indent: string;
}

export interface MountCall {
  readonly path: string;
  readonly target: ts.Expression;
  /** What is passed through on the way to it: `app.use('/users', requireAuth, usersRouter)`. */
  readonly guards: readonly ts.Expression[];
}

export interface Passing {
  readonly path: string;
  readonly through: readonly { readonly node: ts.Node; readonly place: CodePlace }[];
}

/** A call on a router, alone or in a chain. */
export interface Link {
  readonly router: Router;
  readonly method: string;
  readonly arguments: readonly ts.Expression[];
  readonly start: number;
  /** The statement that it is part of. */
  readonly statement: ts.Statement;
  /** `await app.register(…)` */
  readonly isAwaited: boolean;
  /** The functions and blocks around. */
  readonly scope: readonly ts.Node[];
}

/** What routes are put on: a variable or a parameter, by its name where it is declared. */
export interface Router {
  readonly place: CodePlace;
  readonly name: string;
  /** The function or block that declares it, or the file. */
  readonly owner: ts.Node;
  /** What makes it; undefined for a parameter. */
  readonly initializer: ts.Expression | undefined;
  /** The statement of its declaration. */
  readonly declaredBy: ts.Statement | undefined;
  readonly links: readonly Link[];
}

/** A router that is mounted in another, or the routes of a domain. */
export interface Mount extends MountCall {
  readonly link: Link;
  /** The router of the project that is mounted. */
  readonly inner: Router | undefined;
}

export interface Application {
  readonly project: CrudProject;
  readonly dialect: Dialect;
  readonly routers: readonly Router[];
  readonly mounts: readonly Mount[];
}

/** Reads the routers of all sources but tests. */
export function readApplication(project: CrudProject, dialect: Dialect): Application {
  const routers = [...project.sources].flatMap(([path, text]) =>
    isTest(path) || !dialect.hint.test(text) ? [] : routersOf({ path, ast: parseText(path, text) }, dialect),
  );
  const mounts = routers.flatMap(({ links }) =>
    links.flatMap((link): Mount[] => {
      const call = dialect.mountOf(link, project);
      return call === undefined
        ? []
        : [{ ...call, link, inner: innerOf(call.target, link, routers, project) }];
    }),
  );
  return { project, dialect, routers, mounts };
}

/** Whether a mount is of a router that mounts others in turn. */
export function isComposite({ inner }: Mount, { mounts }: Application): boolean {
  return inner !== undefined && mounts.some(({ link }) => link.router === inner);
}

function routersOf(place: CodePlace, { makes }: Dialect): readonly Router[] {
  const { ast } = place;
  const routers: (Router & { links: Link[] })[] = [];
  const routerOf = (name: string, scope: readonly ts.Node[]): Router & { links: Link[] } => {
    const owner = [...scope].toReversed().find((node) => declares(node, name)) ?? ast;
    const known = routers.find((each) => each.owner === owner && each.name === name);
    if (known !== undefined) return known;
    const declared = variableIn(owner, name);
    const source = declared?.initializer && sourceOf(declared.initializer);
    // `const app = fastify.withTypeProvider<…>()` is the same application.
    if (source !== undefined && source !== name) return routerOf(source, scope);
    const router = {
      place,
      name,
      owner,
      initializer: declared?.initializer,
      declaredBy: declared?.statement,
      links: [],
    };
    routers.push(router);
    return router;
  };
  const addChain = (
    expression: ts.Expression,
    statement: ts.Statement,
    scope: readonly ts.Node[],
    holder?: string,
  ) => {
    const isAwaited = ts.isAwaitExpression(expression);
    const { root, calls } = chainOf(expression, makes);
    const name = ts.isIdentifier(root) && !makes(root) ? root.text : holder;
    if (name === undefined) return;
    const router = routerOf(name, scope);
    for (const { name: method, node } of calls) {
      const { expression: callee } = node as { readonly expression: ts.Expression };
      const start = ts.isPropertyAccessExpression(callee) ? callee.expression.end : node.pos;
      const link = { router, method, arguments: [...node.arguments], start };
      router.links.push({ ...link, statement, isAwaited, scope });
    }
  };
  const visit = (node: ts.Node, scope: readonly ts.Node[]): void => {
    const inner = ts.isFunctionLike(node) || ts.isBlock(node) ? [...scope, node] : scope;
    if (ts.isExpressionStatement(node)) addChain(node.expression, node, scope);
    else if (ts.isReturnStatement(node) && node.expression !== undefined)
      addChain(node.expression, node, scope);
    else if (ts.isVariableStatement(node))
      for (const { name, initializer } of node.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer !== undefined && isMade(initializer, makes))
          addChain(initializer, node, scope, name.text);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ast, []);
  return routers;
}

/** `Router().use(…)`, `Fastify({ … }).withTypeProvider<…>()`: a chain behind what makes a router. */
export function isMade(node: ts.Expression, makes: Dialect['makes']): boolean {
  const own = bare(node);
  if (makes(own)) return true;
  return (
    ts.isCallExpression(own) &&
    ts.isPropertyAccessExpression(own.expression) &&
    isMade(own.expression.expression, makes)
  );
}

function sourceOf(initializer: ts.Expression): string | undefined {
  const { root, calls } = chainOf(initializer);
  const isSame = calls.length > 0 && calls.every(({ name }) => name === 'withTypeProvider');
  return isSame && ts.isIdentifier(root) ? root.text : undefined;
}

function declares(scope: ts.Node, name: string): boolean {
  return (
    (ts.isFunctionLike(scope) && scope.parameters.some((each) => bindingNames(each.name).includes(name))) ||
    variableIn(scope, name) !== undefined
  );
}

function variableIn(
  scope: ts.Node,
  name: string,
): { readonly initializer: ts.Expression | undefined; readonly statement: ts.Statement } | undefined {
  if (!ts.isSourceFile(scope) && !ts.isBlock(scope)) return undefined;
  for (const statement of scope.statements.filter(ts.isVariableStatement))
    for (const each of statement.declarationList.declarations)
      if (bindingNames(each.name).includes(name)) return { initializer: each.initializer, statement };
  return undefined;
}

/** The router that a target stands for: one of the same file, the parameter of a plugin, one that a function makes. */
function innerOf(
  target: ts.Expression,
  { router, scope }: Link,
  routers: readonly Router[],
  project: CrudProject,
): Router | undefined {
  const { place } = router;
  const inFile = (path: string) => routers.filter((each) => each.place.path === path);
  const own = bare(target);
  if (ts.isFunctionLike(own)) return inFile(place.path).find((each) => each.owner === own);
  const name = calledName(own);
  if (name === undefined) return undefined;
  const owners = [...scope, place.ast];
  const local = inFile(place.path).find((each) => each.name === name && owners.includes(each.owner));
  if (local !== undefined) return local;
  const declared = declarationOf(name, place, project);
  if (declared === undefined || declared === 'package') return undefined;
  const { node } = declared;
  const here = inFile(declared.place.path);
  const parameter = ts.isFunctionLike(node) ? node.parameters[0] : undefined;
  return (
    here.find(({ initializer }) => initializer !== undefined && initializer.pos === node.pos) ??
    here.find(
      (each) =>
        parameter !== undefined &&
        each.owner.pos === node.pos &&
        bindingNames(parameter.name).includes(each.name),
    ) ??
    here.find(
      ({ initializer }) =>
        initializer !== undefined && initializer.pos >= node.pos && initializer.end <= node.end,
    )
  );
}

/** `usersRouter` of `usersRouter` and of `usersRouter(db)`. */
export function calledName(node: ts.Expression): string | undefined {
  const own = bare(node);
  if (ts.isCallExpression(own)) return calledName(own.expression);
  return ts.isIdentifier(own) ? own.text : undefined;
}

/** The text of a path, with `${…}` for what is only known when it runs; undefined for what is no path. */
export function pathOf(node: ts.Expression | undefined, ast: ts.SourceFile): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.getText(ast).slice(1, -1);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [pathOf(node.left, ast), pathOf(node.right, ast)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const isNamed = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  const text = isNamed ? node.getText(ast) : '';
  return /(prefix|path|base|api|url|version|root)\w*$/i.test(text) ? `\${${text}}` : undefined;
}

/** A path as code: `'/users'`, or a template where only running it knows the whole. */
export function pathCode(path: string): string {
  return path.includes('${') ? `\`${path}\`` : `'${path}'`;
}
