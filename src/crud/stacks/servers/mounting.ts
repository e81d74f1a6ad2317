import { basename } from 'node:path';
import type { Notice } from '../../../plan/change.ts';
import { ts } from '../../../schema/compiler.cjs';
import { bindingNames } from '../../../schema/parse.ts';
import { mountedNotice, USUALLY_OPEN } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { Guard } from '../../guard.ts';
import { declarationOf } from '../../refuses.ts';
import { accessOf, guardStuck } from '../../route-access.ts';
import { type Closing, closingAt, type OwnClosing, ownClosing } from './closed.ts';
import { findGuard } from './find-guard.ts';
import { joined } from '../../chains.ts';
import {
  type Application,
  calledName,
  type Dialect,
  isComposite,
  isMade,
  type Link,
  type Mount,
  readApplication,
  type Router,
} from './routers.ts';

/** Where the routes of a domain are mounted, what guards them, and what is told of that. */
export interface MountPlan {
  /** The file; undefined where nothing makes an application. */
  readonly path: string | undefined;
  readonly isThere: boolean;
  /** Where the domain has its routes already. */
  readonly routes: string | undefined;
  readonly place: MountPlace | undefined;
  /** What is put before the routes. */
  readonly guard: Guard | undefined;
  readonly notice: Notice;
  /** The files with the routes of the other domains. */
  readonly others: readonly string[];
}

export interface MountPlace {
  readonly router: Router;
  /** Offset before or behind a statement. */
  readonly at: number;
  readonly isBefore: boolean;
  readonly isAwaited: boolean;
  /** The path as it is written there. */
  readonly url: string;
  /** A database that is in scope there, by its name. */
  readonly database: string | undefined;
}

export interface Wanted {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly dialect: Dialect;
  /** The function with the routes. */
  readonly routesName: string;
  /** The name of the project's database. */
  readonly database: string | undefined;
}

/** A domain that is mounted already, and what keeps strangers from it. */
export interface Neighbour {
  readonly mount: Mount;
  readonly closing: Closing | undefined;
  readonly own: OwnClosing | undefined;
}

/**
 * Finds the place for the routes of a domain: behind those of the others, in the same router, so that what closes these closes
 * it too. Throws what `accessOf` throws.
 */
export function planMount(wanted: Wanted): MountPlan {
  const { domain, project, dialect, routesName } = wanted;
  const application = readApplication(project, dialect);
  const all = application.mounts.filter((mount) => !isComposite(mount, application));
  const isOwn = ({ target }: Mount): boolean => calledName(target) === routesName;
  const leaves = all.filter((mount) => !isOwn(mount) && isDomain(mount, application));
  const others = leaves.flatMap((mount) => fileOf(mount, project) ?? []);
  const there = all.find(isOwn);
  if (there !== undefined) return asItIs(there, { ...wanted, application, others });
  const neighbours = leaves
    .filter((mount) => !isUsuallyOpen(mount))
    .map((mount) => neighbourOf(mount, application));
  const place = placeFor(wanted, { application, leaves, neighbours });
  const closing =
    place && closingAt({ router: place.router, path: joined(place.url), at: place.at }, application);
  const access = accessAt(domain, { application, neighbours, closing, isMounted: place !== undefined });
  return { path: place?.router.place.path, isThere: false, routes: undefined, place, others, ...access };
}

function neighbourOf(mount: Mount, application: Application): Neighbour {
  const { router, start } = mount.link;
  return {
    mount,
    closing: closingAt({ router, path: joined(mount.path), at: start }, application),
    own: ownClosing(mount, application),
  };
}

interface Site {
  readonly application: Application;
  readonly neighbours: readonly Neighbour[];
  readonly closing: Closing | undefined;
  readonly isMounted: boolean;
}

/** What guards the routes of a domain at a place, and what is told of that. */
export function accessAt(
  domain: CrudDomain,
  { application, neighbours, closing, isMounted }: Site,
): ReturnType<typeof accessOf> {
  const guarded = neighbours.find((each) => each.own !== undefined || each.closing !== undefined);
  return accessOf(domain, {
    isMounted,
    closing: closing?.text,
    find: () => findGuard(domain, application),
    usual: () => usualGuard(neighbours, domain),
    guarded: guarded && { path: joined(guarded.mount.path), by: (guarded.own ?? guarded.closing)!.text },
  });
}

