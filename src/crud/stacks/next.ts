import { dirname, join, relative } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import { pathLike } from '../../schema/path-template.ts';
import { accessNotice, USUALLY_OPEN } from '../access.ts';
import type { CrudProject } from '../crud-project.ts';
import type { CrudDomain } from '../domain.ts';
import { findDatabase } from '../find-database.ts';
import { noGuard } from '../guard.ts';
import { accessOf, guardStuck } from '../route-access.ts';
import type { Stack } from '../stack.ts';
import { drizzleFiles, drizzleNeeds, parentTargets } from './drizzle/files.ts';
import { domainLayout } from './drizzle/layout.ts';
import { drizzleView } from './drizzle/view.ts';
import { middlewareFor, type RouteFile, routeFiles, type RouteGuard } from './next/handlers.ts';

/** Route handlers of Next.js below `app`, zod and Drizzle: handlers, validation, queries and a test. */
export const next: Stack = {
  name: 'next',
  orm: 'drizzle',
  framework: 'next',
  shares: ['drizzle'],
  lacks: (project) => (appFolder(project) === undefined ? 'a folder `app` (the App Router)' : undefined),
  plan(domain, project) {
    const database = findDatabase(project);
    if (database === undefined)
      throw new TableplanError('crud-not-possible', 'No file of the project exports a Drizzle database.', {
        hint: 'Export it (export const db = drizzle(…)), so that route handlers can import it.',
      });
    const folder = folderFor(domain, project);
    const { guard, notices } = accessIn(domain, project, folder);
    const layout = domainLayout(domain, project, { others: [], own: join(folder, 'handlers.ts') });
    const imports = [database, ...(guard?.imports ?? [])];
    const own = imports.flatMap(({ name, path }) =>
      path === undefined ? [] : [{ name, path, target: `entry ${name}` }],
    );
    return {
      files: [
        ...drizzleFiles(layout),
        { id: 'route', template: 'route.ts.hbs', path: join(folder, 'route.ts') },
        { id: 'idRoute', template: 'id-route.ts.hbs', path: join(folder, '[id]/route.ts') },
      ],
      wiring: [],
      needs: drizzleNeeds('next', project),
      notices: [...notices, ...aliasNotices(project, layout.test, domain)],
      targets: {
        ...parentTargets(domain),
        ...Object.fromEntries(own.map(({ target, path }) => [target, path])),
      },
      view: {
        ...drizzleView(domain, project),
        routesName: `${domain.names.singular.camel}Handlers`,
        params: paramsView(project),
        entry: {
          own,
          packages: imports.flatMap(({ name, ...each }) =>
            'module' in each && each.module !== undefined ? [{ name, module: each.module }] : [],
          ),
          database: database.name,
          wrapper: guard?.isWrapper === true ? guard.code : undefined,
          guard: guard?.isWrapper === false ? guard.code : undefined,
          request: guard?.request.name,
          requestType: guard?.request.type,
        },
      },
    };
  },
};

/** vitest knows no paths of tsconfig.json by itself. */
function aliasNotices(
  { testRunner, sources, specifier }: CrudProject,
  test: string,
  { table }: CrudDomain,
): readonly Notice[] {
  const isKnown = [...sources.keys()].some((path) => /\/vite(st)?\.config\.[cm]?[jt]s$/.test(path));
  const module = specifier(test, table.path, table.variable);
  if (testRunner !== 'vitest' || isKnown || module.startsWith('.')) return [];
  const message = `the generated test imports ${module}: give vitest that alias of tsconfig.json (resolve.alias in vitest.config.ts)`;
  return [{ severity: 'warning', rule: 'vitest-alias', message }];
}

/** Since Next.js 15 the parameters of a path are a promise. */
function paramsView({ packages }: CrudProject): Readonly<Record<string, string>> {
  return /^\D*1[34]\b/.test(packages.get('next') ?? '')
    ? { open: '', close: '', async: '', awaited: 'params', await: '', resolved: '{ id }' }
    : {
        open: 'Promise<',
        close: '>',
        async: 'async ',
        awaited: '(await params)',
        await: 'await ',
        resolved: 'Promise.resolve({ id })',
      };
}

function appFolder({ sources, root }: CrudProject): string | undefined {
  const paths = [...sources.keys()];
  return ['src/app', 'app']
    .map((folder) => join(root, folder))
    .find((folder) => paths.some((path) => path.startsWith(`${folder}/`)));
}

/** The folder of a domain's routes, where those of the others are: beside closed ones, unless it is to be public. */
function folderFor(domain: CrudDomain, project: CrudProject): string {
  const others = neighboursOf(domain, project);
  const wanted = others.filter(({ closing }) =>
    domain.authentication === 'public' ? closing === undefined : closing !== undefined,
  );
  const like = pathLike(
    (wanted.length > 0 ? wanted : others).map(({ path, name }) => ({ path, names: [name] })),
    { name: domain.table.name, domain: undefined },
  );
  return like === undefined
    ? join(appFolder(project) ?? join(project.root, 'app'), 'api', domain.names.plural.kebab)
    : dirname(like);
}

/** Route handlers of other domains; logins, webhooks and the like do not count. */
function neighboursOf({ names }: CrudDomain, project: CrudProject): readonly RouteFile[] {
  return routeFiles(project).filter(
    ({ name, path }) =>
      name !== names.plural.kebab && !USUALLY_OPEN.test(name) && !/\/(auth|webhooks?|cron|trpc)\//.test(path),
  );
}

function accessIn(domain: CrudDomain, project: CrudProject, folder: string) {
  const neighbours = neighboursOf(domain, project);
  const url = urlOf(folder, project);
  const middleware = middlewareFor(url, project);
  const shownPath = middleware && relative(project.root, middleware.path).replaceAll('\\', '/');
  const guarded = neighbours.find(({ closing }) => closing !== undefined);
  const borrowed = neighbours.findLast(({ guard }) => guard !== undefined)?.guard;
  const closed = guarded && { path: urlOf(dirname(guarded.path), project), by: guarded.closing! };
  const { guard, notice } = accessOf(domain, {
    isMounted: true,
    closing: middleware?.refuses === true ? shownPath : undefined,
    find() {
      if (borrowed !== undefined && (domain.authentication !== 'admin' || /admin/i.test(borrowed.text)))
        return borrowed;
      throw noGuard(domain.names.plural.words);
    },
    usual() {
      if (neighbours.length === 0 || neighbours.some(({ closing }) => closing === undefined))
        return undefined;
      if (borrowed === undefined) throw guardStuck(domain, closed!);
      return borrowed;
    },
    guarded: closed,
  });
  const runs =
    middleware === undefined || middleware.refuses
      ? []
      : [accessNotice(domain, `${shownPath} runs before its routes; it was not seen to answer 401 or 403`)];
  return { guard: guard as RouteGuard | undefined, notices: [notice, ...runs] };
}

/** `/api/users` of `src/app/(shop)/api/users`. */
function urlOf(folder: string, project: CrudProject): string {
  const parts = relative(appFolder(project) ?? project.root, folder).split(/[\\/]/);
  return `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join('/')}`;
}
