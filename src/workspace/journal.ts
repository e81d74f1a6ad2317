import { createHash } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { TableplanError } from '../errors.ts';
import { ownFolder } from './own-folder.ts';

/** One file of a flush: where it is, what it was, what it is to be. Hashes are SHA-256 of the bytes, null = no file. */
export interface JournalFile {
  /** Absolute path of the real file (symbolic links followed). */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Permission bits of the file as it was. */
  readonly mode: number | undefined;
  /** Whose it was: under sudo, or as root in a container, it stays theirs. */
  readonly owner: FileOwner | undefined;
  /** Name of the before-image in the journal folder. */
  readonly image: string | undefined;
  /** The temporary file beside it that becomes it. */
  readonly temporary: string;
}

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface Manifest {
  readonly files: readonly JournalFile[];
  /** Folders that the flush makes, outermost first. */
  readonly folders: readonly string[];
}

export function journalFolder(root: string): string {
  return join(ownFolder(root), 'journal');
}

const MANIFEST = 'manifest.json';

/** The manifest's paths as they are in memory (absolute) or in the file (relative: a container may see the project elsewhere). */
function mapPaths(manifest: Manifest, map: (path: string) => string): Manifest {
  return {
    files: manifest.files.map((file) => ({ ...file, path: map(file.path), temporary: map(file.temporary) })),
    folders: manifest.folders.map(map),
  };
}

/** Makes the journal durable: images first, then the manifest in one rename. From here on a crash is put right. */
export async function writeJournal(
  root: string,
  manifest: Manifest,
  images: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const folder = journalFolder(root);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of images) await writeDurably(join(folder, name), bytes);
  const top = await realpath(root);
  const portable = mapPaths(manifest, (path) => relative(top, path));
  await writeDurably(join(folder, 'manifest.new'), Buffer.from(JSON.stringify(portable)));
  await rename(join(folder, 'manifest.new'), join(folder, MANIFEST));
  await syncFolder(folder);
}

/** The manifest of a flush that did not end; undefined where there is none, or none that was complete. */
export async function readManifest(root: string): Promise<Manifest | undefined> {
  const text = await readFile(join(journalFolder(root), MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const top = await realpath(root);
  try {
    return mapPaths(JSON.parse(text) as Manifest, (path) => resolve(top, path));
  } catch (cause) {
    throw new TableplanError(
      'file-changed',
      `The journal of a run that was killed cannot be read: ${(cause as Error).message}.`,
      {
        hint: `Compare your files with their before-images in ${journalFolder(root)}, then remove that folder and run the command again.`,
        at: { file: join(journalFolder(root), MANIFEST) },
        cause,
      },
    );
  }
}

/** The commit point: without its manifest a journal means nothing. */
export async function dropJournal(root: string): Promise<void> {
  await rm(join(journalFolder(root), MANIFEST), { force: true });
  await rm(journalFolder(root), { recursive: true, force: true });
}

/** Writes a file and waits until it is on the disk; with the mode and the owner of the file that it is to replace. */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  like?: { mode: number | undefined; owner: FileOwner | undefined },
): Promise<void> {
  const { mode, owner } = like ?? {};
  const file = await open(path, 'w', mode ?? 0o666);
  try {
    await file.writeFile(bytes);
    // Only root may give files away; for all others it is theirs already.
    if (owner !== undefined) await file.chown(owner.uid, owner.gid).catch(() => undefined);
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a folder durable, where the system can do that for folders. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
