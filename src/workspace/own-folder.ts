import { mkdir, readdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../errors.ts';

/** tableplan's own folder in a project: lock and journal. It ignores itself in git and goes when it is empty. */
export function ownFolder(root: string): string {
  return join(root, '.tableplan');
}

/** Makes the folder where it is missing. Throws `file-not-writable` when the project does not allow it. */
export async function makeOwnFolder(root: string): Promise<void> {
  try {
    await mkdir(ownFolder(root), { recursive: true });
    await writeFile(join(ownFolder(root), '.gitignore'), '*\n', { flag: 'wx' });
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

/** What killed runs left of their attempts to get the lock. A run that is still trying makes its own again. */
export async function dropLitter(root: string): Promise<void> {
  const names = await readdir(ownFolder(root)).catch(() => []);
  const litter = names.filter((name) => name.startsWith('lock.'));
  await Promise.all(litter.map((name) => unlink(join(ownFolder(root), name)).catch(() => undefined)));
}

/** Takes the folder away again unless something that is needed lies in it. */
export async function dropOwnFolder(root: string): Promise<void> {
  const left = await readdir(ownFolder(root)).catch(() => undefined);
  if (left === undefined || left.some((name) => name !== '.gitignore')) return;
  await unlink(join(ownFolder(root), '.gitignore')).catch(() => undefined);
  // Another run may have made something in between: then the folder is not empty and stays.
  await rmdir(ownFolder(root)).catch(() => undefined);
}
