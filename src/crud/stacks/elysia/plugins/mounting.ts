import type { TableplanError } from '../../../../errors.ts';
import type { Notice } from '../../../../plan/change.ts';
import { ts } from '../../../../schema/compiler.cjs';
import { bindingNames, parseText } from '../../../../schema/parse.ts';
import { accessNeeded, accessNotice } from '../../../access.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain } from '../../../domain.ts';
import type { WiringEdit } from '../../../stack.ts';
import { withImports } from '../../../wiring/imports.ts';
import { closingOfPlace, closingOf } from './closing.ts';
import { importedDatabase, type ImportedDatabase } from './database.ts';
import { isUseCall, type Mount, type Mounts, readMounts } from './mounts.ts';
import { type GuardCopy, type OwnGuard, ownGuard } from './own-guard.ts';
import { firstPlace, useBehind, useFirst } from './place.ts';

/** Where the plugin of a domain is used, what closes it, and how it gets the database. */
export interface MountPlan {
  readonly mounts: Mounts;
  /** The neighbour that it is used behind; undefined where the application uses no domain yet. */
  readonly behind: Mount | undefined;
  /** Links that close it, written into its own code. */
  readonly guard: GuardCopy | undefined;
  readonly isClosed: boolean;
  /** The database that its code imports; undefined where it is given one: `orderItems(db)`. */
  readonly database: ImportedDatabase | undefined;
  /** What it is given where it is used; undefined where nothing is known there. */
  readonly given: string | undefined;
  readonly notice: Notice;
}

interface Neighbour {
  readonly mount: Mount;
  readonly closing: string | undefined;
  readonly own: OwnGuard | undefined;
}

/**
 * Finds the place for the plugin of a domain. Where nobody says who may use its routes, they are as closed as the others: beside
 * those that a guard closes, or with the same guard where all others close themselves. Nothing is opened unless `public` is
 * asked for. Throws `answer-needed` where the guard that is asked for, or that all others have, cannot be had.
 */
export function planMount(domain: CrudDomain, project: CrudProject): MountPlan {
  const mounts = readMounts(project, domain.names.singular.pascal);
  const neighbours = mounts.neighbours.map((mount) => ({
    mount,
    closing: closingOf(mount, mounts, project),
    own: ownGuard(mount, project),
  }));
  const access = accessOf(domain, neighbours, project);
  const usual = access.behind ?? mounts.neighbours.at(-1);
  const given = usual?.given?.length === 1 ? usual.given[0] : undefined;
  const isGiven = given !== undefined && ts.isIdentifier(given);
  return {
    ...access,
    mounts,
    behind: usual,
    database: isGiven ? undefined : importedDatabase(project, mounts.neighbours),
    given: isGiven ? given.text : inScope(usual),
  };
}

type Access = Pick<MountPlan, 'behind' | 'guard' | 'isClosed' | 'notice'>;

function accessOf(domain: CrudDomain, neighbours: readonly Neighbour[], project: CrudProject): Access {
  const { authentication } = domain;
  const answer = (
    behind: Mount | undefined,
    words: string,
    more: {
      readonly guard?: GuardCopy | undefined;
      readonly isClosed?: boolean;
      readonly severity?: 'warning';
    } = {},
  ): Access => ({
    behind,
    guard: more.guard,
    isClosed: more.isClosed ?? more.guard !== undefined,
    notice: accessNotice(domain, words, more.severity),
  });
  const closed = neighbours.filter(({ closing }) => closing !== undefined);
  const open = neighbours.filter(({ closing }) => closing === undefined);
  if (authentication === 'public') {
    if (open.length > 0 || neighbours.length === 0)
      return answer(open.at(-1)?.mount, 'anybody may use its routes, as asked for');
    const [first] = closed;
    return answer(closed.at(-1)?.mount, `closed by ${first!.closing}, before which no other domain is used`, {
      isClosed: true,
      severity: 'warning',
    });
  }
  const fits = (text: string): boolean =>
    authentication === undefined || /admin/i.test(text) === (authentication === 'admin');
  const beside = closed.findLast(({ closing = '' }) => fits(closing));
  if (beside !== undefined)
    return answer(beside.mount, `closed by ${beside.closing}, as ${beside.mount.name} is`, {
      isClosed: true,
    });
  const guarded = open.filter(({ own }) => own !== undefined && fits(own.text));
  const copy = guarded.find(({ own }) => own?.copy !== undefined);
  if (authentication !== undefined) {
    if (copy === undefined) throw noGuard(domain);
    return answer(open.at(-1)?.mount, `closed by ${copy.own!.text}, as ${copy.mount.name} is`, {
      guard: copy.own!.copy,
    });
  }
  if (neighbours.length === 0) {
    const place = firstPlace(project);
    if (place === undefined)
      return answer(undefined, 'not used yet: the routes are as open as the place where you use them', {
        severity: 'warning',
      });
    const closing = closingOfPlace(place, project);
    return closing === undefined
      ? answer(undefined, 'anybody may use its routes; nothing that refuses strangers was seen before them')
      : answer(undefined, `closed by ${closing}`, { isClosed: true });
  }
  const [some] = guarded;
  if (some === undefined)
    return answer(
      open.at(-1)?.mount,
      'anybody may use its routes; nothing that refuses strangers was seen around others',
    );
  if (guarded.length < neighbours.length)
    return answer(
      open.at(-1)?.mount,
      `anybody may use its routes, though ${some.mount.name} has ${some.own!.text}; --authentication protected closes them too`,
      { severity: 'warning' },
    );
  if (copy === undefined || guarded.some(({ own }) => own!.isPartial)) throw ownGuards(domain, some);
  return answer(open.at(-1)?.mount, `closed by ${copy.own!.text}, as all other domains are`, {
    guard: copy.own!.copy,
  });
}

