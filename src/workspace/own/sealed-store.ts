import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { trackedAt } from '../git.ts';
import { hasOwnFolder, makeOwnFolder, ownFolder, type ProjectFolders } from '../own-folder.ts';
import { asName, isName } from './names.ts';
import { foreignNotice } from './notices.ts';
import { readSealed, type Sealing, writeSealed } from './sealed-file.ts';

/** Of no language: a project's formatter that is run on `.` would read a `.json`, and a sealed file is none. */
const ENDING = '.sealed';

/** What every entry of a store has. */
export interface StoreEntry {
  readonly id: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

export interface SealedStore<Entry extends StoreEntry> {
  /**
   * Keeps an entry, in place of one with the same id. Returns why that could not be done; undefined where it was. The
   * oldest give way.
   */
  keep(
    folders: ProjectFolders,
    entry: StoreEntry & Readonly<Record<string, unknown>>,
  ): Promise<string | undefined>;
  /**
   * All entries, newest first. What this machine and user did not write, or nobody can read, is left out, and said. Throws
   * `file-not-writable` where the folder is a link.
   */
  all(folders: ProjectFolders, say?: (line: string) => void): Promise<readonly Entry[]>;
  /** An id that no entry has: the name itself, else with a number behind it. */
  freeId(root: string, name: string): Promise<string>;
  forget(root: string, id: string): Promise<void>;
}

/**
 * Entries in a folder of tableplan's own in the project, one sealed JSON file each; git ignores them.
 *
 * @param what one entry is, for people: `record of a run`
 */
export function sealedStore<Entry extends StoreEntry>(options: {
  readonly folder: string;
  readonly what: string;
  /** Entries further back than this are dropped. */
  readonly most: number;
  /** Loaded where an entry is read. */
  readonly schema: () => Promise<z.ZodType<Entry>>;
}): SealedStore<Entry> {
  const { folder, what, most } = options;
  const folderOf = (root: string): string => join(ownFolder(root), folder);
  const fileOf = (root: string, id: string): string => join(folderOf(root), `${id}${ENDING}`);
  const sealingOf = ({ repoRoot }: ProjectFolders, id: string): Sealing => ({
    label: `${folder} ${id}`,
    beside: repoRoot,
  });
  const dropEmpty = (root: string): Promise<void> => rmdir(folderOf(root)).catch(() => undefined);

  async function read(folders: ProjectFolders, id: string): Promise<Entry | undefined> {
    if (!isName(id)) return undefined;
    const bytes = await readSealed(fileOf(folders.root, id), sealingOf(folders, id)).catch(() => undefined);
    if (bytes === undefined || bytes === 'foreign') return undefined;
    const schema = await options.schema();
    try {
      const entry = schema.parse(JSON.parse(bytes.toString()));
      return entry.id === id ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  const store: SealedStore<Entry> = {
    async keep(folders, entry) {
      const { root } = folders;
      try {
        await makeOwnFolder(root);
        await hasOwnFolder(root, folder);
        await mkdir(folderOf(root), { recursive: true });
        const body = Buffer.from(JSON.stringify(entry));
        if (!(await writeSealed(fileOf(root, entry.id), body, sealingOf(folders, entry.id))))
          return 'no folder of yours outside the repository can be written (set XDG_STATE_HOME)';
        const known = await store.all(folders);
        for (const { id } of known.slice(most)) await store.forget(root, id);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      } finally {
        await dropEmpty(root);
      }
    },
    async all(folders, say = () => undefined) {
      const { root } = folders;
      if (!(await hasOwnFolder(root, folder))) return [];
      const names = (await readdir(folderOf(root))).filter((name) => name.endsWith(ENDING));
      const tracked = names.length > 0 ? await trackedAt(ownFolder(root)) : new Set<string>();
      const entries = await Promise.all(
        names.map(async (name) => {
          const path = join(folderOf(root), name);
          const isTracked = tracked.has(path);
          const entry = isTracked ? undefined : await read(folders, name.slice(0, -ENDING.length));
          if (entry === undefined) say(foreignNotice(what, path, { isTracked }));
          return entry;
        }),
      );
      return entries.filter((entry) => entry !== undefined).toSorted((a, b) => (a.at < b.at ? 1 : -1));
    },
    async freeId(root, name) {
      const isThere = await hasOwnFolder(root, folder).catch(() => false);
      // Whoever wrote it: no file is written over.
      const taken = new Set(isThere ? await readdir(folderOf(root)) : []);
      const first = asName(name);
      let id = first;
      for (let number = 2; taken.has(`${id}${ENDING}`); number += 1) id = `${first}-${number}`;
      return id;
    },
    async forget(root, id) {
      if (!isName(id) || !(await hasOwnFolder(root, folder))) return;
      await rm(fileOf(root, id), { force: true });
      await dropEmpty(root);
    },
  };
  return store;
}
