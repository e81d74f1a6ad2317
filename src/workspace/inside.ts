import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { TableplanError } from '../errors.ts';
import { leadsOut } from '../link-out.ts';
import type { FileEdit } from './file-edit.ts';
import { isReservedName } from './own/names.ts';

/**
 * Throws `file-not-writable` for an edit of a file outside the repository, or in a folder of git or of tableplan's own.
 * Before edits are shown: a link in the repository may lead to a file of somebody else's, which a diff would quote.
 */
export async function requireInside(edits: readonly FileEdit[], repoRoot: string): Promise<void> {
  await Promise.all(edits.map(({ path }) => insidePath(path, repoRoot)));
}

/** The file that a path means, links followed. Throws as `requireInside` does. */
export async function insidePath(shown: string, repoRoot: string): Promise<string> {
  const path = await realPath(shown);
  const repo = await realpath(repoRoot);
  if (path === repo || leadsOut(repo, path)) {
    throw new TableplanError('file-not-writable', `${shown} lies outside the project (${repoRoot}).`, {
      hint: 'Nothing was written. Check the paths in the config and in the plan, and that no symbolic link leads out.',
    });
  }
  if (relative(repo, path).split(sep).some(isReservedName)) {
    throw new TableplanError(
      'file-not-writable',
      `${shown} lies in a folder of git or of tableplan itself.`,
      {
        hint: 'Nothing was written. Check the paths in the config and in the plan.',
      },
    );
  }
  return path;
}

/** Whether a path, links followed, lies in the repository. */
export async function isInside(path: string, repoRoot: string): Promise<boolean> {
  const [real, repo] = await Promise.all([realPath(path), realpath(repoRoot)]);
  return !leadsOut(repo, real);
}

/** Links followed, also those in the folders of a file that is not there yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    if (
      await lstat(path).then(
        (info) => info.isSymbolicLink(),
        () => false,
      )
    )
      return path;
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}
