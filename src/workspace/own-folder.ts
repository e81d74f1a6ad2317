import { mkdir, readdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** tableplan's own folder in a project: lock and journal. It ignores itself in git and goes when it is empty. */
export function ownFolder(root: string): string {
  return join(root, '.tableplan');
}

export async function makeOwnFolder(root: string): Promise<void> {
  await mkdir(ownFolder(root), { recursive: true });
  await writeFile(join(ownFolder(root), '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Takes the folder away again unless something that is needed lies in it. */
export async function dropOwnFolder(root: string): Promise<void> {
  const left = await readdir(ownFolder(root)).catch(() => undefined);
  if (left === undefined) return;
  // What a killed run left of its attempt to get the lock; one that still tries makes it again.
  const litter = left.filter((name) => name.startsWith('lock.'));
  await Promise.all(litter.map((name) => unlink(join(ownFolder(root), name)).catch(() => undefined)));
  if (left.some((name) => name !== '.gitignore' && !litter.includes(name))) return;
  await unlink(join(ownFolder(root), '.gitignore')).catch(() => undefined);
  // Another run may have made something in between: then the folder is not empty and stays.
  await rmdir(ownFolder(root)).catch(() => undefined);
}
