import type { Guard } from '../../guard.ts';
import type { CodePlace } from '../../refuses.ts';
import type { ts } from '../../../schema/compiler.cjs';
import { joined } from '../../chains.ts';
import type { Application, Mount, Router } from './routers.ts';

/** How the way to a domain is closed: by its place in the application. */
export interface Closing {
  /** As it stands in the code: `requireAuth`. */
  readonly text: string;
}

/** How a domain is closed by itself: where it is mounted, in its router, or on each of its routes. */
export interface OwnClosing extends Closing {
  /** For use with another domain; undefined where it cannot be had there. */
  readonly guard: Guard | undefined;
}

interface At {
  readonly router: Router;
  readonly path: string;
  /** An offset of the router's file. */
  readonly at: number;
}

/** What keeps strangers from a path of a router, at an offset of its file; undefined where nothing that was seen does. */
export function closingAt(
  { router, path, at }: At,
  application: Application,
  depth = 0,
): Closing | undefined {
  if (depth > 8) return undefined;
  const { project, dialect, mounts } = application;
  for (const link of router.links) {
    if (link.start > at) continue;
    const passing = dialect.passesOf(link, project);
    if (passing === undefined || !isBelow(path, passing.path)) continue;
    const found = passing.through.find(({ node, place }) => dialect.refuses(node, place, project));
    if (found !== undefined) return { text: shown(found.node, found.place) };
  }
  const above = mounts.filter(({ inner }) => inner === router);
  const closings = above.map((mount) => {
    const { link } = mount;
    return (
      refusing(mount.guards, link.router.place, application) ??
      closingAt(
        { router: link.router, path: joined(mount.path, path), at: link.start },
        application,
        depth + 1,
      )
    );
  });
  // A router that is mounted twice is as open as the more open of both places.
  return closings.every((each) => each !== undefined) ? closings[0] : undefined;
}

function isBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function refusing(
  nodes: readonly ts.Expression[],
  place: CodePlace,
  { dialect, project }: Application,
): (Closing & { readonly node: ts.Expression }) | undefined {
  const node = nodes.find((each) => dialect.refuses(each, place, project));
  return node && { text: shown(node, place), node };
}

/** A function that stands in the call itself is told by its beginning. */
function shown(node: ts.Node, { ast }: CodePlace): string {
  const [first = ''] = node.getText(ast).split('\n');
  return first.length > 60 ? `${first.slice(0, 57)}…` : first;
}

/** What a mounted domain is closed by itself; undefined where a route of it is open. */
export function ownClosing({ guards, link, inner }: Mount, application: Application): OwnClosing | undefined {
  const { dialect, project } = application;
  const at = refusing(guards, link.router.place, application);
  // It stands in the file where the new one is mounted, which knows all its names.
  if (at !== undefined)
    return { text: at.text, guard: { imports: [], text: at.node.getText(link.router.place.ast) } };
  if (inner === undefined) return undefined;
  const { links, place } = inner;
  const routes = links.flatMap((each) => {
    const before = dialect.routeOf(each);
    return before === undefined ? [] : [{ before: before.before, start: each.start }];
  });
  const first = Math.min(...routes.map(({ start }) => start));
  for (const each of links) {
    const passing = each.start < first ? dialect.passesOf(each, project) : undefined;
    const found =
      passing?.path === '/' &&
      passing.through.find((own) => own.place === place && dialect.refuses(own.node, place, project));
    if (found)
      return {
        text: shown(found.node, place),
        guard: dialect.guardOf(found.node as ts.Expression, inner, project),
      };
  }
  const each = routes.map(({ before }) => refusing(before, place, application));
  const [one] = each;
  if (one === undefined || !each.every((route) => route !== undefined)) return undefined;
  return { text: one.text, guard: dialect.guardOf(one.node, inner, project) };
}
