import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isFolder } from './folders.ts';
import { trackedAt } from '../workspace/git.ts';

/**
 * Where what can be made again at any time is kept (replayed histories, findings of unchanged files):
 * `node_modules/.cache/tableplan`, as other tools have it, of the nearest node_modules between the project and the top of
 * its repository; undefined where there is none, or only a link that came with the repository: then nothing is kept.
 */
export async function cacheFolder(project: {
  readonly root: string;
  readonly repoRoot: string;
}): Promise<string | undefined> {
  for (let folder = project.root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (await isFolder(modules))
      return (await isTrusted(modules, project)) ? join(modules, '.cache', 'tableplan') : undefined;
    if (folder === project.repoRoot || dirname(folder) === folder) return undefined;
  }
}

/**
 * Whether files may be written there. A node_modules that is a link (to another work tree's) is somebody's own; one that
 * git tracks, or that leads to another kind of folder, would let a repository say where tableplan writes.
 */
async function isTrusted(modules: string, { repoRoot }: { readonly repoRoot: string }): Promise<boolean> {
  if (!(await lstat(modules)).isSymbolicLink()) return true;
  const [target, top] = await Promise.all([realpath(modules), realpath(repoRoot)]);
  if (basename(target) !== 'node_modules') return false;
  return !relative(top, target).startsWith(`..${sep}`) || (await trackedAt(modules)).size === 0;
}
