import type { CrudProject, TestRunner } from '../../crud-project.ts';

type TestFunction = 'afterAll' | 'afterEach' | 'beforeAll' | 'describe' | 'it';

const MODULES: Readonly<Record<TestRunner, string>> = {
  vitest: 'vitest',
  jest: '@jest/globals',
  bun: 'bun:test',
  node: 'node:test',
};

/** The import lines of a test, in the project's runner; none for the globals of jest. */
export function testImports(
  { testRunner, packages }: CrudProject,
  functions: readonly TestFunction[],
): string {
  if (testRunner === 'jest' && packages.has('@types/jest')) return '';
  if (testRunner !== 'node')
    return `import { ${[...functions, 'expect'].toSorted().join(', ')} } from '${MODULES[testRunner]}';`;
  const names = functions.map((name) => NODE_NAMES[name] ?? name);
  return `import assert from 'node:assert/strict';\nimport { ${names.join(', ')} } from 'node:test';`;
}

const NODE_NAMES: Readonly<Partial<Record<TestFunction, string>>> = {
  afterAll: 'after as afterAll',
  beforeAll: 'before as beforeAll',
};
