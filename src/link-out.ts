import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** What stands at the top of a repository or a workspace. */
export const TOP_MARKS: readonly string[] = ['.git', 'pnpm-workspace.yaml', 'nx.json', 'lerna.json'];

/**
 * The symbolic link by which a path leads out of the repository that it lies in: a repository can bring such a link, to a
 * file of somebody else's. Undefined where there is none, where nothing is there, and where no repository is.
 *
 * @example linkOut('/repo/plans/x.yaml') // '/repo/plans', a link to /home/me/private
 */
export function linkOut(path: string): string | undefined {
  const given = resolve(path);
  const real = realOf(given);
  if (real === undefined || real === given) return undefined;
  for (const each of withParents(given)) {
    if (!lstatSync(each).isSymbolicLink()) continue;
    const folder = realOf(dirname(each));
    const top = folder === undefined ? undefined : topOf(folder);
    if (top !== undefined && leadsOut(top, real)) return each;
  }
  return undefined;
}

/** The top of the repository, else the folder of the package. */
function topOf(folder: string): string | undefined {
  const above = withParents(folder);
  return (
    above.find((each) => TOP_MARKS.some((mark) => existsSync(join(each, mark)))) ??
    above.find((each) => existsSync(join(each, 'package.json')))
  );
}

/** Whether a path lies outside a folder; the folder itself does not. Links are not followed. */
export function leadsOut(folder: string, path: string): boolean {
  const between = relative(folder, path);
  return between === '..' || between.startsWith(`..${sep}`) || isAbsolute(between);
}

/** A path and all folders that it lies in, innermost first. */
function withParents(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...withParents(dirname(path))];
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
