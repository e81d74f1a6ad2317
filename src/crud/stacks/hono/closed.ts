import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { type CodePlace, declarationOf, refusesStrangers } from '../../refuses.ts';
import { type Guard, guardFrom } from '../../guard.ts';
import { joined, textOf } from '../../chains.ts';
import { type Link, type Mount, rootOf, type Router, type Routers } from './routers.ts';

export interface Reading extends Routers {
  readonly project: CrudProject;
}

/** What closes a route: middleware before it, or what its router is made with. */
export interface Closing {
  /** As it stands in the code: `requireAuth`, `withAuth(app)`. */
  readonly text: string;
  /** The call of `use` that brings it; undefined where the router itself is closed. */
  readonly link: Link | undefined;
}

/** What keeps strangers from a path of a router, at an offset of its file; undefined where nothing that was seen does. */
export function closingAt(
  { router, path, at }: { readonly router: Router; readonly path: string; readonly at: number },
  reading: Reading,
  depth = 0,
): Closing | undefined {
  if (depth > 5) return undefined;
  const { project } = reading;
  for (let view: Router | undefined = router; view !== undefined; view = view.of) {
    const { madeBy, place } = view;
    if (madeBy !== undefined && refusesStrangers(madeBy.expression, place, project))
      return { text: madeBy.getText(place.ast), link: undefined };
  }
  const root = rootOf(router);
  for (const link of root.links) {
    if (link.method !== 'use' || link.start > at || !covers(link.path, path)) continue;
    const guards = middleware(link).filter((each) => refusesStrangers(each, root.place, project));
    if (guards.length > 0)
      return { text: guards.map((each) => each.getText(root.place.ast)).join(', '), link };
  }
  const above = reading.mounts.filter(({ inner }) => inner !== undefined && rootOf(inner) === root);
  const closings = above.map((mount) =>
    closingAt({ router: mount.router, path: mount.link.path, at: mount.link.start }, reading, depth + 1),
  );
  // A router that is mounted twice is as open as the more open of both places.
  return closings.every((each) => each !== undefined)
    ? closings[0] && { ...closings[0], link: undefined }
    : undefined;
}

/** The arguments of `use` behind its path. */
function middleware({ arguments: [first, ...rest] }: Link): readonly ts.Expression[] {
  if (first === undefined) return [];
  return textOf(first) === undefined ? [first, ...rest] : rest;
}

/** Whether middleware on a path sees every request below another: `/api/*` those below `/api/brands`. */
export function covers(pattern: string, path: string): boolean {
  const own = pattern.split('/').filter(Boolean);
  const wanted = path.split('/').filter(Boolean);
  if (own.at(-1) !== '*') return false;
  const fixed = own.slice(0, -1);
  return (
    fixed.length <= wanted.length &&
    fixed.every((part, index) => part === wanted[index] || part === '*' || part.startsWith(':'))
  );
}

/** How a domain's own router keeps strangers out: by its first `use`, or on each of its routes. */
export interface OwnClosing {
  /** The middleware with what it is imported from; undefined where it cannot be had elsewhere. */
  readonly guard: Guard | undefined;
  readonly text: string;
}

const HANDLERS = /^(get|post|put|patch|delete|all|on)$/;

/** What the mounted router itself is closed by; undefined where a route of it is open. */
export function ownClosing({ target, router }: Mount, reading: Reading): OwnClosing | undefined {
  const { project, routers } = reading;
  const name = ts.isIdentifier(target)
    ? target.text
    : ts.isCallExpression(target) && ts.isIdentifier(target.expression)
      ? target.expression.text
      : undefined;
  const declared = name === undefined ? undefined : declarationOf(name, router.place, project);
  if (declared === undefined || declared === 'package') return undefined;
  const inside = routers.filter(
    ({ place, name: own, links }) =>
      place.path === declared.place.path &&
      (own === name || links.some(({ start }) => start >= declared.node.pos && start <= declared.node.end)),
  );
  for (const { links, place } of inside) {
    const blanket = links.filter((link) => link.method === 'use' && covers(link.path, joined('x')));
    const routes = links.filter((link) => HANDLERS.test(link.method) || link.method === 'openapi');
    const byUse = blanket.flatMap(middleware).find((each) => refusesStrangers(each, place, project));
    const byRoute = routes.map((link) =>
      ofRoute(link, place, project).find((each) => refusesStrangers(each, place, project)),
    );
    const found = byUse ?? (byRoute.every((each) => each !== undefined) ? byRoute[0] : undefined);
    if (found !== undefined)
      return { text: found.getText(place.ast), guard: guardFrom(found, place, project) };
  }
  return undefined;
}

/** The middleware of one route: before its handler, or in what `createRoute` is told. */
function ofRoute(
  { method, arguments: given }: Link,
  place: CodePlace,
  project: CrudProject,
): readonly ts.Expression[] {
  if (method !== 'openapi') return given.slice(0, -1).filter((each) => textOf(each) === undefined);
  const [route] = given;
  const declared =
    route !== undefined && ts.isIdentifier(route) ? declarationOf(route.text, place, project) : undefined;
  // What another file has is told by names that this one does not know.
  if (declared === 'package' || (declared !== undefined && declared.place.path !== place.path)) return [];
  const call = declared?.node ?? route;
  if (call === undefined || !ts.isCallExpression(call)) return [];
  const [options] = call.arguments;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return [];
  return options.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || property.name.getText(place.ast) !== 'middleware') return [];
    const { initializer } = property;
    const list = ts.isAsExpression(initializer) ? initializer.expression : initializer;
    return ts.isArrayLiteralExpression(list) ? [...list.elements] : [list];
  });
}
