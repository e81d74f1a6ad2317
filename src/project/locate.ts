import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { TableplanError } from '../errors.ts';
import { type DrizzleKit, findDrizzleKit } from './drizzle-kit.ts';
import { findPackageManager, type PackageManager, installCommand, runCommand } from './package-manager.ts';
import { generateScripts, type KitScript, migrateScriptName, type PackageJson, readPackageJson } from './scripts.ts';

/** Where a project is and what it is worked on with. Paths are absolute. */
export interface ProjectLocation {
  /** Folder of the package.json that owns the drizzle config: where its scripts run. */
  readonly root: string;
  /** Top of the repository or workspace; nothing outside it is touched. */
  readonly repoRoot: string;
  readonly configPath: string | undefined;
  /** The project's own script for `drizzle-kit generate`. */
  readonly script: KitScript | undefined;
  readonly migrateScript: { readonly name: string } | undefined;
  readonly packageManager: PackageManager;
  readonly tsconfigPath: string | undefined;
  readonly testScript: string | undefined;
  readonly drizzleKit: DrizzleKit;
  /** How people run one of the project's scripts: `pnpm db:migrate`. */
  run(script: string): string;
}

/** A config, or a script that needs none, and the package that it belongs to. */
interface Candidate {
  readonly root: string;
  readonly configPath: string | undefined;
  readonly script: KitScript | undefined;
}

const CONFIG = /^drizzle(?:[.-][\w-]+)*\.config\.(ts|mts|cts|js|mjs|cjs|json)$|^drizzle[.-]config[.-][\w-]+\.(ts|mts|cts|js|mjs|cjs|json)$/;
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'target', 'vendor']);
const DEEPEST = 5;

/**
 * Finds the Drizzle project that a command started in `cwd` means: the config that is named, else the nearest from
 * `cwd` upwards, else the only one below it. Throws `project-ambiguous` (with one answer per candidate),
 * `project-not-found`, `orm-not-found`, `orm-not-supported`.
 */
export async function locateProject(cwd: string, options: { config?: string | undefined } = {}): Promise<ProjectLocation> {
  const folder = resolve(cwd);
  if (!(await isFolder(folder))) throw new TableplanError('project-not-found', `There is no folder ${folder}.`, { hint: 'Give the folder of the project with --cwd.' });
  const repoRoot = await findRepoRoot(folder);
  const candidate = options.config === undefined ? await detect(folder, repoRoot) : await named(folder, options.config);
  const json = (await readPackageJson(candidate.root)) ?? {};
  const packageManager = await findPackageManager(candidate.root, repoRoot);
  const migrate = migrateScriptName(json);
  const tsconfig = join(candidate.root, 'tsconfig.json');
  return {
    ...candidate,
    repoRoot,
    migrateScript: migrate === undefined ? undefined : { name: migrate },
    packageManager,
    tsconfigPath: (await isFile(tsconfig)) ? tsconfig : undefined,
    testScript: json.scripts?.test === undefined ? undefined : 'test',
    drizzleKit: await findDrizzleKit(candidate.root, installCommand(packageManager)),
    run: (script) => runCommand(packageManager, script),
  };
}

async function named(cwd: string, config: string): Promise<Candidate> {
  const configPath = resolve(cwd, config);
  if (!(await isFile(configPath))) throw new TableplanError('project-not-found', `There is no config at ${config}.`, { hint: 'Give the path of a drizzle config, relative to the folder of the command.' });
  const root = await packageFolder(dirname(configPath));
  const json = (await readPackageJson(root)) ?? {};
  const script = (await generateScripts(root, json)).find((one) => one.config !== undefined && resolve(root, one.config) === configPath);
  return { root, configPath, script: script ?? (await scriptWithoutConfig(root, json)) };
}

async function detect(cwd: string, repoRoot: string): Promise<Candidate> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = await candidatesIn(folder);
    if (found.length > 0) return only(found, cwd);
    if (folder === repoRoot || dirname(folder) === folder) break;
  }
  const below = await candidatesBelow(cwd, 0);
  if (below.length > 0) return only(below, cwd);
  throw await nothingFound(cwd);
}

