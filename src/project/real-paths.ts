import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The files that paths mean, links followed: Node and the compiler know a file by this name only. */
export interface RealPaths {
  /** The real path of a file; undefined where there is none. */
  find(path: string): Promise<string | undefined>;
  /** The real path of a folder. */
  folder(path: string): Promise<string>;
}

interface Folder {
  readonly real: string;
  readonly entries: ReadonlyMap<string, Dirent>;
}

/** Asks each folder once, by its listing, however many paths lead there; only a link costs a look of its own. */
export function realPaths(): RealPaths {
  const folders = new Map<string, Promise<Folder>>();
  const read = (path: string): Promise<Folder> => {
    const folder = folders.get(path) ?? readFolder(path);
    folders.set(path, folder);
    return folder;
  };
  return {
    async folder(path) {
      return (await read(path)).real;
    },
    async find(path) {
      const { real, entries } = await read(dirname(path));
      const entry = entries.get(basename(path));
      if (entry === undefined) return undefined;
      return entry.isSymbolicLink() ? realpath(path).catch(() => undefined) : join(real, basename(path));
    },
  };
}

async function readFolder(folder: string): Promise<Folder> {
  const [real, all] = await Promise.all([
    realpath(folder).catch(() => folder),
    readdir(folder, { withFileTypes: true }).catch(() => []),
  ]);
  return { real, entries: new Map(all.map((entry) => [entry.name, entry])) };
}
