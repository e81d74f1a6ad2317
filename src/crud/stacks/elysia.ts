import type { CrudProject } from '../crud-project.ts';
import { isTest } from '../find-database.ts';
import type { Stack } from '../stack.ts';
import { containerPlan } from './elysia/container-plan.ts';
import { pluginPlan } from './elysia/plugin-plan.ts';

/**
 * Elysia, TypeBox and Drizzle: one plugin a domain, as Elysia's own documentation lays applications out; where the application has a
 * tsyringe container, the layers of a clean architecture.
 */
export const elysia: Stack = {
  name: 'elysia',
  orm: 'drizzle',
  framework: 'elysia',
  plan: (domain, project) =>
    usesContainer(project) ? containerPlan(domain, project) : pluginPlan(domain, project),
};

/** Whether the application's own code gets its classes from tsyringe; where no code shows anything, whether it depends on it. */
function usesContainer({ sources, packages }: CrudProject): boolean {
  if (!packages.has('tsyringe')) return false;
  const own = [...sources].filter(([path]) => !isTest(path)).map(([, text]) => text);
  const uses = (name: string): boolean =>
    own.some((text) => new RegExp(`\\bfrom\\s*['"]${name}['"]`).test(text));
  return uses('tsyringe') || !uses('elysia');
}
