import { toCase, type WordCase } from '../../../schema/case.ts';
import { baseOf, templatesOf } from '../../../schema/path-template.ts';
import { directoryOf } from '../../../schema/specifier.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { DomainNames } from '../../domain.ts';
import {
  findNeighbours,
  type Neighbour,
  type Operation,
  OPERATIONS,
  renamed,
  type Role,
} from './neighbours.ts';

/** Where the classes of a domain go, and what they are called. */
export interface Layout {
  readonly paths: Readonly<Record<Role, string>>;
  readonly classes: Readonly<Record<Exclude<Role, 'dto'>, string>>;
  /** Ports of the project are interfaces, not abstract classes. */
  readonly isPortInterface: boolean;
  /** Classes of other domains. */
  readonly neighbours: readonly Neighbour[];
}

/** The places of a domain's files: where other domains have theirs, else those of the usual clean architecture. */
export function layoutOf(names: DomainNames, project: CrudProject, source: string): Layout {
  const all = findNeighbours(project);
  const isOwn = ({ subject }: Neighbour): boolean => subject === names.singular.pascal;
  const others = all.filter((neighbour) => !isOwn(neighbour));
  const place = placer({ names, source, neighbours: others.length > 0 ? others : all });
  const roles = Object.keys(USUAL) as Role[];
  const placed = roles.map((role) => [role, place(role)] as const);
  const paths = Object.fromEntries(placed.map(([role, { path }]) => [role, path])) as Layout['paths'];
  const ports = others.filter(({ role }) => role === 'port');
  return {
    paths: { ...paths, dto: besideControllers(paths.dto, paths.createController, names) },
    isPortInterface: ports.length > 0 && ports.every(({ isInterface }) => isInterface === true),
    classes: Object.fromEntries(
      placed.map(([role, { className }]) => [role, className]),
    ) as Layout['classes'],
    neighbours: others,
  };
}

/**
 * One folder of a domain: what shows where schemas lie may be called in the singular and the plural alike (`auth`, `news`), and
 * the controllers' folder says which of both the project takes.
 */
function besideControllers(path: string, controller: string, { singular, plural }: DomainNames): string {
  const forms = [plural, singular].flatMap(({ kebab, camel, snake, pascal }) => [
    kebab,
    camel,
    snake,
    pascal,
  ]);
  const [ours, theirs] = [path.split('/'), controller.split('/')];
  const at = ours.findIndex((part, index) => part !== theirs[index]);
  const [own = '', other = ''] = [ours[at], theirs[at]];
  const isFolder = at < ours.length - 1 && at < theirs.length - 1;
  if (!isFolder || !forms.includes(own) || !forms.includes(other)) return path;
  return ours.with(at, other).join('/');
}

interface Usual {
  readonly path: (names: DomainNames) => string;
  readonly className: (names: DomainNames) => string;
}

const STEMS: Readonly<Record<Operation, (names: DomainNames) => string>> = {
  create: ({ singular }) => `create-${singular.kebab}`,
  getAll: ({ plural }) => `get-all-${plural.kebab}`,
  getById: ({ singular }) => `get-${singular.kebab}-by-id`,
  update: ({ singular }) => `update-${singular.kebab}`,
  delete: ({ singular }) => `delete-${singular.kebab}`,
};

const USUAL = {
  entity: usual('core/domain/{d}/entity/{e}.entity.ts', '{E}'),
  port: usual('core/domain/{d}/service/{e}.repository.ts', '{E}Repository'),
  adapter: usual('external/drizzle/{d}/{e}.drizzle.repository.ts', '{E}DrizzleRepository'),
  dto: usual('adapters/{d}/dtos/{e}.dto.ts', ''),
  ...Object.fromEntries(OPERATIONS.flatMap((operation) => [useCaseOf(operation), controllerOf(operation)])),
} as Readonly<Record<Role, Usual>>;

