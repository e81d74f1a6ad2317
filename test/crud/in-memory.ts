import type { CrudProject } from '../../src/crud/crud-project.ts';
import { specifierConvention } from '../../src/crud/specifier-convention.ts';
import { importCandidates } from '../../src/project/imports.ts';
import { readStyle } from '../../src/schema/style.ts';

/** A project as stacks see it, of files below `/p/src`. */
export function projectOf(
  files: Readonly<Record<string, string>>,
  more: Partial<CrudProject> = {},
): CrudProject {
  const sources = new Map(Object.entries(files).map(([path, text]) => [`/p/src/${path}`, text]));
  const candidates = importCandidates();
  const resolveImport = (from: string, specifier: string): string | undefined =>
    candidates(from, specifier).find((path) => sources.has(path));
  return {
    location: { root: '/p', repoRoot: '/p' } as CrudProject['location'],
    root: '/p',
    application: undefined,
    orm: 'drizzle',
    packages: new Map(),
    frameworks: [],
    isEsm: false,
    testRunner: 'vitest',
    sources,
    style: readStyle(''),
    migrations: '/p/src/migrations',
    entries: [],
    resolveImport,
    specifier: specifierConvention({ sources, resolveImport, suffix: '' }),
    canImport: () => true,
    ...more,
  };
}
