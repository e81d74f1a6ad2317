import { open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { ProjectFolders } from './own-folder.ts';
import {
  applyLooks,
  dropJournal,
  type FileLooks,
  hash,
  imageOf,
  type Journal,
  type JournalFile,
  temporaryOf,
  unfinishedJournals,
  writeDurably,
} from './journal.ts';

/**
 * Puts right what a killed run left in the project: every file of its unfinished flush becomes what it was, byte for byte.
 * Returns the files that were put back. Safe to be killed itself, and to be run again. What this machine and user did not
 * write is left alone, and said. Throws `file-changed` where somebody has edited a file since: nothing of it is overwritten.
 */
export async function recover(folders: ProjectFolders, say: (line: string) => void): Promise<string[]> {
  const restored: string[] = [];
  for (const journal of await unfinishedJournals(folders, say)) {
    await refuseForeignEdits(journal);
    const back = await rollBack(journal);
    if (back.failed) throw notPutBack(journal, back.failed);
    restored.push(...back.restored);
  }
  return restored;
}

export interface RolledBack {
  readonly restored: readonly string[];
  /** The first file that could not be put back, and why; the journal stays then. */
  readonly failed: { readonly path: string; readonly error: unknown } | undefined;
}

/**
 * Takes a flush back and drops its journal. Only what the flush itself wrote is replaced. Needs no space on a disk that is
 * full: new files go first, and the images of the others are moved, not copied.
 */
export async function rollBack(journal: Journal): Promise<RolledBack> {
  const { files, folders } = journal.manifest;
  const restored: string[] = [];
  let failed: RolledBack['failed'];
  for (const file of files) await rm(temporaryOf(file), { force: true }).catch(() => undefined);
  const newFirst = [...files].toSorted((a, b) => Number(a.before !== null) - Number(b.before !== null));
  for (const file of newFirst) {
    try {
      const current = await currentHash(file.path);
      if (current === file.before || current !== file.after) continue;
      await restore(journal, file);
      restored.push(file.path);
    } catch (error) {
      failed ??= { path: file.path, error };
    }
  }
  if (failed) return { restored, failed };
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
  await dropJournal(journal);
  return { restored, failed: undefined };
}

/** What to say where a file could not be put back. */
export function notPutBack({ folder }: Journal, { path, error }: NonNullable<RolledBack['failed']>): Error {
  if (error instanceof TableplanError) return error;
  return new TableplanError('file-not-writable', `${path} cannot be put back: ${(error as Error).message}.`, {
    hint: `What it was is kept in ${folder}. Free some space or make it writable, then run any tableplan command: it puts the file back.`,
    at: { file: path },
    cause: error,
  });
}

async function restore(journal: Journal, file: JournalFile): Promise<void> {
  if (file.before === null) return rm(file.path, { force: true });
  const image = imageOf(journal, file);
  const bytes = await readFile(image).catch(() => undefined);
  if (bytes === undefined || hash(bytes) !== file.before) {
    throw new TableplanError(
      'file-changed',
      `A run of tableplan was killed while it wrote, and the copy of ${file.path} from before is gone.`,
      {
        hint: `Take the file back from git, then remove ${journal.folder} and run the command again.`,
        at: { file: file.path },
      },
    );
  }
  const looks = { mode: file.mode, owner: await allowedOwner(file) };
  await moveTo(file.path, image, looks).catch(async (error: NodeJS.ErrnoException) => {
    // The folder may be on another file system.
    if (error.code !== 'EXDEV') throw error;
    await writeDurably(temporaryOf(file), bytes, looks);
    await rename(temporaryOf(file), file.path);
  });
}

async function moveTo(path: string, image: string, looks: FileLooks): Promise<void> {
  const handle = await open(image, 'r+');
  try {
    await applyLooks(handle, looks);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(image, path);
}

/** Files are given back to who has the folder or the file, to nobody else. */
async function allowedOwner({ path, owner }: JournalFile): Promise<JournalFile['owner']> {
  const near = await Promise.all([path, dirname(path)].map((each) => stat(each).catch(() => undefined)));
  return near.some((info) => info?.uid === owner?.uid) ? owner : undefined;
}

async function refuseForeignEdits(journal: Journal): Promise<void> {
  for (const file of journal.manifest.files) {
    const current = await currentHash(file.path);
    if (current === file.before || current === file.after) continue;
    const image = file.before === null ? 'it did not exist' : `what it was is in ${imageOf(journal, file)}`;
    throw new TableplanError(
      'file-changed',
      `A run of tableplan was killed while it wrote, and ${file.path} has been edited since.`,
      {
        hint: `It is left as it is (before that run, ${image}). Decide which text is right, then remove ${journal.folder} and run the command again.`,
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