function ownGuards({ names: { plural } }: CrudDomain, { mount, own }: Neighbour): TableplanError {
  const how = own?.isPartial === true ? 'some of their routes' : 'their routes';
  return accessNeeded(plural.words, {
    message: `All other domains close ${how} themselves (${mount.name}: ${own?.text}), so it does not show who may use ${plural.words}.`,
    hint: ': the new routes would be open. Say who may use them.',
    supply: '--authentication public | --authentication protected',
  });
}

function noGuard({ names: { plural }, authentication }: CrudDomain): TableplanError {
  return accessNeeded(plural.words, {
    message: `No routes of the project are ${authentication === 'admin' ? 'for administrators alone' : 'guarded'} in a way that ${plural.words} could have too.`,
    hint: '. tableplan uses the guard that a project has and invents none: a plugin or a macro that other plugins import is found.',
  });
}

/** A database among the parameters of the functions around a place, or the imports of its file. */
function inScope(mount: Mount | undefined): string | undefined {
  if (mount === undefined) return undefined;
  const parameters = mount.above.flatMap((node) =>
    ts.isFunctionLike(node) ? node.parameters.flatMap(({ name }) => bindingNames(name)) : [],
  );
  return parameters.find((name) => /^(db|database|drizzle)$/.test(name));
}

export interface UseEdit {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly plan: MountPlan;
  /** The file of the plugin, and its name there. */
  readonly path: string;
  readonly name: string;
}

/** Uses the plugin of a domain in the application. */
export function useEdit({ domain, project, plan, path: pluginPath, name }: UseEdit): WiringEdit {
  const { behind, database, given, isClosed, guard } = plan;
  const there = plan.mounts.all.find((mount) => mount.name === name && mount.place.path !== pluginPath);
  const path = there?.place.path ?? behind?.place.path ?? firstPlace(project)?.path;
  const plugin = database === undefined ? `${name}(${given ?? 'db'})` : name;
  return {
    path,
    what: `the plugin of ${domain.names.plural.words}${isClosed && guard === undefined && behind !== undefined ? `, beside ${behind.name}` : ''}`,
    paste: `.use(${plugin})`,
    edit(text) {
      if (path === undefined) return undefined;
      const use = useOf(path, text, name);
      if (use === 'used') return text;
      if (use === 'taken' || (database === undefined && given === undefined)) return undefined;
      // The text may have more in it than what was read: another domain of this run.
      const now = { ...project, sources: new Map(project.sources).set(path, text) };
      const used = usedIn(text, now, { behind, domain, plugin });
      return used && withImports(path, used, [{ name, module: project.specifier(path, pluginPath) }]);
    },
  };
}

function usedIn(
  text: string,
  project: CrudProject,
  {
    behind,
    domain,
    plugin,
  }: { readonly behind: Mount | undefined; readonly domain: CrudDomain; readonly plugin: string },
): string | undefined {
  if (behind === undefined) {
    const place = firstPlace(project);
    return place && useFirst(text, place, plugin);
  }
  const { neighbours } = readMounts(project, domain.names.singular.pascal);
  const same = neighbours.filter(
    ({ name, place }) => name === behind.name && place.path === behind.place.path,
  );
  // It may be used in several places, of which one is meant.
  const mount = same.length === 1 ? same[0] : same.find(({ call }) => call.pos === behind.call.pos);
  return mount && useBehind(text, mount, plugin);
}

/** Whether a text has `.use(name)` or `.use(name(db))`, or calls something else by that name. */
function useOf(path: string, text: string, name: string): 'used' | 'taken' | undefined {
  let found: 'used' | 'taken' | undefined;
  const visit = (node: ts.Node, parents: readonly ts.Node[]): void => {
    if (ts.isIdentifier(node) && node.text === name && found !== 'used') {
      const call = [parents.at(-1), parents.at(-2)].find((each) => each !== undefined && isUseCall(each));
      if (call !== undefined) found = 'used';
      else if (isBinding(parents.at(-1))) found ??= 'taken';
    }
    ts.forEachChild(node, (child) => visit(child, [...parents, node]));
  };
  visit(parseText(path, text), []);
  return found;
}

/** It gives the name to something: an import, a constant, a function, a parameter. */
function isBinding(node: ts.Node | undefined): boolean {
  return (
    node !== undefined &&
    (ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node))
  );
}
