import { drizzleFiles, drizzleNeeds, parentTargets } from './drizzle/files.ts';
import { type DomainLayout, domainLayout } from './drizzle/layout.ts';
import { sharedFile } from '../shared-file.ts';
import type { CrudProject } from '../crud-project.ts';
import { findDatabase, isTest } from '../find-database.ts';
import type { Stack, StackFile } from '../stack.ts';
import { codeOf, type HonoConventions, readConventions } from './hono/conventions.ts';
import { type MountPlan, planMount } from './hono/mounting.ts';
import { errorTargets, honoView } from './hono/view.ts';
import { mountRoutes } from './hono/wiring.ts';

/** Hono, zod and Drizzle: routes, validation, queries and a test. */
export const hono: Stack = {
  name: 'hono',
  orm: 'drizzle',
  framework: 'hono',
  shares: ['drizzle'],
  plan(domain, project) {
    const database = findDatabase(project);
    const routesName = `${domain.names.singular.camel}Routes`;
    const plan = planMount({ domain, project, routesName, database: database?.name });
    const conventions = readConventions(plan.app, project);
    const layout = domainLayout(domain, project, {
      others: otherRoutes(project, plan),
      own: plan.routes,
    });
    const takes = { given: 'database', made: 'nothing', set: 'no call' } as const;
    return {
      files: filesOf(layout, conventions),
      wiring: [
        mountRoutes({
          domain,
          project,
          plan,
          database,
          routes: { path: layout.routes, name: routesName, takes: takes[conventions.database.kind] },
        }),
      ],
      needs: [
        ...drizzleNeeds('hono', project),
        ...(conventions.isOpenApi ? [{ name: '@hono/zod-openapi', isDev: false }] : []),
      ],
      notices: [plan.notice],
      targets: { ...parentTargets(domain), ...errorTargets(conventions) },
      view: honoView({ domain, project, layout, conventions, routesName, base: plan.base }),
    };
  },
};

/** The files of a domain; those of its own that the application's routers ask for come in place of others. */
function filesOf(layout: DomainLayout, { isOpenApi, validator }: HonoConventions): readonly StackFile[] {
  const shared = (id: string, file: string): StackFile => sharedFile(layout.shared, id, file);
  return [
    ...drizzleFiles(layout).map((file) =>
      isOpenApi && file.id === 'routes' ? { ...file, template: 'openapi-routes.ts.hbs' } : file,
    ),
    ...(isOpenApi ? [shared('answers', 'answers.ts')] : []),
    ...(!isOpenApi && validator === undefined ? [shared('validate', 'validate.ts')] : []),
  ];
}

/** Files with the routes of a domain; those that put others together are no domain's. */
function otherRoutes({ sources }: CrudProject, { path: appPath, app }: MountPlan): readonly string[] {
  const made = [...sources].flatMap(([path, text]) =>
    path !== appPath &&
    !isTest(path) &&
    /\bnew (OpenAPI)?Hono\b/.test(text) &&
    !/\.route\(\s*['"`][^'"`]*['"`]\s*,/.test(text)
      ? [path]
      : [],
  );
  // Those that a function of the project makes are known by being mounted.
  const mounted = app.leaves.flatMap((mount) =>
    codeOf(mount, app.reading.project).map(({ place }) => place.path),
  );
  return [...new Set([...made, ...mounted])].filter((path) => path !== appPath);
}
