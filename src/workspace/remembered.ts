import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { posixRelative } from './diff.ts';
import type { FileEdit } from './file-edit.ts';
import { makeOwnFolder, ownFolder } from './own-folder.ts';

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
}

/** Runs further back than this are git's matter. */
const MOST_RUNS = 20;
/** A snapshot of a large schema is megabytes; what differs in it is of no interest. */
const LONGEST_TEXT = 256 * 1024;

/** Where runs are remembered; git ignores it, as all of tableplan's own folder. */
export const UNDO_FOLDER = 'undo';

function folderOf(root: string): string {
  return join(ownFolder(root), UNDO_FOLDER);
}

/**
 * Remembers what a run has written. Called again with the same `id` it replaces what it said before. A folder that cannot
 * be written is no reason to stop: the run then cannot be undone.
 */
export async function rememberRun(
  root: string,
  run: Pick<RememberedRun, 'id' | 'at' | 'migration'> & {
    readonly edits: readonly FileEdit[];
    /** Paths of those that later runs may use. */
    readonly shared?: readonly string[] | undefined;
  },
): Promise<void> {
  const { edits, shared = [], ...about } = run;
  const files = edits
    .filter(({ before, after }) => before !== after)
    .map((edit) => ({ ...rememberedFile(edit), ...(shared.includes(edit.path) && { isShared: true }) }));
  const text = JSON.stringify({
    ...about,
    files: files.map((file) => ({ ...file, path: posixRelative(root, file.path) })),
  });
  try {
    await makeOwnFolder(root);
    const folder = folderOf(root);
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${run.id}.json`);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    const known = await rememberedRuns(root);
    for (const { id } of known.slice(MOST_RUNS)) await forgetRun(root, id);
  } catch {
    // See above.
  }
}

/** An id that no remembered run has: the name itself, else with a number behind it. */
export async function freeRunId(root: string, name: string): Promise<string> {
  const taken = new Set((await rememberedRuns(root)).map(({ id }) => id));
  let id = name;
  for (let number = 2; taken.has(id); number += 1) id = `${name}-${number}`;
  return id;
}

/** The runs that can be taken back, newest first. What cannot be read is left out. */
export async function rememberedRuns(root: string): Promise<readonly RememberedRun[]> {
  const names = await readdir(folderOf(root)).catch((): string[] => []);
  const runs = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readRun(root, join(folderOf(root), name))),
  );
  return runs.filter((run) => run !== undefined).toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

async function readRun(root: string, path: string): Promise<RememberedRun | undefined> {
  try {
    const run = JSON.parse(await readFile(path, 'utf8')) as RememberedRun;
    return { ...run, files: run.files.map((file) => ({ ...file, path: resolve(root, file.path) })) };
  } catch {
    return undefined;
  }
}

/** A run that has been taken back, or is too long ago. */
export async function forgetRun(root: string, id: string): Promise<void> {
  await rm(join(folderOf(root), `${id}.json`), { force: true });
  const left = await readdir(folderOf(root)).catch(() => undefined);
  if (left?.length === 0) await rm(folderOf(root), { recursive: true, force: true });
}

function rememberedFile({ path, before, after }: FileEdit): RememberedFile {
  return {
    path,
    before,
    hash: after === null ? null : hashOf(after),
    after: after !== null && after.length <= LONGEST_TEXT ? after : null,
  };
}

/** SHA-256 of a text, in hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
