import { mkdir } from 'node:fs/promises';
import { lookAt, upwardsFrom } from './links.ts';

/**
 * Makes a folder and those that it lies in. Node's own recursive `mkdir` never ends below `/proc`, where a folder is there and
 * nothing can be made in it. Throws what the file system says.
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const missing: string[] = [];
  for (const folder of upwardsFrom(path)) {
    if (await lookAt(folder)) break;
    missing.unshift(folder);
  }
  for (const folder of missing)
    await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
      // Another run was first.
      if (error.code !== 'EEXIST') throw error;
    });
}
