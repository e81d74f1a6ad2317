import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { FileEdit } from './file-edit.ts';
import { insidePath } from './inside.ts';
import {
  dropJournal,
  hash,
  type Journal,
  type JournalFile,
  type Manifest,
  syncFolder,
  temporaryOf,
  writeDurably,
  writeJournal,
} from './journal.ts';
import { makeOwnFolder, type ProjectFolders } from './own-folder.ts';
import { notPutBack, rollBack } from './recover.ts';

/** The journal lies in `root`; nothing outside `repoRoot` is written. */
export interface FlushOptions extends ProjectFolders {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes all edits or none. Every file must still be what it was when it was read (`file-changed`) and writable
 * (`file-not-writable`); then before-images are journalled, and each file is replaced by a rename. A failure or an
 * abort in the middle puts everything back; a kill is put right by `recover` at the next command.
 */
export async function flush(edits: readonly FileEdit[], options: FlushOptions): Promise<void> {
  const planned = await Promise.all(edits.map((edit) => plan(edit, options)));
  const changed = planned.filter(({ edit }) => edit.before !== edit.after);
  if (changed.length === 0) return;
  const manifest: Manifest = {
    files: changed.map(({ file }) => file),
    folders: await missingFolders(
      changed.filter(({ edit }) => edit.after !== null).map(({ file }) => dirname(file.path)),
    ),
  };
  const journal = await journalOf(manifest, changed, options);
  try {
    for (const folder of manifest.folders) await mkdir(folder);
    for (const { file, edit } of changed) {
      options.signal?.throwIfAborted();
      await replace(file, edit);
    }
    for (const folder of new Set(changed.map(({ file }) => dirname(file.path)))) await syncFolder(folder);
  } catch (error) {
    const { failed } = await rollBack(journal);
    throw failed ? notPutBack(journal, failed) : writeError(error);
  }
  await dropJournal(journal);
}

async function journalOf(
  manifest: Manifest,
  changed: readonly Planned[],
  options: FlushOptions,
): Promise<Journal> {
  const images = changed.flatMap(({ file, bytes }) => (bytes ? [[file.id, bytes] as const] : []));
  try {
    await makeOwnFolder(options.root);
    const journal = await writeJournal(options, manifest, new Map(images));
    if (!journal.isSealed) options.say(NO_SECRET);
    return journal;
  } catch (error) {
    throw writeError(error);
  }
}

const NO_SECRET =
  'If this run is killed while it writes, the next one cannot put the files back: no folder of yours outside the repository can be written. Set XDG_STATE_HOME to one that can.';

interface Planned {
  readonly edit: FileEdit;
  readonly file: JournalFile;
  readonly bytes: Uint8Array | undefined;
}

async function plan(edit: FileEdit, options: FlushOptions): Promise<Planned> {
  const path = await insidePath(edit.path, options.repoRoot);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw writeError(error);
  });
  requireUnchanged(edit, bytes);
  const info = bytes === undefined ? undefined : await stat(path);
  const mode = info && info.mode & 0o777;
  await requireWritable(edit.path, path, mode);
  return {
    edit,
    bytes,
    file: {
      path,
      before: bytes === undefined ? null : hash(bytes),
      after: edit.after === null ? null : hash(Buffer.from(edit.after)),
      mode,
      owner: info && { uid: info.uid, gid: info.gid },
      id: randomUUID(),
    },
  };
}

function requireUnchanged({ path, before }: FileEdit, bytes: Uint8Array | undefined): void {
  if (bytes === undefined && before === null) return;
  if (bytes !== undefined && before !== null && Buffer.from(before).equals(bytes)) return;
  const at = { file: path };
  if (bytes !== undefined && !isUtf8(bytes)) {
    throw new TableplanError('file-not-writable', `${path} is not UTF-8.`, {
      hint: 'Nothing was written. Save the file as UTF-8 and run the command again.',
      at,
    });
  }
  const what =
    bytes === undefined
      ? 'has vanished since it was read'
      : before === null
        ? 'exists already'
        : 'has changed since it was read';
  throw new TableplanError('file-changed', `${path} ${what}.`, {
    hint: 'Nothing was written. Run the command again.',
    at,
  });
}

/** Root may write everything: a file or folder without any write bit is taken at its word all the same. */
async function requireWritable(shown: string, path: string, mode: number | undefined): Promise<void> {
  const refuse = (what: string): never => {
    throw new TableplanError('file-not-writable', `${what} is not writable.`, {
      hint: 'Nothing was written. Make it writable and run the command again.',
      at: { file: shown },
    });
  };
  if (mode !== undefined && (mode & 0o222) === 0) refuse(shown);
  if (mode !== undefined) await access(path, constants.W_OK).catch(() => refuse(shown));
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => undefined);
    if (info === undefined) continue;
    if (!info.isDirectory()) refuse(`${shown}: ${folder} is no folder and`);
    if ((info.mode & 0o222) === 0) refuse(`The folder ${folder}`);
    await access(folder, constants.W_OK).catch(() => refuse(`The folder ${folder}`));
    return;
  }
}

async function missingFolders(folders: readonly string[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const start of folders) {
    for (
      let folder = start;
      !missing.has(folder) && (await stat(folder).catch(() => undefined)) === undefined;
      folder = dirname(folder)
    )
      missing.add(folder);
  }
  return [...missing].toSorted((a, b) => a.length - b.length);
}

async function replace(file: JournalFile, edit: FileEdit): Promise<void> {
  const temporary = temporaryOf(file);
  if (edit.after !== null) await writeDurably(temporary, Buffer.from(edit.after), file);
  // An editor may have saved while the others were written: a last look, as late as can be.
  requireUnchanged(edit, await readFile(file.path).catch(() => undefined));
  if (edit.after === null) return rm(file.path);
  await rename(temporary, file.path);
}

function writeError(error: unknown): unknown {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (error instanceof TableplanError || code === undefined) return error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new TableplanError(
    'file-not-writable',
    `Writing failed: ${isFull ? 'the disk is full' : message}.`,
    {
      hint: `Nothing was written; every file is as it was.${isFull ? ' Free some space and run the command again.' : ''}`,
      ...(path !== undefined && { at: { file: path } }),
      cause: error,
    },
  );
}
