import type { Notice } from '../../../plan/change.ts';
import { mountedNotice } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import {
  firstPlace,
  type HonoApp,
  madeIn,
  type MountPlace,
  type Neighbour,
  pathOf,
  placeBehind,
  readApp,
} from './app.ts';
import { closingAt, covers } from './closed.ts';
import { findGuard } from './guard.ts';
import type { Guard } from '../../guard.ts';
import { accessOf, guardStuck } from '../../route-access.ts';
import { type Link, type Mount, rootOf } from './routers.ts';
import { declarationOf, refusesStrangers } from '../../refuses.ts';

/** Where the routes of a domain are mounted, what guards them, and what is told of that. */
export interface MountPlan {
  /** The file; undefined where nothing makes an application. */
  readonly path: string | undefined;
  readonly isThere: boolean;
  /** Where the domain has its routes already. */
  readonly routes: string | undefined;
  readonly place: MountPlace | undefined;
  /** The path that the routes themselves begin with; nothing where they are mounted below it. */
  readonly base: string;
  readonly app: HonoApp;
  /** Middleware that is put before the routes. */
  readonly guard: Guard | undefined;
  readonly notice: Notice;
}

export interface Wanted {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  /** The function that makes the routes. */
  readonly routesName: string;
  /** The name of the project's database. */
  readonly database: string | undefined;
}

/**
 * Finds the place for the routes of a domain. Where nobody says who may use them, they are as closed as the others: beside
 * those that a middleware closes, or behind the same middleware where all others have one of their own. Nothing is opened
 * unless `public` is asked for. Throws `answer-needed` where the guard that is asked for, or that all others have, cannot be
 * had.
 */
export function planMount(wanted: Wanted): MountPlan {
  const { domain, project, routesName } = wanted;
  const app = readApp(project, routesName);
  if (app.there !== undefined) return asItIs(wanted, app, app.there);
  const place = placeFor(wanted, app);
  const closing = place && closingAt({ router: place.router, path: place.path, at: place.at }, app.reading);
  const guarded = app.neighbours.find((each) => each.own !== undefined || each.closing !== undefined);
  const access = accessOf(domain, {
    isMounted: place !== undefined,
    closing: closing?.text,
    find: () => findGuard(domain, project),
    usual: () => usualGuard(app, domain),
    guarded: guarded && { path: guarded.mount.link.path, by: (guarded.own ?? guarded.closing)!.text },
  });
  return {
    path: place?.router.place.path ?? app.path,
    isThere: false,
    routes: undefined,
    place,
    base: place?.base ?? '',
    app,
    ...access,
  };
}

function asItIs({ domain, routesName }: Wanted, app: HonoApp, mount: Mount): MountPlan {
  const { reading } = app;
  const { router, link } = mount;
  const closing = closingAt({ router, path: link.path, at: link.start }, reading);
  const declared = declarationOf(routesName, router.place, reading.project);
  return {
    path: router.place.path,
    isThere: true,
    routes: declared === undefined || declared === 'package' ? undefined : declared.place.path,
    place: undefined,
    base: pathOf(mount) === '/' ? `/${domain.names.plural.kebab}` : '',
    app,
    guard: undefined,
    notice: mountedNotice(domain, closing),
  };
}

function placeFor({ domain, database }: Wanted, app: HonoApp): MountPlace | undefined {
  const { authentication, names } = domain;
  const name = names.plural.kebab;
  const beside = app.neighbours.length > 0 ? app.neighbours.map(({ mount }) => mount) : app.leaves;
  const behind = (link: Link): MountPlace => placeBehind(link, { name, beside, database });
  const closes = ({ mount, closing }: Neighbour): boolean => {
    if (closing === undefined) return false;
    const { router, path, at } = behind(mount.link);
    return closingAt({ router, path, at }, app.reading) !== undefined;
  };
  const anchor =
    authentication === 'public'
      ? app.neighbours.findLast(({ closing }) => closing === undefined)
      : app.neighbours.findLast(closes);
  const last = anchor?.mount ?? beside.filter(({ router }) => router.place.path === app.path).at(-1);
  if (last === undefined) {
    const router = app.path === undefined ? undefined : madeIn(app, app.path);
    return router && firstPlace(router, { name, database });
  }
  const end = last.list?.elements.at(-1)?.end;
  if (end !== undefined) return { ...behind(last.link), inList: end };
  if (anchor !== undefined || authentication === 'public') return behind(last.link);
  // Nothing is mounted behind the middleware that closes the rest of the application: the first is.
  const root = rootOf(last.router);
  const place = behind(last.link);
  const closing = root.links.findLast(
    (link) =>
      link.method === 'use' &&
      link.start > last.link.start &&
      link.view === last.link.view &&
      covers(link.path, place.path) &&
      link.arguments.some((each) => refusesStrangers(each, root.place, app.reading.project)),
  );
  return closing === undefined ? place : { ...behind(closing), url: place.url, path: place.path };
}

/** The middleware that every other domain has of its own, in its router or on its path. */
function usualGuard({ neighbours }: HonoApp, domain: CrudDomain): Guard | undefined {
  const isClosed = neighbours.length > 0 && neighbours.every(({ own, closing }) => own ?? closing);
  if (!isClosed) return undefined;
  const last = neighbours.at(-1)!;
  // The path's own middleware stands in the same file, where all its names are known.
  const guard = last.closing?.link === undefined ? last.own?.guard : { imports: [], text: last.closing.text };
  if (guard !== undefined) return guard;
  throw guardStuck(domain, { path: last.mount.link.path, by: (last.own ?? last.closing)!.text });
}
