import { constants } from 'node:fs';
import { lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { TableplanError } from '../errors.ts';
import { leadsOut } from '../link-out.ts';
import { findRepoRoot } from '../project/folders.ts';
import { requireInside } from '../workspace/inside.ts';

/** Where a page is to be written. */
export interface PageFile {
  readonly path: string;
  /** As the user named it. */
  readonly shown: string;
  /** Replaces what is there. Throws as `pageFile` does where that has changed meanwhile. */
  write(html: string): Promise<void>;
}

/**
 * A file that the user names for a page, relative to `cwd`. Throws `file-not-writable` for a folder that is not there, for
 * what is reached through a link or lies in a folder of git or of tableplan, and for a file that is there and does not
 * begin with `mark`: only a page is written over.
 */
export async function pageFile(cwd: string, shown: string, mark: string): Promise<PageFile> {
  const path = resolve(cwd, shown);
  await requirePlace(path, shown, mark);
  return {
    path,
    shown,
    async write(html) {
      await requirePlace(path, shown, mark);
      const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
      try {
        const handle = await open(temporary, 'wx', 0o666);
        await handle.writeFile(html).finally(() => handle.close());
        await rename(temporary, path);
      } catch (cause) {
        await rm(temporary, { force: true });
        throw notWritable(shown, `cannot be written: ${(cause as Error).message}`, 'Name another file.');
      }
    },
  };
}

async function requirePlace(path: string, shown: string, mark: string): Promise<void> {
  const folder = dirname(path);
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) {
    throw notWritable(shown, 'lies in a folder that is not there', `Create it first: mkdir -p ${folder}`);
  }
  // A repository may bring a link to anywhere; what a user's own folders link to is theirs.
  const repository = await findRepoRoot(folder);
  if (!leadsOut(repository, folder)) await requireInside([{ path, before: null, after: '' }], repository);
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isFile()) throw notWritable(shown, 'is no regular file', 'Name another file.');
  if (!(await beginsWith(path, mark))) {
    throw notWritable(
      shown,
      'is there already, and is no page of tableplan: it is not overwritten',
      'Name another file, or delete this one.',
    );
  }
}

async function beginsWith(path: string, mark: string): Promise<boolean> {
  const wanted = Buffer.from(mark);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted.length), 0, wanted.length, 0);
    return bytesRead === wanted.length && buffer.equals(wanted);
  } finally {
    await handle.close();
  }
}

function notWritable(shown: string, why: string, hint: string): TableplanError {
  return new TableplanError('file-not-writable', `${shown} ${why}.`, { hint });
}
