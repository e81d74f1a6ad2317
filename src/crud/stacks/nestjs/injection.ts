import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { classesWith, filesWith } from './neighbours.ts';

/**
 * Whether the project's compilers emit the types of decorated parameters, on which injection without `@Inject` and the global
 * ValidationPipe rely: its own classes show it, and the tests have to run by a compiler that does so too.
 */
export function emitsMetadata(project: CrudProject): boolean {
  return injectsByType(project) && testsEmit(project);
}

/** Classes of the project say what they are given by its type alone. */
function injectsByType(project: CrudProject): boolean {
  const files = filesWith(project, /@(Injectable|Controller)\(/);
  const parameters = files
    .flatMap((file) => [...classesWith(file, 'Injectable'), ...classesWith(file, 'Controller')])
    .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))
    .flatMap((constructor) => [...constructor.parameters]);
  const byType = parameters.filter((each) => (ts.getDecorators(each) ?? []).length === 0);
  // A new application has no class yet that shows it: those that `nest new` makes are compiled by tsc, and tested by jest.
  return parameters.length === 0 ? project.testRunner === 'jest' : byType.length > 0;
}

/** tsx and node:test run TypeScript by a compiler that leaves types out; vite does so up to 7, unless swc compiles for it. */
function testsEmit({ testRunner, packages }: CrudProject): boolean {
  switch (testRunner) {
    case 'jest':
    case 'bun':
      return true;
    case 'vitest':
      return packages.has('unplugin-swc') || packages.has('@swc/core') || hasVite8(packages);
    case 'node':
      return false;
  }
}

/** Vitest 4.1 is the first that takes vite 8, and installs it where the project names no other. */
function hasVite8(packages: ReadonlyMap<string, string>): boolean {
  const major = (name: string): number => Number(/\d+(\.\d+)?/.exec(packages.get(name) ?? '')?.[0] ?? 0);
  return packages.has('vite') ? major('vite') >= 8 : major('vitest') >= 4.1;
}
