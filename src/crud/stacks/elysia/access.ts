import type { TableplanError } from '../../../errors.ts';
import type { Notice } from '../../../plan/change.ts';
import { parseText } from '../../../schema/parse.ts';
import { accessNeeded, accessNotice, USUALLY_OPEN } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { closedByItself, type RegisteredController, registeredAt } from './closed.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, OPERATIONS } from './neighbours.ts';

/** Beside whom the controllers of a domain are registered, and who may use the routes then. */
export interface RoutesAccess {
  /** The controllers whose place ours have too; none where they go to the end. */
  readonly neighbours: readonly Neighbour[];
  /** Ours must not be registered anywhere else. */
  readonly isClosed: boolean;
  /** What closes them. */
  readonly closedBy: string | undefined;
  /** The variable that they are registered on. */
  readonly receiver: string | undefined;
  readonly notice: Notice;
}

export interface AccessInput {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  /** The file of routes. */
  readonly path: string | undefined;
}

interface Registered extends RegisteredController {
  readonly neighbour: Neighbour;
}

/**
 * Where nobody says who may use the routes, they are closed where those of others are. Nothing is opened unless `public` is
 * asked for. Throws `answer-needed` where the guard that is asked for, or that others have, cannot be had: none is invented.
 */
export function routesAccess({ domain, project, layout, path }: AccessInput): RoutesAccess {
  const { authentication } = domain;
  const text = path === undefined ? '' : (project.sources.get(path) ?? '');
  const place = { path: path ?? 'routes.ts', ast: parseText(path ?? 'routes.ts', text) };
  const at = (className: string): RegisteredController | undefined => registeredAt(className, place, project);
  const there = OPERATIONS.map((operation) => at(layout.classes[`${operation}Controller`])).find(
    (each) => each !== undefined,
  );
  const result = (
    of: readonly Registered[],
    { closedBy, receiver }: Partial<RegisteredController>,
    words: string,
    severity?: Notice['severity'],
  ): RoutesAccess => ({
    neighbours: of.map(({ neighbour }) => neighbour),
    isClosed: closedBy !== undefined,
    closedBy,
    receiver,
    notice: accessNotice(domain, words, severity),
  });
  if (there !== undefined)
    return result(
      [],
      there,
      there.closedBy === undefined
        ? 'registered already; anybody may use its routes'
        : `registered already, closed by ${there.closedBy}`,
    );
  const all = registered(layout, at);
  const closed = all.filter(({ closedBy }) => closedBy !== undefined);
  const open = all.filter(({ closedBy }) => closedBy === undefined);
  if (authentication === 'public')
    return result(
      open,
      open[0] ?? {},
      closed.length === 0
        ? 'anybody may use its routes, as asked for'
        : 'registered outside of the guards around others, as asked for; hooks of the application itself hold for them too',
    );
  const wanted =
    authentication === undefined
      ? closed
      : closed.filter(({ closedBy = '' }) => /admin/i.test(closedBy) === (authentication === 'admin'));
  const [first] = wanted;
  if (first !== undefined)
    return result(wanted, first, `closed by ${first.closedBy}, as ${first.neighbour.className} is`);
  if (authentication !== undefined) throw noGuard(domain);
  const own = open.map(({ neighbour }) => ({ neighbour, by: ownGuard(neighbour, project) }));
  const guarded = own.filter(({ by }) => by !== undefined);
  if (guarded.length > 0 && guarded.length === own.length) throw ownGuards(domain, guarded[0]!);
  const [some] = guarded;
  return some === undefined
    ? result(
        open,
        open[0] ?? {},
        'anybody may use its routes; nothing that refuses strangers was seen around others',
      )
    : result(
        open,
        open[0] ?? {},
        `anybody may use its routes, though ${some.neighbour.className} has ${some.by}`,
        'warning',
      );
}

/** Controllers of other domains in the file of routes, but not health checks, logins and the like. */
function registered(
  { neighbours }: Layout,
  at: (className: string) => RegisteredController | undefined,
): readonly Registered[] {
  const all = neighbours
    .filter(({ role }) => role.endsWith('Controller'))
    .flatMap((neighbour) => {
      const found = at(neighbour.className);
      return found === undefined ? [] : [{ ...found, neighbour }];
    });
  const others = all.filter(({ neighbour }) => !USUALLY_OPEN.test(neighbour.subject));
  return others.length > 0 ? others : all;
}

function ownGuard({ path }: Neighbour, project: CrudProject): string | undefined {
  const text = project.sources.get(path);
  return text === undefined ? undefined : closedByItself({ path, ast: parseText(path, text) }, project);
}

function ownGuards(
  { names: { plural } }: CrudDomain,
  { neighbour, by }: { readonly neighbour: Neighbour; readonly by: string | undefined },
): TableplanError {
  return accessNeeded(plural.words, {
    message: `The controllers of the project close their routes themselves (${neighbour.className}: ${by}), which those of ${plural.words} would not.`,
    hint: ': the new routes would be open. Register controllers within a guard, or say who may use these routes; templates of your own lie in tableplan/crud/elysia/.',
  });
}

function noGuard({ names: { plural }, authentication }: CrudDomain): TableplanError {
  return accessNeeded(plural.words, {
    message: `No routes of the project are ${authentication === 'admin' ? 'for administrators alone' : 'guarded'}, so those of ${plural.words} cannot be as theirs are.`,
    hint: '. tableplan uses the guard that a project has around its routes and invents none.',
    question: `Who may use ${plural.words}? A guard is found where routes.ts registers controllers within it.`,
  });
}
