import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Where what can be made again at any time is kept (replayed histories, findings of unchanged files):
 * `node_modules/.cache/tableplan`, as other tools have it, of the nearest node_modules between the project and the top of
 * its repository; undefined where there is none: then nothing is kept.
 */
export async function cacheFolder(project: {
  readonly root: string;
  readonly repoRoot: string;
}): Promise<string | undefined> {
  for (let folder = project.root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (await isFolder(modules)) return join(modules, '.cache', 'tableplan');
    if (folder === project.repoRoot || dirname(folder) === folder) return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
