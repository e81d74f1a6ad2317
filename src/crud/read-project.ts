import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readRegularText } from '../read-regular-file.ts';
import { glob } from 'tinyglobby';
import { importCandidates, specifierSuffix } from '../project/imports.ts';
import type { ProjectBase } from '../project/locate.ts';
import { type PackageJson, readPackageJson } from '../project/scripts.ts';
import { withoutCompiled } from '../project/source-file.ts';
import { readStyle } from '../schema/style.ts';
import { spread } from '../schema/spread.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { CrudProject, TestRunner } from './crud-project.ts';
import { type Framework, frameworksOf } from './frameworks.ts';
import { specifierHabit } from './specifier-habit.ts';

export interface ProjectReading {
  readonly location: ProjectBase;
  readonly orm: 'drizzle' | 'typeorm';
  readonly migrations: string;
  readonly entries: readonly string[];
  /** What this run has staged: read instead of what lies on disk. */
  readonly edits: readonly FileEdit[];
}

/** What no person writes, or what is no part of the application. */
const IGNORED = ['**/{node_modules,dist,build,out,coverage,.next,.git,.tableplan}/**', '**/*.d.{ts,mts,cts}'];
const DEEPEST_PACKAGE = 4;
/** Longer files are data or bundles. */
const LONGEST_SOURCE = 512 * 1024;
/** Enough files to see how the house writes. */
const SAMPLES = 30;

/** Reads what stacks ask of a project. */
export async function readCrudProject(reading: ProjectReading): Promise<CrudProject> {
  const { location, edits } = reading;
  const { root, repoRoot } = location;
  const [own = {}, above = {}] = await Promise.all([readPackageJson(root), readPackageJson(repoRoot)]);
  const packages = new Map(
    [above, own].flatMap((json) => Object.entries({ ...json.dependencies, ...json.devDependencies })),
  );
  const sources = await readSources(root, edits);
  const inPackage = frameworksOf({ dependencies: dependenciesOf(own), sources });
  const candidates = importCandidates();
  const resolveImport = (from: string, specifier: string): string | undefined =>
    candidates(from, specifier).find((path) => sources.has(path));
  const isEsm = own.type === 'module';
  return {
    ...reading,
    root,
    packages,
    frameworks: inPackage.length > 0 ? inPackage : await frameworksAround(own.name, location),
    isEsm,
    testRunner: testRunnerOf(own, packages, location),
    sources,
    style: readStyle(spread([...sources.values()], SAMPLES).join('\n')),
    resolveImport,
    specifier: specifierHabit({ sources, resolveImport, suffix: await specifierSuffix(root) }),
  };
}

function dependenciesOf({ dependencies, devDependencies }: PackageJson): readonly string[] {
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** What the applications of the same workspace use that depend on a package: its own code answers no request. */
async function frameworksAround(
  name: string | undefined,
  { root, repoRoot }: ProjectBase,
): Promise<readonly Framework[]> {
  if (name === undefined || root === repoRoot) return [];
  const manifests = await glob('**/package.json', {
    cwd: repoRoot,
    absolute: true,
    ignore: IGNORED,
    deep: DEEPEST_PACKAGE,
  });
  const used = await Promise.all(
    manifests.toSorted().map(async (path) => {
      const folder = dirname(path);
      // What is broken elsewhere is not this package's matter.
      const dependencies = dependenciesOf((await readPackageJson(folder).catch(() => undefined)) ?? {});
      if (!dependencies.includes(name)) return [];
      return frameworksOf({ dependencies, sources: await readSources(folder, []) });
    }),
  );
  return [...new Set(used.flat())];
}

async function readSources(root: string, edits: readonly FileEdit[]): Promise<ReadonlyMap<string, string>> {
  const found = await glob('**/*.{ts,tsx,mts,cts,js,mjs,cjs}', {
    cwd: root,
    absolute: true,
    ignore: IGNORED,
  });
  const texts = await Promise.all(
    withoutCompiled(found.toSorted()).map(async (path) => {
      const { size } = await stat(path);
      return [path, size > LONGEST_SOURCE ? undefined : await readRegularText(path)] as const;
    }),
  );
  const sources = new Map(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
  for (const { path, after } of edits) {
    if (after === null) sources.delete(path);
    else if (/\.[cm]?[jt]sx?$/.test(path)) sources.set(path, after);
  }
  return sources;
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