/** Routes of its own, and not a part of the framework's or a package's. */
function isDomain({ inner, path, target }: Mount, { dialect }: Application): boolean {
  const hasRoutes = inner?.links.some((link) => dialect.routeOf(link) !== undefined) ?? false;
  return hasRoutes || (calledName(target) !== undefined && joined(path) !== '/');
}

/** The file that has the routes which are mounted. */
function fileOf({ target, link, inner }: Mount, project: CrudProject): string | undefined {
  const name = calledName(target);
  const declared = name === undefined ? undefined : declarationOf(name, link.router.place, project);
  const path = declared === undefined || declared === 'package' ? inner?.place.path : declared.place.path;
  return path === link.router.place.path ? undefined : path;
}

function asItIs(
  { link, path, target }: Mount,
  {
    domain,
    project,
    application,
    others,
  }: Wanted & { readonly application: Application; readonly others: readonly string[] },
): MountPlan {
  const { router, start } = link;
  const mount = application.mounts.find((each) => each.link === link && each.target === target);
  const closing =
    closingAt({ router, path: joined(path), at: start }, application) ??
    (mount && ownClosing(mount, application));
  const declared = declarationOf(calledName(target)!, router.place, project);
  return {
    path: router.place.path,
    isThere: true,
    routes: declared === undefined || declared === 'package' ? undefined : declared.place.path,
    place: undefined,
    guard: undefined,
    notice: mountedNotice(domain, closing),
    others,
  };
}

export function isUsuallyOpen({ target, path, inner, link }: Mount): boolean {
  const name =
    calledName(target)?.replace(/(Routes?|Router|App|Handlers?|Controller|Api|Plugin)$/i, '') ?? '';
  const last = path.split('/').findLast((part) => part !== '') ?? '';
  const file =
    inner === undefined || inner.place.path === link.router.place.path
      ? ''
      : basename(inner.place.path).split('.')[0]!;
  return [name, last, file].some((word) => USUALLY_OPEN.test(word) && !/^(index|app|api|root)$/i.test(word));
}

interface Around {
  readonly application: Application;
  readonly leaves: readonly Mount[];
  readonly neighbours: readonly Neighbour[];
}

function placeFor(wanted: Wanted, { application, leaves, neighbours }: Around): MountPlace | undefined {
  const { domain, project } = wanted;
  const beside = neighbours.length > 0 ? neighbours.map(({ mount }) => mount) : leaves;
  const behind = (link: Link): MountPlace => placeBehind(link, beside, wanted, application);
  const closes = ({ mount, closing }: Neighbour): boolean => {
    if (closing === undefined) return false;
    const { router, url, at } = behind(mount.link);
    return closingAt({ router, path: joined(url), at }, application) !== undefined;
  };
  const anchor =
    domain.authentication === 'public'
      ? neighbours.findLast(({ closing, own }) => closing === undefined && own === undefined)
      : neighbours.findLast(closes);
  const last = anchor?.mount ?? mostUsed(beside).at(-1);
  if (last === undefined) return firstPlace(wanted, application);
  const place = behind(last.link);
  if (anchor !== undefined || domain.authentication === 'public') return place;
  // Nothing is mounted behind the middleware that closes the rest of the application: the first is.
  const { router, start } = last.link;
  const closing = router.links.findLast((link) => {
    const passing = link.start > start ? application.dialect.passesOf(link, project) : undefined;
    return (
      passing?.through.some(({ node, place: own }) => application.dialect.refuses(node, own, project)) ??
      false
    );
  });
  return closing === undefined ? place : { ...behind(closing), url: place.url };
}

/** Those in the router that mounts most of them. */
function mostUsed(mounts: readonly Mount[]): readonly Mount[] {
  const inRouter = (router: Router) => mounts.filter(({ link }) => link.router === router);
  const routers = [...new Set(mounts.map(({ link }) => link.router))];
  const [most] = routers.toSorted((a, b) => inRouter(b).length - inRouter(a).length);
  return most === undefined ? [] : inRouter(most);
}

