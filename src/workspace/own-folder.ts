import { readdir, readFile, mkdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import { lookAt } from './own/links.ts';

/** Where a project lies: what tableplan writes lies in `repoRoot`, its own files in `root`. */
export interface ProjectFolders {
  readonly root: string;
  readonly repoRoot: string;
}

/**
 * tableplan's own folder in a project: lock, journal, what `undo` needs. It ignores itself in git and goes when it is empty.
 */
export function ownFolder(root: string): string {
  return join(root, '.tableplan');
}

const IGNORES_ITSELF = '*\n';

/**
 * Whether the own folder, or a folder in it, is there. Throws `file-not-writable` where it is something else: a link would
 * lead to files that are not tableplan's.
 */
export async function hasOwnFolder(root: string, name?: string): Promise<boolean> {
  const folders = [ownFolder(root), ...(name === undefined ? [] : [join(ownFolder(root), name)])];
  for (const folder of folders) {
    const info = await lookAt(folder);
    if (info === undefined) return false;
    if (info.isDirectory()) continue;
    const what = info.isSymbolicLink() ? 'a symbolic link' : 'a file';
    throw new TableplanError('file-not-writable', `${folder} is ${what}, not a folder of tableplan's.`, {
      hint: `Nothing was written, and what it leads to was not touched. Remove it and run the command again: rm ${folder}`,
      at: { file: folder },
    });
  }
  return true;
}

/** Makes the folder where it is missing. Throws `file-not-writable` when the project does not allow it. */
export async function makeOwnFolder(root: string): Promise<void> {
  await hasOwnFolder(root);
  try {
    await mkdir(ownFolder(root), { recursive: true });
    await writeFile(gitignoreOf(root), IGNORES_ITSELF, { flag: 'wx' }).catch(async (error: unknown) => {
      // A disk that is full leaves an empty one, which ignores nothing.
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
        await unlink(gitignoreOf(root)).catch(() => undefined);
      throw error;
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The file is there, or another run has just taken the empty folder away: the caller tries again.
    if ((code === 'EEXIST' && message.includes('.gitignore')) || code === 'ENOENT') return;
    throw new TableplanError('file-not-writable', `${ownFolder(root)} cannot be made: ${message}.`, {
      hint: 'tableplan keeps its lock and its journal there while it runs. Nothing was written.',
      cause: error,
    });
  }
}

function gitignoreOf(root: string): string {
  return join(ownFolder(root), '.gitignore');
}

/** What killed runs left of their attempts to get the lock. A run that is still trying makes its own again. */
export async function dropLitter(root: string): Promise<void> {
  const entries = await readdir(ownFolder(root), { withFileTypes: true }).catch(() => []);
  const litter = entries.filter((entry) => entry.isFile() && entry.name.startsWith('lock.'));
  await Promise.all(litter.map(({ name }) => unlink(join(ownFolder(root), name)).catch(() => undefined)));
}

/** Takes the folder away again unless something that is needed lies in it. */
export async function dropOwnFolder(root: string): Promise<void> {
  const left = await readdir(ownFolder(root)).catch(() => undefined);
  if (left === undefined || left.some((name) => name !== '.gitignore')) return;
  const text = await readFile(gitignoreOf(root), 'utf8').catch(() => '');
  if (left.length > 0 && text !== IGNORES_ITSELF && text !== '') return;
  await unlink(gitignoreOf(root)).catch(() => undefined);
  // Another run may have made something in between: then the folder is not empty and stays.
  await rmdir(ownFolder(root)).catch(() => undefined);
}