function usual(path: string, className: string): Usual {
  const filled = (text: string, { singular, plural }: DomainNames): string =>
    text.replaceAll('{d}', plural.kebab).replaceAll('{e}', singular.kebab).replaceAll('{E}', singular.pascal);
  return { path: (names) => filled(path, names), className: (names) => filled(className, names) };
}

function useCaseOf(operation: Operation): [string, Usual] {
  const stem = (names: DomainNames): string =>
    `${STEMS[operation](names)}${operation === 'update' || operation === 'delete' ? '-by-id' : ''}`;
  return [
    `${operation}UseCase`,
    {
      path: (names) => `core/domain/${names.plural.kebab}/use-case/${stem(names)}.usecase.ts`,
      className: (names) => `${toCase(stem(names), 'pascal')}UseCase`,
    },
  ];
}

function controllerOf(operation: Operation): [string, Usual] {
  return [
    `${operation}Controller`,
    {
      path: (names) => `adapters/${names.plural.kebab}/${STEMS[operation](names)}.controller.ts`,
      className: (names) => `${toCase(STEMS[operation](names), 'pascal')}Controller`,
    },
  ];
}

interface Place {
  readonly path: string;
  readonly className: string;
}

interface Placing {
  readonly names: DomainNames;
  /** The folder of the sources. */
  readonly source: string;
  readonly neighbours: readonly Neighbour[];
}

function placer({ names, source, neighbours }: Placing): (role: Role) => Place {
  return (role) => {
    const like = neighbours.filter((neighbour) => neighbour.role === role);
    const path = commonPath(like, names);
    const [first] = like;
    const className = first && renamed(first.className, first.subject, names);
    const fallback = {
      path: `${source}/${USUAL[role].path(names)}`,
      className: USUAL[role].className(names),
    };
    if (path !== undefined) return { path, className: className ?? fallback.className };
    const kind = /UseCase$|Controller$/.exec(role)?.[0];
    const siblings =
      kind === undefined ? [] : neighbours.filter((neighbour) => neighbour.role.endsWith(kind));
    return besideSiblings(siblings, names, fallback) ?? fallback;
  };
}

/** An operation that no other domain has, beside those that they have and named with the same endings. */
function besideSiblings(
  siblings: readonly Neighbour[],
  names: DomainNames,
  usually: Place,
): Place | undefined {
  const [first] = siblings;
  const path = commonPath(siblings.slice(0, 1), names);
  if (first === undefined || path === undefined) return undefined;
  const base = baseOf(path);
  const stem = baseOf(usually.path).split('.')[0]!;
  const named = /^[A-Z]/.test(base) ? usually.className : stem;
  const ending = /(UseCase|Usecase|Controller)$/.exec(first.className)![0];
  return {
    path: `${directoryOf(path)}/${named}${base.slice(base.indexOf('.'))}`,
    className: usually.className.replace(/(UseCase|Controller)$/, ending),
  };
}

/** The path that most of the files have, with our names instead of theirs. */
export function commonPath(
  files: readonly Pick<Neighbour, 'path' | 'subject'>[],
  names: DomainNames,
): string | undefined {
  const votes = new Map<string, number>();
  for (const { path, subject } of files) {
    const patterns = templatesOf({ path, names: [subject.charAt(0).toLowerCase() + subject.slice(1)] });
    for (const pattern of new Set(patterns)) votes.set(pattern, (votes.get(pattern) ?? 0) + 1);
  }
  const holes = (pattern: string): number => pattern.split('{').length;
  const [best] = [...votes].toSorted((a, b) => b[1] - a[1] || holes(b[0]) - holes(a[0]));
  return best && filled(best[0], names);
}

function filled(pattern: string, { singular, plural }: DomainNames): string {
  return pattern.replace(/\{([^:}]*):([^}]*)\}/g, (_, number: string, wordCase: WordCase) =>
    toCase((number === 'plural' ? plural : singular).kebab, wordCase),
  );
}
