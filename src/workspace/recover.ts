import { readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import {
  dropJournal,
  hash,
  type JournalFile,
  journalFolder,
  type Manifest,
  readManifest,
  writeDurably,
} from './journal.ts';

/**
 * Puts right what a killed run left in the project at `root`: every file of its unfinished flush becomes what it was,
 * byte for byte. Returns the files that were put back. Safe to be killed itself, and to be run again.
 * Throws `file-changed` where somebody has edited a file since: nothing of it is overwritten.
 */
export async function recover(root: string): Promise<string[]> {
  const manifest = await readManifest(root);
  if (manifest === undefined) {
    await rm(journalFolder(root), { recursive: true, force: true });
    return [];
  }
  await refuseForeignEdits(root, manifest);
  return rollBack(root, manifest);
}

/** Takes a flush back and drops its journal. Only what the flush itself wrote is replaced. */
export async function rollBack(root: string, manifest: Manifest): Promise<string[]> {
  const restored: string[] = [];
  for (const file of manifest.files) {
    await rm(file.temporary, { force: true });
    const current = await currentHash(file.path);
    if (current === file.before || current !== file.after) continue;
    await restore(root, file);
    restored.push(file.path);
  }
  for (const folder of manifest.folders.toReversed()) await rmdir(folder).catch(() => undefined);
  await dropJournal(root);
  return restored;
}

async function restore(root: string, file: JournalFile): Promise<void> {
  if (file.image === undefined) return rm(file.path, { force: true });
  const image = join(journalFolder(root), file.image);
  const bytes = await readFile(image).catch((cause: unknown) => {
    throw new TableplanError(
      'file-changed',
      `A run of tableplan was killed while it wrote, and the before-image of ${file.path} is gone.`,
      {
        hint: `Take the file back from git, then remove ${journalFolder(root)} and run the command again.`,
        at: { file: file.path },
        cause,
      },
    );
  });
  await writeDurably(file.temporary, bytes, file);
  await rename(file.temporary, file.path);
}

async function refuseForeignEdits(root: string, manifest: Manifest): Promise<void> {
  for (const file of manifest.files) {
    const current = await currentHash(file.path);
    if (current === file.before || current === file.after) continue;
    const image =
      file.image === undefined
        ? 'it did not exist'
        : `what it was is in ${join(journalFolder(root), file.image)}`;
    throw new TableplanError(
      'file-changed',
      `A run of tableplan was killed while it wrote, and ${file.path} has been edited since.`,
      {
        hint: `It is left as it is (before that run, ${image}). Decide which text is right, then remove ${journalFolder(root)} and run the command again.`,
        at: { file: file.path },
      },
    );
  }
}

async function currentHash(path: string): Promise<string | null> {
  return readFile(path).then(hash, (error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code ?? '')) return null;
    throw error;
  });
}
