import { readdir } from 'node:fs/promises';
import type { FileEdit } from './file-edit.ts';
import { flush } from './flush.ts';
import { withProjectLock } from './lock.ts';
import { posixRelative } from './diff.ts';
import { ownFolder } from './own-folder.ts';
import { recover } from './recover.ts';
import { UNDO_FOLDER } from './remembered.ts';

export interface WorkspaceOptions {
  readonly root: string;
  readonly repoRoot: string;
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
    await putBack(root, say);
    return work(write);
  });
}

/**
 * For a run that ends before it gets to its work: puts right what a killed one left, lock and half-written files.
 * Leaves a run that is alive alone, and what nobody can put right to the next one, which says so.
 */
export async function putRight(root: string, say: (line: string) => void): Promise<void> {
  if (await isClean(root)) return;
  const lock = { mode: 'write', say, patience: 0 } as const;
  await withProjectLock(root, lock, () => putBack(root, say)).catch(() => undefined);
}

async function putBack(root: string, say: (line: string) => void): Promise<void> {
  const restored = await recover(root);
  if (restored.length > 0)
    say(
      `A run was killed before it was done; put back as it was: ${restored.map((path) => posixRelative(root, path)).join(', ')}`,
    );
}

/** A run that ends leaves nothing but what it remembers: anything else is there only when one was killed. */
async function isClean(root: string): Promise<boolean> {
  const names = await readdir(ownFolder(root)).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? [] : ['?'],
  );
  // The folder's own .gitignore alone is what a run leaves that was killed at once.
  const isBare = names.length === 1 && names[0] === '.gitignore';
  return !isBare && names.every((name) => name === '.gitignore' || name === UNDO_FOLDER);
}
