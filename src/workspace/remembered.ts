import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import { trackedAt } from '../project/git.ts';
import type { FileEdit } from './file-edit.ts';
import { hasOwnFolder, makeOwnFolder, ownFolder, type ProjectFolders } from './own-folder.ts';
import { asName, isName } from './own/names.ts';
import { foreignNotice } from './own/notices.ts';
import { readSealed, type Sealing, writeSealed } from './own/sealed-file.ts';
import { fromStored, realFolders, type StoredPath, toStored } from './own/stored-path.ts';

/** What a run has written, so that `tableplan undo` can take it back. */
export interface RememberedRun {
  /** `0007_add_brand_id_to_products`, `crud-products`; a number behind it where there was one before. */
  readonly id: string;
  /** When, in ISO 8601. */
  readonly at: string;
  readonly migration: RememberedMigration | undefined;
  /** Paths are absolute. */
  readonly files: readonly RememberedFile[];
}

export interface RememberedMigration {
  /** As the migrator's table calls it: the class of a TypeORM migration; the tag of a Drizzle one. */
  readonly name: string;
  /** SHA-256 of the file that the migrator runs, which Drizzle's table has. */
  readonly hash: string;
}

export interface RememberedFile {
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

/** Runs further back than this are git's matter. */
const MOST_RUNS = 20;
/** A snapshot of a large schema is megabytes; what differs in it is of no interest. */
const LONGEST_TEXT = 256 * 1024;

/** Where runs are remembered; git ignores it, as all of tableplan's own folder. */
const UNDO_FOLDER = 'undo';

function folderOf(root: string): string {
  return join(ownFolder(root), UNDO_FOLDER);
}

function fileOf(root: string, id: string): string {
  return join(folderOf(root), `${id}.json`);
}

function sealingOf({ repoRoot }: ProjectFolders, id: string): Sealing {
  return { label: `undo ${id}`, beside: repoRoot };
}

/**
 * Remembers what a run has written. Called again with the same `id` it replaces what it said before. Returns why the run
 * cannot be undone where that cannot be written, which is no reason to stop.
 */
export async function rememberRun(
  folders: ProjectFolders,
  run: Pick<RememberedRun, 'id' | 'at' | 'migration'> & {
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
          ...rememberedFile(edit),
          path: toStored(real, await realpath(edit.path).catch(() => edit.path)),
          ...(shared.includes(edit.path) && { isShared: true }),
        })),
    );
    await makeOwnFolder(folders.root);
    await hasOwnFolder(folders.root, UNDO_FOLDER);
    await mkdir(folderOf(folders.root), { recursive: true });
    const body = Buffer.from(JSON.stringify({ ...about, files }));
    const isSealed = await writeSealed(fileOf(folders.root, run.id), body, sealingOf(folders, run.id));
    if (!isSealed) return 'no folder of yours outside the repository can be written (set XDG_STATE_HOME)';
    const known = await rememberedRuns(folders);
    for (const { id } of known.slice(MOST_RUNS)) await forgetRun(folders.root, id);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await dropEmpty(folders.root);
  }
}

/** An id that no remembered run has: the name itself, else with a number behind it. */
export async function freeRunId(root: string, name: string): Promise<string> {
  const isThere = await hasOwnFolder(root, UNDO_FOLDER).catch(() => false);
  // Whoever wrote it: no file is written over.
  const taken = new Set(isThere ? await readdir(folderOf(root)) : []);
  const first = asName(name);
  let id = first;
  for (let number = 2; taken.has(`${id}.json`); number += 1) id = `${first}-${number}`;
  return id;
}

/**
 * The runs that can be taken back, newest first. What this machine and user did not write, or nobody can read, is left
 * out, and said. Throws `file-not-writable` where the folder is a link.
 */
export async function rememberedRuns(
  folders: ProjectFolders,
  say: (line: string) => void = () => undefined,
): Promise<readonly RememberedRun[]> {
  const { root } = folders;
  if (!(await hasOwnFolder(root, UNDO_FOLDER))) return [];
  const names = (await readdir(folderOf(root))).filter((name) => name.endsWith('.json'));
  const tracked = names.length > 0 ? await trackedAt(ownFolder(root)) : new Set<string>();
  const runs = await Promise.all(
    names.map(async (name) => {
      const path = join(folderOf(root), name);
      const isTracked = tracked.has(path);
      const run = isTracked ? undefined : await readRun(folders, name.slice(0, -'.json'.length));
      if (run === undefined) say(foreignNotice('record of a run', path, { isTracked }));
      return run;
    }),
  );
  return runs.filter((run) => run !== undefined).toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

async function readRun(folders: ProjectFolders, id: string): Promise<RememberedRun | undefined> {
  if (!isName(id)) return undefined;
  const bytes = await readSealed(fileOf(folders.root, id), sealingOf(folders, id)).catch(() => undefined);
  if (bytes === undefined || bytes === 'foreign') return undefined;
  const { runSchema } = await import('./own/schemas.ts');
  try {
    const { migration, files, ...about } = runSchema.parse(JSON.parse(bytes.toString()));
    if (about.id !== id) return undefined;
    return {
      ...about,
      migration,
      files: files.map((file) => ({ ...file, path: joined(folders, file.path), stored: file.path })),
    };
  } catch {
    return undefined;
  }
}

function joined({ root, repoRoot }: ProjectFolders, { in: place, path }: StoredPath): string {
  return join(place === 'project' ? root : repoRoot, path);
}

/** Throws `undo-refused` where a file of the run would be reached through a symbolic link by now. */
export async function refuseLinks(folders: ProjectFolders, run: RememberedRun): Promise<void> {
  const real = await realFolders(folders);
  for (const { stored } of run.files) {
    await fromStored(real, stored).catch((cause: TableplanError) => {
      throw new TableplanError('undo-refused', cause.message, { hint: cause.hint, at: cause.at, cause });
    });
  }
}

/** A run that has been taken back, or is too long ago. */
export async function forgetRun(root: string, id: string): Promise<void> {
  if (!isName(id) || !(await hasOwnFolder(root, UNDO_FOLDER))) return;
  await rm(fileOf(root, id), { force: true });
  await dropEmpty(root);
}

async function dropEmpty(root: string): Promise<void> {
  await rmdir(folderOf(root)).catch(() => undefined);
}

function rememberedFile({ before, after }: FileEdit): Omit<RememberedFile, 'path' | 'stored'> {
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
