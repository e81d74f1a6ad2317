import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { type ChainCall, chainOf, joined, textOf } from '../../chains.ts';
import { isTest } from '../../find-database.ts';
import { listOfLoop } from './listed.ts';
import { type CodePlace, declarationOf } from '../../refuses.ts';

/** A call on a router: `.use(…)`, `.route(…)`. */
export interface Link {
  readonly method: string;
  readonly arguments: readonly ts.Expression[];
  readonly start: number;
  /** Behind the call. */
  readonly end: number;
  /** The path that it is about, below that of the router's root. */
  readonly path: string;
  /** What it is called on: the router itself or a view of it. */
  readonly view: Router;
  /** The functions and blocks around. */
  readonly scope: readonly ts.Node[];
  /** The statement that is this one call; undefined where it is a link of a longer chain. */
  readonly statement: ts.ExpressionStatement | undefined;
}

/** An object that routes are put on. */
export interface Router {
  readonly place: CodePlace;
  /** The variable or parameter; undefined where it has no name (`export default new Hono()…`). */
  readonly name: string | undefined;
  /** The functions and blocks around. */
  readonly scope: readonly ts.Node[];
  /** What declares it; undefined for a parameter. */
  readonly declaration: ts.VariableDeclaration | undefined;
  /** The statement of that declaration. */
  readonly declaredBy: ts.Statement | undefined;
  /** The router of the same file that this one is another view of: `app.basePath('/api')`, `withAuth(app)`. */
  readonly of: Router | undefined;
  /** The call that makes it of another, or of nothing: `withAuth(app)`, `createApp()`. */
  readonly madeBy: ts.CallExpression | undefined;
  readonly links: readonly Link[];
}

/** A router that is mounted in another. */
export interface Mount {
  readonly router: Router;
  readonly link: Link;
  readonly target: ts.Expression;
  /** The router of the project that is mounted, where it mounts others in turn. */
  readonly inner: Router | undefined;
  /** The list in which it stands, where a loop mounts all of it. */
  readonly list?: ts.ArrayLiteralExpression | undefined;
}

/** All routers of a project and how they are put together. */
export interface Routers {
  readonly routers: readonly Router[];
  readonly mounts: readonly Mount[];
}

