import type { CrudProject } from '../../crud-project.ts';
import type { PackageNeed } from '../../stack.ts';

const NEEDS: readonly PackageNeed[] = [
  { name: 'class-transformer', isDev: false },
  { name: 'class-validator', isDev: false },
  { name: '@electric-sql/pglite', isDev: true },
  { name: '@nestjs/testing', isDev: true },
];

/** What every domain's code and its tests import besides Nest itself. */
export function needsOf({ testRunner }: CrudProject): readonly PackageNeed[] {
  return testRunner === 'vitest' || testRunner === 'jest'
    ? [...NEEDS, { name: testRunner, isDev: true }]
    : NEEDS;
}
