import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { TableplanError } from './errors.ts';
import { linkOut } from './link-out.ts';

/** Sources, migrations, snapshots and configs are far smaller. */
const LARGEST_TEXT = 64 * 1024 * 1024;

interface ReadingOptions {
  readonly largest?: number;
  /** How messages call it; the path unless given. */
  readonly shown?: string;
  /** Also where a link leads out of the repository: for packages, and for what is shown nowhere. */
  readonly anywhere?: boolean;
}

/** Opening a pipe would else wait for somebody to write into it. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a file that a user or a project names. Never waits, and never takes more than `largest` bytes: a device, a
 * pipe, a folder, something larger or what lies behind a link that leads out of the repository is a `file-not-readable`,
 * before anything is read of it. A file that is not there throws what Node throws.
 */
export async function readRegularFile(
  path: string,
  { largest = LARGEST_TEXT, shown = path, anywhere = false }: ReadingOptions = {},
): Promise<Buffer> {
  if (!anywhere) requireNoLinkOut(path, shown);
  const handle = await open(path, FLAGS);
  try {
    requireRegular(await handle.stat(), shown, largest);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Throws as `readRegularFile` does, for a file that somebody else is to read. */
export async function requireRegularFile(path: string): Promise<void> {
  requireNoLinkOut(path);
  requireRegular(await stat(path), path, LARGEST_TEXT);
}

/** The same as UTF-8 text. */
export async function readRegularText(path: string, options?: ReadingOptions): Promise<string> {
  return (await readRegularFile(path, options)).toString('utf8');
}

/** The same; undefined where there is no file of that name. */
export async function readTextIfThere(path: string, options?: ReadingOptions): Promise<string | undefined> {
  return readRegularText(path, options).catch((error: unknown) => {
    if (error instanceof TableplanError && error.cause === undefined) throw error;
    return undefined;
  });
}

/** The same at once: a thousand small files are read in a quarter of the time. */
export function readRegularFileSync(path: string, { anywhere = false }: ReadingOptions = {}): Buffer {
  if (!anywhere) requireNoLinkOut(path);
  const descriptor = openSync(path, FLAGS);
  try {
    const found = fstatSync(descriptor);
    requireRegular(found, path, LARGEST_TEXT);
    const bytes = Buffer.alloc(found.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < found.size; length += read)
      read = readSync(descriptor, bytes, length, found.size - length, length);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Throws `file-not-readable` where a symbolic link leads out of the repository: to what is nobody's to show. */
export function requireNoLinkOut(path: string, shown = path): void {
  const link = linkOut(path);
  if (link === undefined) return;
  throw new TableplanError(
    'file-not-readable',
    `${shown} is not read: a symbolic link leads out of the repository.`,
    {
      at: { file: link },
      hint: 'Nothing was read of it. If you trust it, name the file that the link leads to, or put that file in its place.',
    },
  );
}

interface Stat {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

function requireRegular(found: Stat, path: string, largest: number): void {
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'a device or a pipe';
    throw new TableplanError('file-not-readable', `${path} is ${what}, not a file.`, {
      at: { file: path },
      hint: 'Name a file; links to files are fine.',
      ...(found.isDirectory() && { cause: 'EISDIR' }),
    });
  }
  if (found.size <= largest) return;
  const mb = Math.floor(largest / 1024 / 1024);
  throw new TableplanError('file-not-readable', `${path} is larger than ${mb} MB, the limit for it.`, {
    at: { file: path },
    hint: 'Name another file, or split it.',
  });
}