function only(candidates: readonly Candidate[], cwd: string): Candidate {
  const [first] = candidates;
  if (candidates.length === 1 && first) return first;
  const paths = candidates.map(({ root, configPath }) => relative(cwd, configPath ?? join(root, 'package.json')).replaceAll('\\', '/'));
  throw new TableplanError('project-ambiguous', `There are several drizzle configs: ${paths.join(', ')}.`, {
    hint: 'Say which one is meant.',
    missing: paths.map((path) => ({ field: 'config', question: `Is it ${path}?`, supply: `--config ${/\s/.test(path) ? `'${path}'` : path}` })),
  });
}

/** What one folder says: the configs that its scripts name, else those that lie in it. */
async function candidatesIn(folder: string): Promise<Candidate[]> {
  const json = await readPackageJson(folder);
  const scripts = json ? await generateScripts(folder, json) : [];
  const byScript = new Map<string, Candidate>();
  for (const script of scripts.filter(({ config }) => config !== undefined)) {
    const configPath = resolve(folder, script.config ?? '');
    if ((await isFile(configPath)) && !byScript.has(configPath)) byScript.set(configPath, { root: folder, configPath, script });
  }
  if (byScript.size > 0 && !scripts.some(({ config }) => config === undefined)) return [...byScript.values()];

  const files = (await readdir(folder).catch(() => [])).filter((name) => CONFIG.test(name)).toSorted();
  const standard = files.filter((name) => /^drizzle\.config\.(ts|js|json|mjs|cjs|mts|cts)$/.test(name));
  // drizzle-kit itself takes the .ts before the .js before the .json.
  const preferred = ['ts', 'js', 'json'].map((ending) => `drizzle.config.${ending}`).find((name) => standard.includes(name));
  const others = files.filter((name) => !standard.includes(name));
  const chosen = preferred === undefined ? files : scripts.some(({ config }) => config === undefined) ? [preferred] : [preferred, ...others];
  const root = await packageFolder(folder);
  const script = json ? await scriptWithoutConfig(folder, json) : undefined;
  const inFolder = chosen.map((name): Candidate => ({ root, configPath: join(folder, name), script: byScript.get(join(folder, name))?.script ?? script }));
  if (inFolder.length > 0) return [...inFolder, ...[...byScript.values()].filter(({ configPath }) => !inFolder.some((one) => one.configPath === configPath))];
  // A script may do without a config file altogether.
  const flags = scripts.find(({ config, overrides }) => config === undefined && overrides.dialect !== undefined && overrides.schema !== undefined);
  return flags ? [{ root: folder, configPath: undefined, script: flags }] : [];
}

async function scriptWithoutConfig(folder: string, json: PackageJson): Promise<KitScript | undefined> {
  return (await generateScripts(folder, json)).find(({ config }) => config === undefined);
}

async function candidatesBelow(folder: string, depth: number): Promise<Candidate[]> {
  if (depth > DEEPEST) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name));
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const own = await candidatesIn(join(folder, name));
      return own.length > 0 ? own : candidatesBelow(join(folder, name), depth + 1);
    }),
  );
  return found.flat();
}

async function nothingFound(cwd: string): Promise<TableplanError> {
  const root = await packageFolder(cwd);
  const json = (await readPackageJson(root)) ?? {};
  const has = (name: string): boolean => name in { ...json.dependencies, ...json.devDependencies };
  if (has('typeorm')) return new TableplanError('orm-not-supported', 'This is a TypeORM project; tableplan works with Drizzle so far, TypeORM comes in a later release.');
  if (has('drizzle-orm')) {
    return new TableplanError('project-not-found', `drizzle-orm is installed, but there is no drizzle.config.ts in ${cwd}, above it or below it.`, { hint: 'Write one (dialect, schema, out), or name yours with --config.' });
  }
  return new TableplanError('project-not-found', `There is no Drizzle project in ${cwd}, above it or below it (no ${basename('drizzle.config.ts')}).`, { hint: 'Run the command in your project, or name its folder with --cwd.' });
}

async function packageFolder(start: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isFile(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** The top of the git repository or workspace that a folder belongs to, else the folder of its outermost package.json. */
async function findRepoRoot(start: string): Promise<string> {
  let outermost = start;
  for (let folder = start; ; folder = dirname(folder)) {
    for (const mark of ['.git', 'pnpm-workspace.yaml', 'turbo.json', 'nx.json', 'lerna.json']) if (await exists(join(folder, mark))) return folder;
    const json = await readPackageJson(folder).catch(() => undefined);
    if (json?.workspaces !== undefined) return folder;
    if (json !== undefined && outermost === start) outermost = folder;
    if (dirname(folder) === folder) return outermost;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
