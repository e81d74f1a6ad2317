import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** What lies at a path, links not followed; undefined where nothing does. */
export async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

/** The first symbolic link below `base` on the way to `path`, that itself included; undefined where there is none. */
export async function linkOnTheWay(base: string, path: string): Promise<string | undefined> {
  let current = base;
  for (const part of relative(base, path).split(sep)) {
    current = join(current, part);
    const info = await lookAt(current);
    if (info === undefined) return undefined;
    if (info.isSymbolicLink()) return current;
  }
  return undefined;
}

/** A folder and all that it lies in, innermost first. */
export function upwardsFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwardsFrom(parent)];
}