/** Reads the routers of all sources but tests. */
export function readRouters(project: CrudProject): Routers {
  const routers = [...project.sources].flatMap(([path, text]) =>
    isTest(path) || !/Hono\b|\.route\(/.test(text) ? [] : routersOf({ path, ast: parseText(path, text) }),
  );
  const mounts = routers.flatMap((router) =>
    router.links.flatMap((link): Mount[] => {
      const [, target] = link.arguments;
      if (link.method !== 'route' || target === undefined) return [];
      const list = ts.isIdentifier(target) ? listOfLoop(target.text, link.end, router.place.ast) : undefined;
      if (list !== undefined)
        return list.elements.map((element) => ({ router, link, target: element, inner: undefined, list }));
      return [{ router, link, target, inner: routerOf(target, router, { routers, project }) }];
    }),
  );
  return { routers, mounts: mounts.map((mount) => withoutLeaf(mount, mounts)) };
}

/** A router that mounts nothing is a domain's own. */
function withoutLeaf(mount: Mount, all: readonly Mount[]): Mount {
  const { inner } = mount;
  const mountsOthers = inner !== undefined && all.some(({ router }) => rootOf(router) === rootOf(inner));
  return mountsOthers ? mount : { ...mount, inner: undefined };
}

/** The router that others are views of. */
export function rootOf(router: Router): Router {
  return router.of === undefined ? router : rootOf(router.of);
}

function routerOf(
  target: ts.Expression,
  from: Router,
  { routers, project }: { readonly routers: readonly Router[]; readonly project: CrudProject },
): Router | undefined {
  const name = ts.isIdentifier(target)
    ? target.text
    : ts.isCallExpression(target) && ts.isIdentifier(target.expression)
      ? target.expression.text
      : undefined;
  if (name === undefined) return undefined;
  const local = routers.find((each) => each.place.ast === from.place.ast && each.name === name);
  if (local !== undefined) return local;
  const declared = declarationOf(name, from.place, project);
  if (declared === undefined || declared === 'package') return undefined;
  const { node, place } = declared;
  return routers.find(
    (each) =>
      each.place.path === place.path &&
      each.declaration !== undefined &&
      (each.declaration.initializer?.pos === node.pos || isWithin(each.declaration, node)),
  );
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return ts.isFunctionLike(outer) && inner.pos >= outer.pos && inner.end <= outer.end;
}

function routersOf(place: CodePlace): readonly Router[] {
  const { ast } = place;
  const chains = chainsIn(ast);
  const names = new Set(
    chains.flatMap(({ root, links, holder }) => [
      ...(ts.isIdentifier(root) && links.some(isMount) ? [root.text] : []),
      ...(makesHono(root) && holder !== undefined ? [holder] : []),
    ]),
  );
  const routers: (Router & { links: Link[] })[] = [];
  for (const chain of chains) {
    const { root, holder, declaration, declaredBy, scope } = chain;
    const known = ts.isIdentifier(root) ? routers.findLast(({ name }) => name === root.text) : undefined;
    const argument = ts.isCallExpression(root) ? root.arguments.find(ts.isIdentifier) : undefined;
    const derived = argument && routers.findLast(({ name }) => name === argument.text);
    const isNew = makesHono(root) || (holder !== undefined && names.has(holder));
    const isParameter = known === undefined && ts.isIdentifier(root) && names.has(root.text);
    if (known === undefined && !isNew && !isParameter) continue;
    const base = { place, scope, links: [] as Link[] };
    if (known !== undefined) {
      rootIn(routers, known).links.push(...linksOf(chain, known));
      // `const api = app.basePath('/api')` is the same application below a path.
      if (holder !== undefined && declaration !== undefined)
        routers.push({ ...base, name: holder, declaration, declaredBy, of: known, madeBy: undefined });
    } else {
      const router = {
        ...base,
        name: isParameter ? (root as ts.Identifier).text : holder,
        declaration: isParameter ? undefined : declaration,
        declaredBy: isParameter ? undefined : declaredBy,
        of: derived,
        madeBy: ts.isCallExpression(root) ? root : undefined,
      };
      routers.push(router);
      rootIn(routers, router).links.push(...linksOf(chain, router));
    }
  }
  return routers;
}

function rootIn<R extends Router>(routers: readonly R[], router: Router): R {
  return routers.find((each) => each === rootOf(router))!;
}

/** The path below which a view of an application puts its routes. */
export function baseOf(router: Router): string {
  const own = router.declaration?.initializer;
  const chain = own && chainOf(own);
  const added = (chain?.calls ?? []).flatMap(({ name, node }) =>
    name === 'basePath' ? (textOf(node.arguments[0]) ?? []) : [],
  );
  // The path of what makes an application holds for all its links, which are told below it.
  return router.of === undefined ? '' : joined(baseOf(router.of), ...added);
}

function linksOf({ root, links, scope, statement }: Chain, view: Router): readonly Link[] {
  const isByName = ts.isIdentifier(root);
  const only = links.length === 1 && statement !== undefined && ts.isExpressionStatement(statement);
  let base = baseOf(view);
  return links.map(({ name, node }) => {
    const first = textOf(node.arguments[0]);
    if (name === 'basePath' && isByName) base = joined(base, first ?? '');
    return {
      method: name,
      arguments: [...node.arguments],
      start: (node.expression as ts.PropertyAccessExpression).expression.end,
      end: node.end,
      path: joined(base, name === 'basePath' ? '' : (first ?? (name === 'use' ? '*' : ''))),
      view,
      scope,
      statement: only ? statement : undefined,
    };
  });
}

interface Chain {
  readonly root: ts.Expression;
  readonly links: readonly ChainCall[];
  readonly scope: readonly ts.Node[];
  /** The variable that holds it. */
  readonly holder: string | undefined;
  readonly declaration: ts.VariableDeclaration | undefined;
  readonly declaredBy: ts.Statement | undefined;
  readonly statement: ts.Statement | undefined;
}

function isMount({ name, node }: ChainCall): boolean {
  return name === 'route' && node.arguments.length > 1 && textOf(node.arguments[0]) !== undefined;
}

/** Chains of calls, in the order of the text: what makes a router, and what is done with one. */
function chainsIn(ast: ts.SourceFile): readonly Chain[] {
  const found: Chain[] = [];
  const add = (expression: ts.Expression, rest: Omit<Chain, 'root' | 'links'>) => {
    const { root, calls } = chainOf(expression);
    found.push({ root, links: calls, ...rest });
  };
  const visit = (node: ts.Node, scope: readonly ts.Node[]): void => {
    const inner = ts.isFunctionLike(node) || ts.isBlock(node) ? [...scope, node] : scope;
    if (ts.isVariableStatement(node))
      for (const declaration of node.declarationList.declarations) {
        const holder = ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
        const { initializer } = declaration;
        if (initializer === undefined || ts.isFunctionLike(initializer)) continue;
        const isMade = !ts.isIdentifier(chainOf(initializer).root);
        // What is done with an application by name, and only kept: `const routes = app.route(…)`.
        add(initializer, {
          scope,
          holder,
          declaration,
          declaredBy: node,
          statement: isMade ? undefined : node,
        });
      }
    else if (ts.isExpressionStatement(node))
      add(node.expression, {
        scope,
        holder: undefined,
        declaration: undefined,
        declaredBy: undefined,
        statement: node,
      });
    else if ((ts.isReturnStatement(node) || ts.isExportAssignment(node)) && node.expression !== undefined)
      add(node.expression, {
        scope,
        holder: undefined,
        declaration: undefined,
        declaredBy: undefined,
        statement: undefined,
      });
    // `(db) => new Hono().route(…)`
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body))
      add(node.body, {
        scope: inner,
        holder: undefined,
        declaration: undefined,
        declaredBy: undefined,
        statement: undefined,
      });
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ast, []);
  return found;
}

/** The first expression of a chain that is no method of a router. */
export function makerOf(expression: ts.Expression): ts.Expression {
  const { root, calls } = chainOf(expression);
  // `factory.createApp()` makes one.
  const [made] = calls;
  return made?.name === 'createApp' ? made.node : root;
}

/** `new Hono()`, `new OpenAPIHono<Env>()`. */
export function makesHono(node: ts.Expression): boolean {
  return (
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    /^(OpenAPI)?Hono$/.test(node.expression.text)
  );
}
