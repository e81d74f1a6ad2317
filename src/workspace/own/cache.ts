import { lutimes, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { lookAt } from './links.ts';
import { derivedKey, readSealed, type Sealing, TEMPORARY, writeSealed } from './sealed-file.ts';

/**
 * Files that can be made again at any time (`node_modules/.cache/tableplan`). They decide what a rehearsal or a review says,
 * and a repository can bring them: one that this machine and user did not write counts as not there, without a word.
 */
export async function readCached(folder: string, name: string): Promise<Buffer | undefined> {
  try {
    if (!(await isPlainFolder(folder))) return undefined;
    const bytes = await readSealed(join(folder, name), sealingOf(folder, name));
    return bytes === 'foreign' ? undefined : bytes;
  } catch {
    return undefined;
  }
}

/** Names of what is in the folder. */
export async function cachedNames(folder: string): Promise<string[]> {
  if (!(await isPlainFolder(folder).catch(() => false))) return [];
  return readdir(folder).catch(() => []);
}

/** How often commands have ended so far: what began before the last end is not written any more. */
let ended = 0;
const writing = new Set<Promise<void>>();

export interface CacheWriter {
  /** Never throws: a cache that cannot be written is no reason to stop. */
  write(folder: string, name: string, body: () => Promise<Uint8Array>): Promise<void>;
}

/** To be asked for where the work for the cache begins: it writes nothing more once the command of that time has ended. */
export function cacheWriter(): CacheWriter {
  const since = ended;
  return {
    async write(folder, name, body) {
      const isLate = (): boolean => ended !== since;
      if (isLate()) return;
      const done = (async () => {
        const bytes = await body();
        if (!isLate()) await write(folder, name, bytes);
      })().catch(() => undefined);
      writing.add(done);
      await done;
      writing.delete(done);
    },
  };
}

/** The end of a command: waits for what is being written; what has not begun to be is not written any more. */
export async function endCacheWrites(): Promise<void> {
  ended += 1;
  await Promise.all(writing);
}

async function write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  if (!(await isPlainFolder(folder))) return;
  await mkdir(folder, { recursive: true });
  await dropLeftovers(folder);
  await writeSealed(join(folder, name), bytes, sealingOf(folder, name));
}

/** Marks a file as used just now. */
export async function touchCached(folder: string, name: string): Promise<void> {
  const now = new Date();
  await lutimes(join(folder, name), now, now).catch(() => undefined);
}

export async function dropCached(folder: string, name: string): Promise<void> {
  if (await isPlainFolder(folder).catch(() => false))
    await rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** A key for the process that compiles the project's sources; undefined where it is to keep nothing. */
export async function compilerKey(folder: string, keep: boolean): Promise<string | undefined> {
  if (!(await isPlainFolder(folder).catch(() => false))) return undefined;
  return derivedKey(folder, { beside: projectOf(folder), create: keep }).catch(() => undefined);
}

/** What a killed run was writing. */
async function dropLeftovers(folder: string): Promise<void> {
  const oldest = Date.now() - 3_600_000;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(TEMPORARY)) continue;
    const info = await lookAt(join(folder, name));
    if (info?.isFile() && info.mtimeMs < oldest) await rm(join(folder, name), { force: true });
  }
}

/** Whether neither the folder nor the folders of caches that it lies in are links; one that is not there is plain. */
async function isPlainFolder(folder: string): Promise<boolean> {
  const chain = [folder];
  while (basename(chain.at(-1)!) !== '.cache' && chain.length < 3) chain.push(dirname(chain.at(-1)!));
  const own = basename(chain.at(-1)!) === '.cache' ? chain : [folder];
  for (const each of own) if ((await lookAt(each))?.isDirectory() === false) return false;
  return true;
}

function sealingOf(folder: string, name: string): Sealing {
  return { label: `cache ${name}`, beside: projectOf(folder) };
}

/** The folder of the project that a cache is in. */
function projectOf(folder: string): string {
  const at = folder.lastIndexOf(join(sep, 'node_modules', '.cache'));
  return at > 0 ? folder.slice(0, at) : folder;
}
