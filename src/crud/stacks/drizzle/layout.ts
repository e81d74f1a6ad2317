import { basename, dirname, join, relative } from 'node:path';
import { pathLike } from '../../../schema/path-template.ts';
import { isInside } from '../../../schema/specifier.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { isTest } from '../../find-database.ts';

/** Where the files of a domain go; absolute. */
export interface DomainLayout {
  readonly routes: string;
  readonly queries: string;
  readonly validation: string;
  readonly test: string;
  /** The folder of what all domains share. */
  readonly shared: string;
  /** Where that folder finds the migrations of another package: tests of a workspace are run from several folders. */
  readonly migrationsUrl: string | undefined;
}

/** Names that say what a file is, not whose. */
const ROLE = /^(routes?|router|index|handlers?|controller)$/;

/** Where the routes of a domain, and those of the others, are known to be; absolute. */
export interface RoutesPlaces {
  /** The files with routes of single domains. */
  readonly others: readonly string[];
  /** Where the domain has its routes already. */
  readonly own: string | undefined;
}

/** The files of a domain, where the routes of the others are: `src/routes/users.ts` asks for `src/routes/products.ts`. */
export function domainLayout(
  { names, table }: CrudDomain,
  project: CrudProject,
  { others, own }: RoutesPlaces,
): DomainLayout {
  // Those of another package show nothing of this one.
  const sources = new Map([...project.sources].filter(([path]) => isInside(path, project.root)));
  const top = [...sources.keys()].some((path) => path.startsWith(`${project.root}/src/`))
    ? join(project.root, 'src')
    : project.root;
  const routes =
    own ??
    pathLike(
      others.filter((path) => sources.has(path)).map((path) => ({ path, names: [ownerOf(path)] })),
      { name: table.name, domain: undefined },
    ) ??
    join(top, names.plural.kebab, `${names.plural.kebab}.routes.ts`);
  const stem = basename(routes).replace(/\.[cm]?[jt]sx?$/, '');
  const folder = dirname(routes);
  const [prefix, role] = ROLE.test(stem)
    ? ['', stem]
    : [`${stem.replace(/\.(routes?|router|index|handlers?|controller)$/, '')}.`, undefined];
  const beside = (role: string): string => join(folder, `${prefix}${role}.ts`);
  const shared = sharedFolder({ sources }, top);
  return {
    routes,
    queries: beside('queries'),
    validation: beside('validation'),
    test: testPath(
      { root: project.root, sources },
      {
        folder,
        stem: role === undefined ? prefix.slice(0, -1) : role,
        name: names.plural.kebab,
      },
    ),
    shared,
    migrationsUrl: migrationsUrl(project, shared),
  };
}

/** The word in a path that names its domain. */
function ownerOf(path: string): string {
  const [word = ''] = basename(path).split('.');
  return ROLE.test(word) ? basename(dirname(path)) : word;
}

/** Beside the routes, or in the folder where the project keeps all its tests. */
function testPath(
  { root, sources }: Pick<CrudProject, 'root' | 'sources'>,
  { folder, stem, name }: { readonly folder: string; readonly stem: string; readonly name: string },
): string {
  const tests = [...sources.keys()].filter(isTest);
  const suffix = tests.some((path) => /\.spec\.[cm]?ts$/.test(path)) ? 'spec' : 'test';
  const apart = tests.find((path) => /^(tests?|__tests__)\//.test(path.slice(root.length + 1)));
  if (apart === undefined) return join(folder, `${stem}.${suffix}.ts`);
  return join(root, apart.slice(root.length + 1).split('/')[0]!, `${name}.${suffix}.ts`);
}

function sharedFolder({ sources }: Pick<CrudProject, 'sources'>, top: string): string {
  const known = ['lib', 'shared', 'common', 'utils'].find((folder) =>
    [...sources.keys()].some((path) => path.startsWith(`${top}/${folder}/`)),
  );
  return join(top, known ?? 'lib', 'crud');
}

function migrationsUrl({ application, isEsm, migrations }: CrudProject, folder: string): string | undefined {
  if (application === undefined || !isEsm) return undefined;
  return relative(folder, migrations).replaceAll('\\', '/');
}
