import { TableplanError } from '../../errors.ts';
import type { CrudProject } from '../crud-project.ts';
import type { CrudDomain } from '../domain.ts';
import type { Stack } from '../stack.ts';
import { inStableOrder } from './nestjs/field-order.ts';
import { hexagonalPlan } from './nestjs/hexagonal.ts';
import { moduleLayout } from './nestjs/neighbours.ts';
import { standardPlan } from './nestjs/standard/plan.ts';
import { typeormService } from './nestjs/standard/service-view.ts';

/** NestJS with TypeORM, in layers where the neighbours are, else as Nest's own generator lays modules out. */
export const nestjs: Stack = {
  name: 'nestjs',
  orm: 'typeorm',
  framework: 'nestjs',
  templates: (project) => (moduleLayout(project) === 'standard' ? ['nestjs-standard', 'nestjs'] : ['nestjs']),
  plan(given, project) {
    refuseUnfit(given, project);
    const domain = inStableOrder(given);
    return moduleLayout(project) === 'standard'
      ? standardPlan(domain, project, typeormService)
      : hexagonalPlan(domain, project);
  },
};

function refuseUnfit({ table }: CrudDomain, { sources }: CrudProject): void {
  const text = sources.get(table.path) ?? '';
  if (!new RegExp(`\\bclass ${table.variable}\\b`).test(text))
    throw new TableplanError(
      'crud-not-possible',
      `${table.variable} is no class with @Entity, and the nestjs stack writes code for these only.`,
      {
        hint: 'Take `tableplan migration`, and write the code of this table by hand.',
        at: { file: table.path },
      },
    );
}
