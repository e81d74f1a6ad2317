import type { Stack } from '../stack.ts';
import { drizzleService } from './nestjs/drizzle/service.ts';
import { standardPlan } from './nestjs/standard/plan.ts';

/** NestJS with Drizzle, as Nest's own generator lays modules out. */
export const nestjsDrizzle: Stack = {
  name: 'nestjs-drizzle',
  orm: 'drizzle',
  framework: 'nestjs',
  templates: () => ['nestjs-drizzle', 'nestjs-standard', 'nestjs'],
  shares: ['drizzle'],
  plan: (domain, project) => standardPlan(domain, project, drizzleService),
};
