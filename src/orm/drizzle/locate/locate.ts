import { dirname, join, resolve } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import { type Candidate, candidatesBelow, candidatesIn, owned } from './candidates.ts';
import { type DrizzleKit, findDrizzleKit } from './drizzle-kit.ts';
import { envFiles } from '../../../project/env-files.ts';
import { findRepoRoot, isFile, realFolder, upwards } from '../../../project/folders.ts';
import { findPackageManager, installCommand, runCommand } from '../../../project/package-manager.ts';
import type { ProjectBase } from '../../../project/project.ts';
import { NoProject } from '../../no-project.ts';
import { hasTests, readPackageJson } from '../../../project/package-json.ts';
import { type KitScript, migrateScriptName } from './scripts.ts';

/** A Drizzle project and what it is worked on with. */
export interface DrizzleLocation extends ProjectBase {
  readonly configPath: string | undefined;
  /** The project's own script for `drizzle-kit generate`. */
  readonly script: KitScript | undefined;
  readonly drizzleKit: DrizzleKit;
}

/**
 * Finds the Drizzle project that a command started in `cwd` means: the config that is named, else the nearest from
 * `cwd` upwards, else the only one below it. Throws `project-ambiguous` (with one answer per candidate),
 * `project-not-found`, `orm-not-found`, `orm-not-supported`.
 */
export async function locateDrizzle(
  cwd: string,
  options: { config?: string | undefined } = {},
): Promise<DrizzleLocation> {
  const folder = await realFolder(cwd);
  const start = await findRepoRoot(folder);
  const candidate =
    options.config === undefined ? await detect(folder, start) : await named(folder, options.config);
  const { root } = candidate;
  const repoRoot = await findRepoRoot(root);
  const json = (await readPackageJson(root)) ?? {};
  const packageManager = await findPackageManager(root, repoRoot);
  const migrate = migrateScriptName(json);
  const tsconfig = join(root, 'tsconfig.json');
  return {
    ...candidate,
    repoRoot,
    script: packageManager === 'bun' ? await withBunFiles(candidate.script) : candidate.script,
    migrateScript: migrate === undefined ? undefined : { name: migrate },
    packageManager,
    tsconfigPath: (await isFile(tsconfig)) ? tsconfig : undefined,
    testScript: hasTests(json) ? 'test' : undefined,
    drizzleKit: await findDrizzleKit(root, installCommand(packageManager)),
    run: (script, args) => runCommand(packageManager, script, args),
  };
}

/** `bun run` loads these before any script, so configs count on them without a word. */
async function withBunFiles(script: KitScript | undefined): Promise<KitScript | undefined> {
  return script && { ...script, env: { ...(await envFiles(script.folder, ['bun'])), ...script.env } };
}

async function named(cwd: string, config: string): Promise<Candidate> {
  const configPath = resolve(cwd, config);
  if (!(await isFile(configPath)))
    throw new TableplanError('project-not-found', `There is no config at ${config}.`, {
      hint: 'Give the path of a drizzle config, relative to the folder of the command.',
    });
  return owned(configPath, await findRepoRoot(dirname(configPath)));
}

async function detect(cwd: string, repoRoot: string): Promise<Candidate> {
  for (const folder of upwards(cwd, repoRoot)) {
    const found = await candidatesIn(folder, repoRoot);
    if (found.length > 0) return only(found, cwd);
  }
  for (const folder of upwards(cwd, repoRoot)) {
    if (folder !== cwd && folder !== repoRoot && !(await isFile(join(folder, 'package.json')))) continue;
    const found = await candidatesBelow(folder, repoRoot);
    if (found.length > 0) return only(found, cwd);
  }
  throw await nothingFound(cwd, repoRoot);
}

function only(candidates: readonly Candidate[], cwd: string): Candidate {
  const [first] = candidates;
  if (candidates.length === 1 && first) return first;
  const answers = candidates.map((candidate) => answerFor(candidate, cwd));
  throw new TableplanError(
    'project-ambiguous',
    `There are several drizzle configs: ${answers.map(({ path }) => path).join(', ')}.`,
    {
      hint: 'Say which one is meant.',
      missing: answers.map(({ path, supply }) => ({ field: 'config', question: `Is it ${path}?`, supply })),
    },
  );
}

function answerFor({ root, configPath }: Candidate, cwd: string): { path: string; supply: string } {
  const path = posixRelative(cwd, configPath ?? join(root, 'package.json'));
  const shown = configPath === undefined ? posixRelative(cwd, root) : path;
  return {
    path,
    supply: `${configPath === undefined ? '--cwd' : '--config'} ${/[^\w./@-]/.test(shown) ? `'${shown}'` : shown}`,
  };
}

async function nothingFound(cwd: string, repoRoot: string): Promise<TableplanError> {
  const packages = await Promise.all(upwards(cwd, repoRoot).map((folder) => readPackageJson(folder)));
  const has = (name: string): boolean =>
    packages.some((json) => name in { ...json?.dependencies, ...json?.devDependencies });
  if (has('drizzle-orm')) {
    return new NoProject(
      `drizzle-orm is installed, but there is no drizzle.config.ts in ${cwd}, above it or below it.`,
      { hint: 'Write one (dialect, schema, out), or name yours with --config.', isInstalled: true },
    );
  }
  return new NoProject(
    `There is no Drizzle project (no drizzle.config.ts) and no TypeORM project in ${cwd}, above it or below it.`,
    { hint: 'Run the command in your project, or name its folder with --cwd.', isInstalled: false },
  );
}
