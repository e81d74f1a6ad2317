import type { TableplanError } from '../../../errors.ts';
import type { Notice } from '../../../plan/change.ts';
import { accessNeeded, accessNotice } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { Authentication, CrudDomain } from '../../domain.ts';
import { type GlobalGuard, globalGuard, openingDecorator, OTHER_GUARDS } from './global-guards.ts';
import { controllersMiddleware, type GuardedController, neighbourControllers } from './neighbour-guards.ts';

/** What keeps strangers out, as the project's own controllers have it. */
export interface GuardUse {
  /** `@UseGuards(JwtAuthGuard)`, `@Roles('admin')`. */
  readonly decorators: readonly string[];
  /** The guards, as they stand in the decorator. */
  readonly guards: readonly string[];
  readonly imports: readonly NamedImport[];
}

/** A name and where it is imported from: a package, or a file of the project by its absolute path. */
export interface NamedImport {
  readonly name: string;
  readonly from: { readonly module: string } | { readonly path: string };
}

/** The guard of a domain's controller, and who may use the routes then. */
export interface Access {
  readonly use: GuardUse;
  readonly notice: Notice;
}

const NONE: GuardUse = { decorators: [], guards: [], imports: [] };

/**
 * The guard that a domain asks for, found in the project. Where nothing is asked for, the controller is as closed as the
 * others are: what a guard of the whole application closes stays closed, and a guard that all others have is its own too.
 * Nothing that opens is added unless `public` is asked for. Throws `answer-needed` where the project has no such guard: none is
 * invented.
 */
export function guardsFor(domain: CrudDomain, project: CrudProject): Access {
  const { authentication } = domain;
  const global = globalGuard(project);
  const access = (use: GuardUse, text: string, severity?: Notice['severity']): Access => ({
    use,
    notice: accessNotice(domain, text, severity),
  });
  if (authentication === 'admin') {
    const use = neighbourControllers(project)
      .flatMap(({ uses }) => uses)
      .find(isForAdmins);
    if (use === undefined) throw missingGuard(domain, authentication);
    return access(use, `guarded with ${use.decorators.join(' ')}, as other controllers are`);
  }
  if (global !== undefined) return behindGlobal(domain, project, global);
  if (authentication === 'public') return access(NONE, 'anybody may use its routes, as asked for');
  const all = neighbourControllers(project);
  const isOwn = ({ className }: GuardedController): boolean =>
    [domain.names.plural, domain.names.singular].some(({ pascal }) => className === `${pascal}Controller`);
  const neighbours = all.filter((each) => !isOwn(each));
  const use = usualUse(neighbours);
  if (authentication === 'protected') {
    const found = use ?? guardClass(project);
    if (found === undefined) throw missingGuard(domain, authentication);
    return access(found, `guarded with ${found.decorators.join(' ')}`);
  }
  const own = all.find(isOwn)?.uses[0];
  return own === undefined
    ? asNeighbours(domain, project, neighbours)
    : access(own, `guarded with ${own.decorators.join(' ')}, as it was`);
}

/** The whole application is guarded: that holds for the new routes too, unless they are to be public. */
function behindGlobal(domain: CrudDomain, project: CrudProject, { name, file }: GlobalGuard): Access {
  const closed = `closed by ${name}, the guard of the whole application (${file})`;
  const opening = openingDecorator(project);
  if (domain.authentication !== 'public') return { use: NONE, notice: accessNotice(domain, closed) };
  if (opening === undefined)
    return {
      use: NONE,
      notice: accessNotice(domain, `${closed}; the project has no decorator that opens routes`, 'warning'),
    };
  const [decorator] = opening.decorators;
  return {
    use: opening,
    notice: accessNotice(domain, `anybody may use its routes, by ${decorator}, as asked for`),
  };
}

/** Nothing is said: closed where all others are closed, and told where only some are. */
function asNeighbours(
  domain: CrudDomain,
  project: CrudProject,
  neighbours: readonly GuardedController[],
): Access {
  const closed = neighbours.filter(({ isClosed }) => isClosed);
  const uses = neighbours.flatMap((each) => each.uses);
  const use = usualUse(closed) ?? mostUsed(uses);
  if (neighbours.length > 0 && closed.length === neighbours.length && use !== undefined)
    return {
      use,
      notice: accessNotice(domain, `guarded with ${use.decorators.join(' ')}, as all other controllers are`),
    };
  const middleware = controllersMiddleware(project);
  if (middleware !== undefined)
    throw accessNeeded(domain.names.plural.words, {
      message: `Controllers of the project are guarded by ${middleware}, which a module applies to each by its name (forRoutes).`,
      hint: ': the routes of a new controller would be open. Apply the middleware to all routes, or say who may use these.',
    });
  if (use === undefined)
    return {
      use: NONE,
      notice: accessNotice(domain, 'anybody may use its routes; no controller is guarded'),
    };
  const { className } = neighbours.find((each) => each.uses.length > 0)!;
  const text = `anybody may use its routes, though some of ${className} are guarded with ${use.decorators.join(' ')}; --authentication protected guards them too`;
  return { use: NONE, notice: accessNotice(domain, text, 'warning') };
}

function missingGuard(domain: CrudDomain, authentication: Authentication): TableplanError {
  const { words } = domain.names.plural;
  return accessNeeded(words, {
    message: `${words} shall be ${authentication}, and the project has no guard for that.`,
    hint: '. tableplan uses the guard that a project has and invents none.',
    question:
      authentication === 'admin'
        ? 'No controller has a guard and a role of admins to follow. Who may use the routes?'
        : 'No controller has @UseGuards, and no class implements CanActivate. Who may use the routes?',
  });
}

function isForAdmins({ decorators }: GuardUse): boolean {
  return decorators.some((decorator) => /admin/i.test(decorator));
}

/** What most guarded controllers have, if not for admins alone. */
function usualUse(controllers: readonly GuardedController[]): GuardUse | undefined {
  const uses = controllers.flatMap((each) => each.uses);
  return mostUsed(uses.filter((use) => use.decorators.length === 1 && !isForAdmins(use)));
}

function mostUsed(uses: readonly GuardUse[]): GuardUse | undefined {
  const count = ({ decorators }: GuardUse): number =>
    uses.filter((other) => other.decorators.join() === decorators.join()).length;
  return uses.toSorted((a, b) => count(b) - count(a))[0];
}

/** The one class of the project that implements CanActivate and looks after who somebody is. */
function guardClass(project: CrudProject): GuardUse | undefined {
  const found = [...project.sources].flatMap(([path, text]) =>
    [...text.matchAll(/export class (\w+)[^{]*\bimplements\b[^{]*\bCanActivate\b/g)].map(([, name = '']) => ({
      name,
      path,
    })),
  );
  const candidates = found.filter(({ name }) => !OTHER_GUARDS.test(name));
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) return undefined;
  return {
    decorators: [`@UseGuards(${only.name})`],
    guards: [only.name],
    imports: [{ name: only.name, from: { path: only.path } }],
  };
}
