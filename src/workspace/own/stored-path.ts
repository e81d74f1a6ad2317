import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { ProjectFolders } from '../own-folder.ts';
import { isInnerPath } from './names.ts';
import { linkOnTheWay } from './links.ts';

/** A file of the project as own files name it: a container may see the project elsewhere. `path` is relative, with `/`. */
export interface StoredPath {
  readonly in: 'project' | 'repository';
  readonly path: string;
}

/** The folders with their links followed, as the paths of stored files are. */
export async function realFolders({ root, repoRoot }: ProjectFolders): Promise<ProjectFolders> {
  return { root: await realpath(root), repoRoot: await realpath(repoRoot) };
}

/** How a real path is stored; undefined where it lies outside, or in git's or tableplan's own folder. */
export function toStored({ root, repoRoot }: ProjectFolders, path: string): StoredPath | undefined {
  for (const [place, folder] of [
    ['project', root],
    ['repository', repoRoot],
  ] as const) {
    const between = relative(folder, path);
    const inner = isAbsolute(between) ? between : between.split(sep).join('/');
    if (isInnerPath(inner)) return { in: place, path: inner };
  }
  return undefined;
}

/** The real path of a stored one. Throws `file-changed` where a symbolic link lies on the way by now. */
export async function fromStored({ root, repoRoot }: ProjectFolders, stored: StoredPath): Promise<string> {
  const base = stored.in === 'project' ? root : repoRoot;
  const path = join(base, ...stored.path.split('/'));
  const link = await linkOnTheWay(base, path);
  if (link === undefined) return path;
  throw new TableplanError('file-changed', `${path} cannot be put back: ${link} is a symbolic link by now.`, {
    hint: `Nothing was changed. Remove the link, or take the file back from git, and run the command again.`,
    at: { file: link },
  });
}
