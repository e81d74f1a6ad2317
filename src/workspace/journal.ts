import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TableplanError } from '../errors.ts';
import { trackedAt } from './git.ts';
import { hasOwnFolder, ownFolder, type ProjectFolders } from './own-folder.ts';
import { foreignNotice } from './own/notices.ts';
import { readSealed, type Sealing, TEMPORARY, writeSealed } from './own/sealed-file.ts';
import { fromStored, realFolders, toStored } from './own/stored-path.ts';

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
  /** Names the before-image in the journal's folder, and the temporary file. */
  readonly id: string;
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

/** The journal of one flush, in a folder of its own. */
export interface Journal {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Holds a folder for each flush that has not ended: one as a rule, none once all is put back. */
export const JOURNALS = 'journal';

export function journalsFolder(root: string): string {
  return join(ownFolder(root), JOURNALS);
}

export function imageOf({ folder }: Journal, { id }: JournalFile): string {
  return join(folder, id);
}

/** The file beside another one that becomes it. */
export function temporaryOf({ path, id }: JournalFile): string {
  return join(dirname(path), `.${basename(path)}.${id.slice(0, 8)}.tableplan`);
}

const MANIFEST = 'manifest';
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Makes a journal durable: images first (by id), then the manifest in one rename. From here on a crash is put right, unless
 * there is no secret to seal it with (`isSealed`).
 */
export async function writeJournal(
  folders: ProjectFolders,
  manifest: Manifest,
  images: ReadonlyMap<string, Uint8Array>,
): Promise<Journal & { readonly isSealed: boolean }> {
  const id = randomUUID();
  const journal = { folder: join(journalsFolder(folders.root), id), manifest };
  try {
    await hasOwnFolder(folders.root, JOURNALS);
    await mkdir(journal.folder, { recursive: true });
    for (const [name, bytes] of images) await writeDurably(join(journal.folder, name), bytes);
    const body = Buffer.from(JSON.stringify(await portable(folders, manifest)));
    const path = join(journal.folder, MANIFEST);
    const isSealed = await writeSealed(path, body, { ...sealingOf(folders, id), durable: true });
    // The next run does not act on it, but says where the images are.
    if (!isSealed) await writeDurably(path, body);
    await syncFolder(journal.folder);
    return { ...journal, isSealed };
  } catch (error) {
    await dropJournal(journal).catch(() => undefined);
    throw error;
  }
}

async function portable(folders: ProjectFolders, { files, folders: made }: Manifest) {
  const real = await realFolders(folders);
  const stored = (path: string) => toStored(real, path);
  return { files: files.map((file) => ({ ...file, path: stored(file.path) })), folders: made.map(stored) };
}

function sealingOf({ repoRoot }: ProjectFolders, id: string): Sealing {
  return { label: `journal ${id}`, beside: repoRoot };
}

/**
 * The journals of flushes that did not end. What this machine and user did not write is left alone, and said. Takes away
 * journals that were not complete: nothing was written before they were. Throws `file-changed` for one that cannot be read.
 */
export async function unfinishedJournals(
  folders: ProjectFolders,
  say: (line: string) => void,
): Promise<Journal[]> {
  const { root } = folders;
  if (!(await hasOwnFolder(root, JOURNALS))) return [];
  const tracked = await trackedAt(ownFolder(root));
  const found: Journal[] = [];
  for (const entry of await readdir(journalsFolder(root), { withFileTypes: true })) {
    const folder = join(journalsFolder(root), entry.name);
    const isTracked = [...tracked].some((path) => path === folder || path.startsWith(`${folder}/`));
    const isOwn = entry.isDirectory() && ID.test(entry.name) && !isTracked;
    const journal = isOwn ? await readJournal(folders, folder) : 'foreign';
    if (journal === 'foreign') say(foreignNotice('journal of an unfinished run', folder, { isTracked }));
    else if (journal) found.push(journal);
  }
  await rmdir(journalsFolder(root)).catch(() => undefined);
  return found;
}

async function readJournal(
  folders: ProjectFolders,
  folder: string,
): Promise<Journal | 'foreign' | undefined> {
  const names = await readdir(folder, { withFileTypes: true });
  const isLikeOurs = names.every(
    (entry) => entry.isFile() && (ID.test(entry.name) || isManifest(entry.name)),
  );
  const bytes = await readSealed(join(folder, MANIFEST), sealingOf(folders, basename(folder)));
  if (bytes === 'foreign' || !isLikeOurs) return 'foreign';
  if (bytes !== undefined) return { folder, manifest: await parseManifest(folders, folder, bytes) };
  for (const { name } of names) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch(() => undefined);
  return undefined;
}

function isManifest(name: string): boolean {
  return name === MANIFEST || (name.startsWith(`${MANIFEST}.`) && name.endsWith(TEMPORARY));
}

async function parseManifest(folders: ProjectFolders, folder: string, bytes: Buffer): Promise<Manifest> {
  const { manifestSchema } = await import('./own/schemas.ts');
  const real = await realFolders(folders);
  try {
    const { files, folders: made } = manifestSchema.parse(JSON.parse(bytes.toString()));
    return {
      files: await Promise.all(
        files.map(async ({ path, mode, owner, ...file }) => ({
          ...file,
          mode,
          owner,
          path: await fromStored(real, path),
        })),
      ),
      folders: await Promise.all(made.map((path) => fromStored(real, path))),
    };
  } catch (cause) {
    if (cause instanceof TableplanError) throw cause;
    throw new TableplanError('file-changed', `The journal of a killed run cannot be read: ${folder}.`, {
      hint: `Compare your files with git and with the copies in that folder, then remove it and run the command again: rm -r ${folder}`,
      at: { file: join(folder, MANIFEST) },
      cause,
    });
  }
}

/** The commit point: without its manifest a journal means nothing. */
export async function dropJournal(journal: Journal): Promise<void> {
  const { folder, manifest } = journal;
  await rm(join(folder, MANIFEST), { force: true });
  for (const file of manifest.files) await rm(imageOf(journal, file), { force: true });
  await rmdir(folder).catch(() => undefined);
  await rmdir(dirname(folder)).catch(() => undefined);
}

/** Writes a new file and waits until it is on the disk; with the mode and the owner of the file that it is to replace. */
export async function writeDurably(path: string, bytes: Uint8Array, like?: FileLooks): Promise<void> {
  const file = await open(path, 'wx', like?.mode ?? 0o666);
  try {
    await file.writeFile(bytes);
    if (like) await applyLooks(file, like);
    await file.sync();
  } finally {
    await file.close();
  }
}

export interface FileLooks {
  readonly mode: number | undefined;
  readonly owner: FileOwner | undefined;
}

interface Changeable {
  chown(uid: number, gid: number): Promise<void>;
  chmod(mode: number): Promise<void>;
}

/** Gives a file the mode and the owner that another one has, or had. */
export async function applyLooks(file: Changeable, { mode, owner }: FileLooks): Promise<void> {
  // Only root may give files away; for all others it is theirs already.
  if (owner !== undefined) await file.chown(owner.uid, owner.gid).catch(() => undefined);
  if (mode !== undefined) await file.chmod(mode);
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
