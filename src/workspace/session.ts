import { stat } from 'node:fs/promises';
import type { FileEdit } from './file-edit.ts';
import { flush } from './flush.ts';
import { withProjectLock } from './lock.ts';
import { posixRelative } from './diff.ts';
import { ownFolder } from './own-folder.ts';
import { recover } from './recover.ts';

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
    const restored = await recover(root);
    if (restored.length > 0)
      say(
        `A run was killed before it was done; put back as it was: ${restored.map((path) => posixRelative(root, path)).join(', ')}`,
      );
    return work(write);
  });
}

/** A run that ends takes the folder away: while nobody runs, it is there only when one was killed. */
async function isClean(root: string): Promise<boolean> {
  return stat(ownFolder(root)).then(
    () => false,
    () => true,
  );
}
