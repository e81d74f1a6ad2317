import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { DependentPackage } from '../project/checked-project.ts';
import { isFile } from '../project/folders.ts';
import { importCandidates, specifierSuffix } from '../project/imports.ts';
import type { ProjectBase } from '../project/project.ts';
import { hasTests, type PackageJson, readPackageJson } from '../project/package-json.ts';
import { isInside } from '../schema/specifier.ts';
import { spread } from '../schema/spread.ts';
import { readStyle } from '../schema/style.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import {
  type ApplicationPackage,
  type ApplicationWishes,
  applicationsAround,
  chooseApplication,
  dependenciesOf,
} from './applications.ts';
import type { CrudProject, TestRunner } from './crud-project.ts';
import { frameworksOf } from './frameworks.ts';
import { packageSpecifier } from './package-specifier.ts';
import { readSources } from './read-sources.ts';
import { specifierConvention } from './specifier-convention.ts';

export interface ProjectReading {
  readonly location: ProjectBase;
  readonly orm: 'drizzle' | 'typeorm';
  readonly migrations: string;
  readonly entries: readonly string[];
  /** What this run has staged: read instead of what lies on disk. */
  readonly edits: readonly FileEdit[];
}

/** Enough files to see how the project writes. */
const SAMPLES = 30;

/** Reads what stacks ask of a project. Throws what `chooseApplication` throws. */
export async function readCrudProject(
  reading: ProjectReading,
  wishes: ApplicationWishes,
): Promise<CrudProject> {
  const { location, edits } = reading;
  const { repoRoot } = location;
  const [data = {}, above = {}] = await Promise.all([
    readPackageJson(location.root),
    readPackageJson(repoRoot),
  ]);
  const ofData = await readSources(location.root, edits);
  const inPackage = frameworksOf({ dependencies: dependenciesOf(data), sources: ofData });
  const around =
    inPackage.length > 0 && wishes.named === undefined ? [] : await applicationsAround(data.name, location);
  const chosen = await chooseApplication(around, location, wishes);
  const { root, json, sources: own } = chosen ?? { root: location.root, json: data, sources: ofData };
  const sources = chosen === undefined ? own : new Map([...own, ...ofData]);
  const candidates = importCandidates();
  const resolveImport = (from: string, specifier: string): string | undefined =>
    candidates(from, specifier).find((path) => sources.has(path));
  const packages = new Map(
    [above, json].flatMap((each) => Object.entries({ ...each.dependencies, ...each.devDependencies })),
  );
  const shown = inPackage.length > 0 ? inPackage : [...new Set(around.flatMap((each) => each.frameworks))];
  return {
    ...reading,
    root,
    application: chosen && (await applicationOf(chosen, data.name ?? '')),
    packages,
    frameworks: chosen?.frameworks ?? shown,
    isEsm: json.type === 'module',
    testRunner: testRunnerOf(json, packages, location),
    sources,
    style: readStyle(spread([...own.values()], SAMPLES).join('\n')),
    resolveImport,
    ...specifiers({
      inside: specifierConvention({ sources: own, resolveImport, suffix: await specifierSuffix(root) }),
      across:
        chosen &&
        packageSpecifier({
          imported: { name: data.name ?? '', root: location.root, exports: data.exports },
          importing: own,
          sources,
          resolveImport,
        }),
      location,
      root,
    }),
  };
}

async function applicationOf({ root, json }: ApplicationPackage, imports: string): Promise<DependentPackage> {
  const tsconfig = join(root, 'tsconfig.json');
  return {
    root,
    imports,
    tsconfigPath: (await isFile(tsconfig)) ? tsconfig : undefined,
    testScript: hasTests(json) ? 'test' : undefined,
  };
}

interface Specifiers {
  /** Of files of the package that imports. */
  readonly inside: (from: string, path: string) => string;
  /** Of files of the package with the schema, where that is another. */
  readonly across: ReturnType<typeof packageSpecifier> | undefined;
  readonly location: ProjectBase;
  readonly root: string;
}

function specifiers({
  inside,
  across,
  location,
  root,
}: Specifiers): Pick<CrudProject, 'specifier' | 'canImport'> {
  const isOther = (path: string): boolean => !isInside(path, root) && isInside(path, location.root);
  return {
    specifier(from, path, name) {
      if (across === undefined || !isOther(path)) return inside(from, path);
      const found = across(from, path, name);
      if (found !== undefined) return found;
      const [app, data, file] = [root, location.root, path].map((each) =>
        posixRelative(location.repoRoot, each),
      );
      throw new TableplanError(
        'crud-not-possible',
        `${app} cannot import ${name ?? 'anything'} of ${file}: no entry of the package in ${data} exports it.`,
        {
          hint: `Nothing was written. Export it from an entry of ${data}/package.json, and run the command again.`,
        },
      );
    },
    canImport: (path, name) =>
      across === undefined || !isOther(path) || across(join(root, 'src/any.ts'), path, name) !== undefined,
  };
}

/** The runner that the project's test script starts, else the one that it has installed; vitest where nothing says. */
function testRunnerOf(
  { scripts = {} }: PackageJson,
  packages: ReadonlyMap<string, string>,
  { packageManager }: ProjectBase,
): TestRunner {
  const script = Object.entries(scripts)
    .filter(([name]) => /^test\b/.test(name))
    .map(([, command]) => command)
    .join('\n');
  if (/\bvitest\b/.test(script)) return 'vitest';
  if (/\bjest\b/.test(script)) return 'jest';
  if (/\bbun( run)? test\b/.test(script)) return 'bun';
  if (/--test\b/.test(script)) return 'node';
  if (packages.has('vitest')) return 'vitest';
  if (packages.has('jest')) return 'jest';
  return packageManager === 'bun' ? 'bun' : 'vitest';
}
