import { dirname, join, resolve } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import type { TransactionMode } from '../../../review/rule.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import { findRepoRoot, isFile, packageFolder, realFolder, upwards } from '../../../project/folders.ts';
import { findPackageManager, installCommand, runCommand } from '../../../project/package-manager.ts';
import { hasTests, readPackageJson } from '../../../project/package-json.ts';
import { type DataSourceCandidate, scriptedDataSources, searchedDataSources } from './candidates.ts';
import type { ProjectBase } from '../../../project/project.ts';
import { NoProject } from '../../no-project.ts';
import { findTypeorm, type TypeormPackage } from './package.ts';
import { typeormMigrateScript, type TypeormScript } from './scripts.ts';

/** A TypeORM project and what it is worked on with. */
export interface TypeormLocation extends ProjectBase {
  /** Absolute. */
  readonly dataSourcePath: string;
  readonly script: TypeormScript | undefined;
  /** `transactionMode`: its `-t`, which wins over the data source. */
  readonly migrateScript: { readonly name: string; readonly transactionMode?: TransactionMode } | undefined;
  readonly typeorm: TypeormPackage;
}

/**
 * Finds the TypeORM project that a command started in `cwd` means: the data source that is named, else the one that the
 * scripts of the nearest package.json name (`-d`), else the only one in that package or below it.
 * Throws `answer-needed` (with one answer per data source), `project-not-found`, `orm-not-found`, `orm-not-supported`.
 */
export async function locateTypeorm(
  cwd: string,
  options: { config?: string | undefined } = {},
): Promise<TypeormLocation> {
  const folder = await realFolder(cwd);
  const { path, script } =
    options.config === undefined ? await detect(folder) : await named(folder, options.config);
  const root = script?.folder ?? (await packageFolder(dirname(path)));
  const repoRoot = await findRepoRoot(root);
  const json = (await readPackageJson(root)) ?? {};
  const packageManager = await findPackageManager(root, repoRoot);
  const migrate = typeormMigrateScript(json.scripts ?? {});
  const tsconfig = join(root, 'tsconfig.json');
  return {
    root,
    repoRoot,
    dataSourcePath: path,
    script,
    migrateScript: migrate,
    packageManager,
    tsconfigPath: (await isFile(tsconfig)) ? tsconfig : undefined,
    testScript: hasTests(json) ? 'test' : undefined,
    typeorm: await findTypeorm(root, installCommand(packageManager)),
    run: (script, args) => runCommand(packageManager, script, args),
  };
}

async function named(cwd: string, config: string): Promise<DataSourceCandidate> {
  const path = resolve(cwd, config);
  if (!(await isFile(path)))
    throw new TableplanError('project-not-found', `There is no data source at ${config}.`, {
      hint: 'Give the path of the file that exports your DataSource, relative to the folder of the command.',
    });
  const root = await packageFolder(dirname(path));
  for (const folder of upwards(root, await findRepoRoot(root))) {
    const found = (await scriptedDataSources(folder)).find((candidate) => candidate.path === path);
    if (found) return found;
  }
  return { path, script: undefined };
}

async function detect(cwd: string): Promise<DataSourceCandidate> {
  const folders = upwards(cwd, await findRepoRoot(cwd));
  for (const folder of folders) {
    const found = await scriptedDataSources(folder);
    if (found.length > 0) return only(found, cwd);
  }
  const start = await packageFolder(cwd);
  for (const folder of new Set([cwd, start])) {
    const found = await searchedDataSources(folder);
    if (found.length === 0) continue;
    const candidate = only(found, cwd);
    return named(cwd, candidate.path);
  }
  throw await nothingFound(folders, cwd);
}

function only(candidates: readonly DataSourceCandidate[], cwd: string): DataSourceCandidate {
  const [first] = candidates;
  if (candidates.length === 1 && first) return first;
  const paths = candidates.map(({ path }) => posixRelative(cwd, path));
  throw new TableplanError('answer-needed', `There are several data sources: ${paths.join(', ')}.`, {
    hint: 'Say which one is meant.',
    missing: paths.map((path) => ({
      field: 'config',
      question: `Is it ${path}?`,
      supply: `--config ${/[^\w./@-]/.test(path) ? `'${path}'` : path}`,
    })),
  });
}

/** Throws what `findTypeorm` throws where a package asks for typeorm. */
async function nothingFound(folders: readonly string[], cwd: string): Promise<TableplanError> {
  const packages = await Promise.all(folders.map((folder) => readPackageJson(folder)));
  const isInstalled = packages.some(
    (json) => 'typeorm' in { ...json?.dependencies, ...json?.devDependencies },
  );
  if (!isInstalled)
    return new NoProject(`There is no TypeORM project in ${cwd}, above it or below it.`, {
      hint: 'Run the command in your project, or name its folder with --cwd.',
      isInstalled,
    });
  await findTypeorm(cwd, installCommand(await findPackageManager(cwd, folders.at(-1) ?? cwd)));
  return new NoProject(
    `typeorm is installed, but no file in ${cwd} exports a DataSource and no script names one with -d.`,
    {
      hint: 'Write a file that exports `new DataSource({…})` (NestJS can use it too: TypeOrmModule.forRoot(dataSource.options)), or name yours with --config.',
      isInstalled,
    },
  );
}
