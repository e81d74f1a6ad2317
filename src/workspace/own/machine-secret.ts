import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { link, open, realpath, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { leadsOut } from '../../link-out.ts';
import { lookAt, upwardsFrom } from './links.ts';
import { makeFolder } from './make-folder.ts';

const BYTES = 32;

/**
 * The secret by which tableplan knows its own files again: 32 random bytes, readable by this user alone, in a folder that
 * no repository can bring. That is `$XDG_STATE_HOME/tableplan`, else `~/.local/state/tableplan`; where neither can be used
 * (no home, a read-only one, one inside the repository) `$XDG_RUNTIME_DIR/tableplan` or `tableplan-<uid>` among the
 * temporary files. `beside`: a folder of the project, in which it must not lie. Undefined where there is none, and with
 * `create` where none of these folders can be written.
 */
export async function machineSecret(
  beside: string,
  { create }: { readonly create: boolean },
): Promise<Buffer | undefined> {
  const folders: string[] = [];
  for (const folder of await candidates())
    if (!(await isInRepository(folder, beside).catch(() => true))) folders.push(folder);
  for (const folder of folders) {
    const found = await read(folder).catch(() => undefined);
    const secret = found ?? (create ? await make(folder).catch(() => undefined) : undefined);
    if (secret) return secret;
  }
  return undefined;
}

async function candidates(): Promise<string[]> {
  const { XDG_STATE_HOME: state, XDG_RUNTIME_DIR: runtime } = process.env;
  const uid = process.getuid?.();
  const home = homedir();
  // Under sudo the home may be another user's: nothing of root's is to be left there.
  const isOwnHome = isOurs(await lookAt(home).catch(() => undefined));
  const atHome = isOwnHome && isAbsolute(home) ? [join(home, '.local', 'state', 'tableplan')] : [];
  return [
    ...(state && isAbsolute(state) ? [join(state, 'tableplan')] : atHome),
    ...(runtime && isAbsolute(runtime) ? [join(runtime, 'tableplan')] : []),
    join(tmpdir(), `tableplan-${uid ?? 'user'}`),
  ];
}

/** A secret that a repository could bring is none. */
async function isInRepository(folder: string, beside: string): Promise<boolean> {
  const real = await realOf(folder);
  if (!leadsOut(await realOf(beside), real)) return true;
  for (const each of upwardsFrom(real)) if (await lookAt(join(each, '.git'))) return true;
  return false;
}

/** The real path of a folder, also of one that is not there yet. */
async function realOf(folder: string): Promise<string> {
  for (const existing of upwardsFrom(folder)) {
    const real = await realpath(existing).catch(() => undefined);
    if (real !== undefined) return join(real, relative(existing, folder));
  }
  return folder;
}

async function read(folder: string): Promise<Buffer | undefined> {
  if (!isPrivate(await lookAt(folder), 0o022)) return undefined;
  const file = await open(join(folder, 'secret'), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size !== BYTES || !isPrivate(info, 0o077)) return undefined;
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Written whole under another name first: two first runs at once agree on one. */
async function make(folder: string): Promise<Buffer | undefined> {
  await makeFolder(folder, 0o700);
  const info = await lookAt(folder);
  if (!info?.isDirectory() || !isPrivate(info, 0o022)) return undefined;
  const path = join(folder, 'secret');
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch(async () => {
      // Another run was first; or what is there is no secret (cut off, readable by others), or there are no hard links.
      if (!(await read(folder).catch(() => undefined))) await rename(draft, path);
    });
    return await read(folder);
  } finally {
    await rm(draft, { force: true });
  }
}

function isPrivate(info: Stats | undefined, forbidden: number): boolean {
  return isOurs(info) && (process.getuid === undefined || ((info?.mode ?? 0) & forbidden) === 0);
}

function isOurs(info: Stats | undefined): boolean {
  return info !== undefined && (process.getuid === undefined || info.uid === process.getuid());
}
