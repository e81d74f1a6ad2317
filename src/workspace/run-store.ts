import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { FileEdit } from './file-edit.ts';
import type { ProjectFolders } from './own-folder.ts';
import { sealedStore } from './own/sealed-store.ts';
import { fromStored, realFolders, type StoredPath, toStored } from './own/stored-path.ts';

/** What a run has written, so that `tableplan undo` can take it back. */
export interface StoredRun {
  /** `0007_add_brand_id_to_products`, `crud-products`; a number behind it where there was one before. */
  readonly id: string;
  /** When, in ISO 8601. */
  readonly at: string;
  readonly migration: StoredMigration | undefined;
  /** Paths are absolute. */
  readonly files: readonly StoredFile[];
}

export interface StoredMigration {
  /** As the migrator's table calls it: the class of a TypeORM migration; the tag of a Drizzle one. */
  readonly name: string;
  /** SHA-256 of the file that the migrator runs, which Drizzle's table has. */
  readonly hash: string;
}

export interface StoredFile {
  readonly path: string;
  /** The whole text as it was; null where the run has made the file. */
  readonly before: string | null;
  /** SHA-256 of the text that was written; null where the run has deleted the file. */
  readonly hash: string | null;
  /** The run has made it for other runs too: it stays while one of them does. */
  readonly isShared?: boolean | undefined;
  /** The text that was written, where it is short enough to be worth keeping for a diff. */
  readonly after: string | null;
  readonly stored: StoredPath;
}

/** A snapshot of a large schema is megabytes; what differs in it is of no interest. */
const LONGEST_TEXT = 256 * 1024;

/** Runs further back than this are git's matter. */
const MOST_RUNS = 20;

const store = sealedStore({
  folder: 'undo',
  what: 'record of a run',
  most: MOST_RUNS,
  schema: async () => (await import('./own/schemas.ts')).runSchema,
});

/**
 * Remembers what a run has written. Called again with the same `id` it replaces what it said before. Returns why the run
 * cannot be undone where that cannot be written, which is no reason to stop.
 */
export async function storeRun(
  folders: ProjectFolders,
  run: Pick<StoredRun, 'id' | 'at' | 'migration'> & {
    readonly edits: readonly FileEdit[];
    /** Paths of those that later runs may use. */
    readonly shared?: readonly string[] | undefined;
  },
): Promise<string | undefined> {
  const { edits, shared = [], ...about } = run;
  try {
    const real = await realFolders(folders);
    const files = await Promise.all(
      edits
        .filter(({ before, after }) => before !== after)
        .map(async (edit) => ({
          ...storedFile(edit),
          path: toStored(real, await realpath(edit.path).catch(() => edit.path)),
          ...(shared.includes(edit.path) && { isShared: true }),
        })),
    );
    // A run that has changed nothing leaves nothing to be taken back.
    return files.length === 0 ? undefined : await store.keep(folders, { ...about, files });
  } catch (error) {
    return (error as Error).message;
  }
}

/** An id that no remembered run has: the name itself, else with a number behind it. */
export function freeRunId(root: string, name: string): Promise<string> {
  return store.freeId(root, name);
}

/**
 * The runs that can be taken back, newest first. What this machine and user did not write, or nobody can read, is left
 * out, and said. Throws `file-not-writable` where the folder is a link.
 */
export async function storedRuns(
  folders: ProjectFolders,
  say?: (line: string) => void,
): Promise<readonly StoredRun[]> {
  const runs = await store.all(folders, say);
  return runs.map(({ files, migration, ...about }) => ({
    ...about,
    migration,
    files: files.map((file) => ({ ...file, path: joined(folders, file.path), stored: file.path })),
  }));
}

function joined({ root, repoRoot }: ProjectFolders, { in: place, path }: StoredPath): string {
  return join(place === 'project' ? root : repoRoot, path);
}

/** Throws `undo-refused` where a file of the run would be reached through a symbolic link by now. */
export async function refuseLinks(folders: ProjectFolders, run: StoredRun): Promise<void> {
  const real = await realFolders(folders);
  for (const { stored } of run.files) {
    await fromStored(real, stored).catch((cause: TableplanError) => {
      throw new TableplanError('undo-refused', cause.message, { hint: cause.hint, at: cause.at, cause });
    });
  }
}

/** A run that has been taken back. */
export function forgetRun(root: string, id: string): Promise<void> {
  return store.forget(root, id);
}

function storedFile({ before, after }: FileEdit): Omit<StoredFile, 'path' | 'stored'> {
  return {
    before,
    hash: after === null ? null : hashOf(after),
    after: after !== null && after.length <= LONGEST_TEXT ? after : null,
  };
}

/** SHA-256 of a text, in hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
