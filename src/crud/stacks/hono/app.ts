import { ts } from '../../../schema/compiler.cjs';
import { bindingNames } from '../../../schema/parse.ts';
import { USUALLY_OPEN } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { type Closing, closingAt, type OwnClosing, ownClosing, type Reading } from './closed.ts';
import { joined, textOf } from '../../chains.ts';
import { type Link, makesHono, type Mount, readRouters, rootOf, type Router } from './routers.ts';

/** A domain that is mounted already, and what keeps strangers from it. */
export interface Neighbour {
  readonly mount: Mount;
  /** By its place. */
  readonly closing: Closing | undefined;
  /** By itself. */
  readonly own: OwnClosing | undefined;
}

/** The application as far as it matters where a domain is mounted. */
export interface HonoApp {
  readonly reading: Reading;
  /** Mounts of single domains, but not of the one that is written. */
  readonly leaves: readonly Mount[];
  /** Those that are no health checks, logins or the like. */
  readonly neighbours: readonly Neighbour[];
  /** Where the domain is mounted already. */
  readonly there: Mount | undefined;
  /** The file in which the domain is mounted, or is to be. */
  readonly path: string | undefined;
}

/** Reads the application; `routesName` is the function that makes the routes of the domain. */
export function readApp(project: CrudProject, routesName: string): HonoApp {
  const reading = { ...readRouters(project), project };
  const all = reading.mounts.filter(({ inner }) => inner === undefined);
  const isOwn = ({ target }: Mount): boolean => nameOf(target) === routesName;
  const there = all.find(isOwn);
  const leaves = all.filter((mount) => !isOwn(mount));
  const neighbours = leaves
    .filter((mount) => !isUsuallyOpen(mount))
    .map((mount) => ({
      mount,
      closing: closingAt({ router: mount.router, path: mount.link.path, at: mount.link.start }, reading),
      own: ownClosing(mount, reading),
    }));
  const path =
    there?.router.place.path ?? fileOf(neighbours.length > 0 ? neighbours.map((each) => each.mount) : leaves);
  return { reading, leaves, neighbours, there, path: path ?? applicationFile(project) };
}

function nameOf(target: ts.Expression): string | undefined {
  if (ts.isCallExpression(target)) return nameOf(target.expression);
  return ts.isIdentifier(target) ? target.text : undefined;
}

function isUsuallyOpen({ target, link }: Mount): boolean {
  const name = nameOf(target)?.replace(/(Routes?|Router|App|Handlers?|Controller|Api)$/, '') ?? '';
  const last = link.path.split('/').findLast((part) => part !== '') ?? '';
  return USUALLY_OPEN.test(name) || USUALLY_OPEN.test(last);
}

/** The file that mounts most of them. */
function fileOf(mounts: readonly Mount[]): string | undefined {
  const count = (path: string): number => mounts.filter(({ router }) => router.place.path === path).length;
  const paths = [...new Set(mounts.map(({ router }) => router.place.path))];
  return paths.toSorted((a, b) => count(b) - count(a))[0];
}

/** Where nothing is mounted yet: of the files that make a Hono, the one that is served. */
function applicationFile({ sources }: CrudProject): string | undefined {
  const made = [...sources].filter(
    ([path, text]) => !isTest(path) && /\bnew (Open[Aa][Pp][Ii])?Hono\b/.test(text),
  );
  const served = made.find(([, text]) =>
    /\bserve\s*\(|export default app\b|\bcreateApp\b|Bun\.serve/.test(text),
  );
  return (served ?? (made.length === 1 ? made[0] : undefined))?.[0];
}

/** Where a route can be mounted in a text. */
export interface MountPlace {
  readonly router: Router;
  /** The variable of the application; undefined where the route is a further link of a chain. */
  readonly variable: string | undefined;
  /** Offset behind the statement or link that the new one follows. */
  readonly at: number;
  /** A database that is in scope there, by its name. */
  readonly database: string | undefined;
  /** The path as it is written there, and as requests have it. */
  readonly url: string;
  readonly path: string;
  /** The path that the routes themselves begin with: that of the domain, where all are mounted at the top. */
  readonly base: string;
  /** Offset behind the last router of a list that is mounted as a whole: it stands there instead. */
  readonly inList?: number | undefined;
}

/** Behind a link of a router: as a statement of its own where that is one, else as a further link. */
export function placeBehind(
  link: Link,
  {
    name,
    beside,
    database,
  }: { readonly name: string; readonly beside: readonly Mount[]; readonly database: string | undefined },
): MountPlace {
  const { view, statement, scope } = link;
  const siblings = beside.filter((mount) => mount.link.view === view);
  const paths = siblings.map(pathOf);
  const isAtTop = paths.length > 0 && paths.every((path) => path === '/');
  const url = `${commonPrefix(paths)}/${name}`;
  const [first] = siblings;
  const written = first && (textOf(first.link.arguments[0]) ?? '');
  const base =
    first === undefined ? '' : first.link.path.slice(0, first.link.path.length - joined(written!).length);
  return {
    router: view,
    variable: statement === undefined ? undefined : view.name,
    at: (statement ?? link).end,
    database: databaseIn(scope, view, database),
    url,
    path: joined(base, url),
    base: isAtTop ? url : '',
  };
}

/** The path of a mount, as it is written. */
export function pathOf({ link }: Mount): string {
  return textOf(link.arguments[0]) ?? '';
}

/** In an application that mounts nothing yet: behind its last middleware, else behind what makes it. */
export function firstPlace(
  router: Router,
  { name, database }: { readonly name: string; readonly database: string | undefined },
): MountPlace | undefined {
  const use = rootOf(router).links.findLast(
    ({ method, statement }) => method === 'use' && statement !== undefined,
  );
  if (use !== undefined) return placeBehind(use, { name, beside: [], database });
  const statement = router.declaredBy;
  if (statement === undefined || router.name === undefined) return undefined;
  const path = `/${name}`;
  return {
    router,
    variable: router.name,
    at: statement.end,
    database: databaseIn(router.scope, router, database),
    url: path,
    path,
    base: '',
  };
}

/** The router that a file makes. */
export function madeIn({ reading }: HonoApp, path: string): Router | undefined {
  return reading.routers.find(
    ({ place, declaration }) =>
      place.path === path && declaration?.initializer !== undefined && makesAny(declaration.initializer),
  );
}

function makesAny(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) return makesAny(node.expression as ts.Expression);
  return makesHono(node) || (ts.isPropertyAccessExpression(node) && makesAny(node.expression));
}

/** `/api` of `/api/users` and `/api/orders`; nothing where they share nothing, or one is mounted at the top. */
function commonPrefix(paths: readonly string[]): string {
  const folders = paths.map((path) => path.split('/').slice(0, -1).join('/'));
  const [first = ''] = folders;
  return folders.every((folder) => folder === first) ? first : '';
}

function databaseIn(
  scope: readonly ts.Node[],
  { place }: Router,
  database: string | undefined,
): string | undefined {
  const names = scopeNames(scope, place.ast);
  return [database, 'db', 'database'].find((name) => name !== undefined && names.has(name));
}

function statementsAround(scope: ts.Node): readonly ts.Statement[] {
  return ts.isSourceFile(scope) || ts.isBlock(scope) ? scope.statements : [];
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