function placeBehind(
  link: Link,
  beside: readonly Mount[],
  { domain, database }: Wanted,
  { dialect }: Application,
): MountPlace {
  const { router, statement, scope, isAwaited } = link;
  const folders = beside
    .filter((mount) => mount.link.router === router)
    .map((mount) => folderOf(mount, dialect));
  const [folder = ''] = folders;
  const isBefore = ts.isReturnStatement(statement);
  return {
    router,
    at: isBefore ? statement.getStart(router.place.ast) : statement.end,
    isBefore,
    isAwaited,
    url: `${folders.every((each) => each === folder) ? folder : ''}/${domain.names.plural.kebab}`,
    database: databaseIn(scope, router, database),
  };
}

/** The path below which a domain has its own: `/api` of `/api/users`, or of a router at `/api` that has `/users` itself. */
function folderOf({ path, inner }: Mount, dialect: Dialect): string {
  const own = (inner?.links ?? []).flatMap((link) => dialect.routeOf(link)?.path ?? []);
  const namesItself = own.length > 0 && own.every((each) => /^\/?[^/:]/.test(each));
  const whole = path.replace(/\/$/, '');
  return namesItself ? whole : whole.slice(0, Math.max(0, whole.lastIndexOf('/')));
}

/** In an application that mounts nothing yet: behind its last middleware, else behind what makes it. */
function firstPlace(
  { domain, database, dialect, project }: Wanted,
  { routers }: Application,
): MountPlace | undefined {
  const made = routers.filter(
    ({ initializer }) => initializer !== undefined && isMade(initializer, dialect.makesApplication),
  );
  const served = made.find(({ links }) => links.some(({ method }) => method === 'listen'));
  const router = served ?? (made.length === 1 ? made[0] : undefined);
  if (router?.declaredBy === undefined) return undefined;
  const use = router.links.findLast((link) => {
    const passing = dialect.passesOf(link, project);
    return passing !== undefined && !passing.through.some(({ node, place }) => endsRequests(node, place.ast));
  });
  const statement = use?.statement ?? router.declaredBy;
  return {
    router,
    at: statement.end,
    isBefore: false,
    isAwaited: false,
    url: `/${domain.names.plural.kebab}`,
    database: databaseIn(use?.scope ?? [router.owner], router, database),
  };
}

/** What answers errors, or requests that nothing else has answered: routes behind it are never reached. */
function endsRequests(node: ts.Node, ast: ts.SourceFile): boolean {
  const isFunction =
    ts.isFunctionLike(node) && (node.parameters.length === 4 || /\b404\b/.test(node.getText(ast)));
  return isFunction || (ts.isIdentifier(node) && /error|not_?found|404/i.test(node.text));
}

/** The guard that every other domain has of its own. */
function usualGuard(neighbours: readonly Neighbour[], domain: CrudDomain): Guard | undefined {
  const isClosed = neighbours.length > 0 && neighbours.every(({ own, closing }) => own ?? closing);
  if (!isClosed) return undefined;
  const last = neighbours.at(-1)!;
  const guard = neighbours.findLast(({ own }) => own?.guard !== undefined)?.own?.guard;
  if (guard !== undefined) return guard;
  throw guardStuck(domain, { path: joined(last.mount.path), by: (last.own ?? last.closing)!.text });
}

function databaseIn(
  scope: readonly ts.Node[],
  { place }: Router,
  database: string | undefined,
): string | undefined {
  const names = new Set([place.ast, ...scope].flatMap((node) => namesIn(node)));
  return [database, 'db', 'database'].find((name) => name !== undefined && names.has(name));
}

/** Names of imports, parameters and constants of a function, a block or a file. */
function namesIn(node: ts.Node): readonly string[] {
  if (ts.isFunctionLike(node)) return node.parameters.flatMap(({ name }) => bindingNames(name));
  if (!ts.isSourceFile(node) && !ts.isBlock(node)) return [];
  return node.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
  });
}
