import { drizzleFiles, drizzleNeeds, parentTargets } from './drizzle/files.ts';
import { domainLayout } from './drizzle/layout.ts';
import { drizzleView } from './drizzle/view.ts';
import type { CrudProject } from '../crud-project.ts';
import { findDatabase, isTest } from '../find-database.ts';
import type { Stack } from '../stack.ts';
import { planMount } from './hono/mounting.ts';
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
    const layout = domainLayout(domain, project, {
      others: otherRoutes(project, plan.path),
      own: plan.routes,
    });
    return {
      files: drizzleFiles(layout),
      wiring: [
        mountRoutes({
          domain,
          project,
          plan,
          database,
          routes: { path: layout.routes, name: routesName },
        }),
      ],
      needs: drizzleNeeds('hono', project),
      notices: [plan.notice],
      targets: parentTargets(domain),
      view: { ...drizzleView(domain, project), routesName },
    };
  },
};

/** Files with the routes of a domain; those that put others together are no domain's. */
function otherRoutes({ sources }: CrudProject, appPath: string | undefined): readonly string[] {
  return [...sources].flatMap(([path, text]) =>
    path !== appPath &&
    !isTest(path) &&
    /\bnew (OpenAPI)?Hono\b/.test(text) &&
    !/\.route\(\s*['"`][^'"`]*['"`]\s*,/.test(text)
      ? [path]
      : [],
  );
}
