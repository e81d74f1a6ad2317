import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import type { MigrationOutcome } from '../../src/pipeline/types.ts';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { CACHE } from '../empty-databases.ts';
import { makeTree } from '../workspace/tree.ts';
import { installed } from './installed.ts';

/** Folders of the repository below its root that hold a package of the workspace, by the package's name. */
type Workspace = Readonly<Record<string, string>>;

export interface ProjectFiles {
  readonly files: Readonly<Record<string, string>>;
  /** The folder in which tableplan is run, below the repository's root; the root itself where it is left out. */
  readonly cwd?: string | undefined;
  /** `{ '@acme/db': 'packages/db' }` */
  readonly workspace?: Workspace | undefined;
  /** Packages that stand for others: `{ typeorm: 'typeorm-0.3' }`. */
  readonly instead?: Readonly<Record<string, string>> | undefined;
  /** Packages of versions that this repository has not: all that the project has. */
  readonly packages?: Readonly<Record<string, string>> | undefined;
}

/** A git repository of its own in a temporary folder, with this repository's packages. */
export interface Project {
  readonly root: string;
  /** Absolute: where tableplan is run. */
  readonly cwd: string;
}

// Nothing that a project starts has this repository's TypeScript loader.
delete process.env['NODE_OPTIONS'];

const OWN = resolve(import.meta.dirname, '../../node_modules');

export function makeProject(project: ProjectFiles): Project {
  const { files, cwd = '.', workspace = {} } = project;
  const root = makeTree({ '.gitignore': 'node_modules\n', ...files }, 'tableplan project-');
  linkPackages(root, project);
  for (const [name, path] of Object.entries(workspace)) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, path), join(root, 'node_modules', name));
  }
  linkEmptyDatabases(join(root, cwd));
  execFileSync('git', ['init', '-q'], { cwd: root });
  return { root, cwd: join(root, cwd) };
}

function linkPackages(root: string, { packages, instead = {} }: ProjectFiles): void {
  const from = packages === undefined ? OWN : join(installed({ packages }), 'node_modules');
  const folder = join(root, 'node_modules');
  mkdirSync(folder);
  for (const name of readdirSync(from))
    if (!name.startsWith('.cache') && !name.startsWith('.vite') && !(name in instead))
      symlinkSync(join(from, name), join(folder, name));
  for (const [name, other] of Object.entries(instead)) symlinkSync(join(from, other), join(folder, name));
}

/** What the first run in a project keeps. Hard links, as each has five megabytes. */
function linkEmptyDatabases(cwd: string): void {
  const folder = join(cwd, 'node_modules/.cache/tableplan');
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(CACHE).filter((name) => name.startsWith('pglite-empty-'))) {
    const [from, to] = [join(CACHE, file), join(folder, file)];
    if (existsSync(to)) continue;
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to); // Another file system.
    }
  }
}

/** A program of node_modules/.bin, as a person would run it there; its output. Throws with that output where it fails. */
export function run(folder: string, [name = '', ...args]: readonly string[]): string {
  try {
    return execFileSync(join(modulesOf(folder), '.bin', name), args, {
      cwd: folder,
      env: consumerEnv(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[name, ...args].join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** The node_modules of the folder, or of one above it. */
function modulesOf(folder: string): string {
  const own = join(folder, 'node_modules');
  return existsSync(join(own, '.bin')) || dirname(folder) === folder ? own : modulesOf(dirname(folder));
}

/** Takes the plan in `PLAN` the whole way, as `tableplan migration` would: files written, rehearsed, types checked. */
export function migrate(
  project: Project,
  options: { readonly config: string | undefined; readonly repairSnapshots: boolean },
): Promise<MigrationOutcome> {
  return runMigrationCommand({
    cwd: project.cwd,
    ...options,
    words: [PLAN],
    dryRun: false,
    typecheck: true,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
  });
}

/** The file that holds the plan, below `cwd`; git does not see it. */
export const PLAN = 'node_modules/plan.yaml';
