import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isFile, packageFolder } from '../../../project/folders.ts';
import { generateScripts, type KitScript } from './scripts.ts';

/** A config, or a script that needs none, and where drizzle-kit runs for it. */
export interface Candidate {
  readonly root: string;
  readonly configPath: string | undefined;
  readonly script: KitScript | undefined;
}

const CONFIG =
  /^drizzle(?:[.-][\w-]+)*\.config\.(ts|mts|cts|js|mjs|cjs|json)$|^drizzle[.-]config[.-][\w-]+\.(ts|mts|cts|js|mjs|cjs|json)$/;
/** What drizzle-kit takes when it is given no config, in its order (prepareConfig in bin.cjs 0.31). */
const DEFAULTS = ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.json'];
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'target', 'vendor']);
const DEEPEST = 5;
const MOST_FOLDERS = 5000;

/** What one folder says: the configs that its scripts run, else those that lie in it, else flags that do without. */
export async function candidatesIn(folder: string, repoRoot: string): Promise<Candidate[]> {
  const scripts = await generateScripts(folder);
  const run = await Promise.all(
    scripts.map(async (script) => ({ root: script.folder, configPath: await configOf(script), script })),
  );
  const byConfig = new Map(
    run
      .toReversed()
      .flatMap((each) => (each.configPath === undefined ? [] : [[each.configPath, each] as const])),
  );
  // What drizzle-kit takes without a flag is the project's; the others (of a test, say) are named with --config.
  const byDefault = [...byConfig.values()].filter(({ script }) => script.config === undefined);
  if (byConfig.size > 0) return byDefault.length > 0 ? byDefault : [...byConfig.values()].toReversed();

  const names = (await readdir(folder).catch(() => [])).filter((name) => CONFIG.test(name)).toSorted();
  const preferred = DEFAULTS.find((name) => names.includes(name));
  const chosen = preferred === undefined ? names : [preferred];
  if (chosen.length > 0) return Promise.all(chosen.map((name) => owned(join(folder, name), repoRoot)));
  return run
    .filter(({ script }) => script.overrides.dialect !== undefined && script.overrides.schema !== undefined)
    .slice(0, 1);
}

/** The configs below a folder; where one is found, nothing deeper is looked at. */
export async function candidatesBelow(folder: string, repoRoot: string): Promise<Candidate[]> {
  let seen = 0;
  const below = async (parent: string, depth: number): Promise<Candidate[]> => {
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name),
    );
    seen += folders.length;
    if (depth > DEEPEST || seen > MOST_FOLDERS) return [];
    const found = await Promise.all(
      folders.map(async ({ name }) => {
        // What is broken down there (a fixture, say) is not this project's matter.
        const own = await candidatesIn(join(parent, name), repoRoot).catch(() => []);
        return own.length > 0 ? own : below(join(parent, name), depth + 1);
      }),
    );
    return found.flat();
  };
  return below(folder, 0);
}

/** A config with the script that runs it, in its own package or in one above; drizzle-kit runs where that script does. */
export async function owned(configPath: string, repoRoot: string): Promise<Candidate> {
  for (let folder = dirname(configPath); ; folder = dirname(folder)) {
    for (const script of await generateScripts(folder)) {
      if ((await configOf(script)) === configPath) return { root: script.folder, configPath, script };
    }
    if (folder === repoRoot || dirname(folder) === folder) break;
  }
  const root = await packageFolder(dirname(configPath));
  // Another config's script still says how this project sets its environment.
  const script = (await generateScripts(root)).find(
    ({ folder, overrides }) => folder === root && Object.keys(overrides).every((key) => key === 'prefix'),
  );
  return { root, configPath, script };
}

/** The config that a script makes drizzle-kit read; undefined where there is none. */
async function configOf({ folder, config }: KitScript): Promise<string | undefined> {
  for (const name of config === undefined ? DEFAULTS : [config])
    if (await isFile(resolve(folder, name))) return resolve(folder, name);
  return undefined;
}
