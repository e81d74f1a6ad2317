import { readdir } from 'node:fs/promises';
import type { FileEdit } from './file-edit.ts';
import { flush } from './flush.ts';
import { withProjectLock } from './lock.ts';
import { posixRelative } from './posix-relative.ts';
import { JOURNALS } from './journal.ts';
import { hasOwnFolder, ownFolder, type ProjectFolders } from './own-folder.ts';
import { recover } from './recover.ts';

export interface WorkspaceOptions extends ProjectFolders {
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` as the only run in the project, after putting right what a killed one left. `work` gets the one way to
 * write: a flush of all edits or none. A dry run gets the same, and writes nothing of its own.
 */
export async function inWorkspace<T>(
  options: WorkspaceOptions,
  work: (flush: (edits: readonly FileEdit[]) => Promise<void>) => Promise<T>,
): Promise<T> {
  const { root, say, signal } = options;
  const write = (edits: readonly FileEdit[]): Promise<void> => flush(edits, options);
  if (options.dryRun) {
    const sound = await withProjectLock(root, { mode: 'read', say, signal }, () => isClean(root));
    if (sound) return work(write);
  }
  return withProjectLock(root, { mode: 'write', say, signal }, async () => {
    await recoverAndSay(options, say);
    return work(write);
  });
}

/**
 * For a run that ends before it gets to its work: puts right what a killed one left, lock and half-written files.
 * Leaves a run that is alive alone, and what nobody can put right to the next one, which says so.
 */
export async function recoverBefore(folders: ProjectFolders, say: (line: string) => void): Promise<void> {
  const { root } = folders;
  if (await isClean(root).catch(() => true)) return;
  const lock = { mode: 'write', say, patience: 0 } as const;
  await withProjectLock(root, lock, () => recoverAndSay(folders, say)).catch(() => undefined);
}

async function recoverAndSay(folders: ProjectFolders, say: (line: string) => void): Promise<void> {
  const { root } = folders;
  const restored = await recover(folders, say);
  if (restored.length > 0)
    say(
      `A run was killed before it was done; put back as it was: ${restored.map((path) => posixRelative(root, path)).join(', ')}`,
    );
}

/**
 * Whether no run was killed: none leaves a journal, a lock, or a folder with nothing in it. Throws where the folder is a
 * link or a file.
 */
async function isClean(root: string): Promise<boolean> {
  if (!(await hasOwnFolder(root))) return true;
  const names = await readdir(ownFolder(root));
  // The folder's own .gitignore alone is what a run leaves that was killed at once.
  const isBare = names.every((name) => name === '.gitignore');
  return !isBare && !names.some((name) => name === JOURNALS || name === 'lock' || name.startsWith('lock.'));
}
