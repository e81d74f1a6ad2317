import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TableplanError } from '../errors.ts';
import { trackedAt } from './git.ts';
import { dropLitter, dropOwnFolder, hasOwnFolder, makeOwnFolder, ownFolder } from './own-folder.ts';
import { lookAt } from './own/links.ts';

export interface LockOptions {
  /** `read` waits for a running writer but creates nothing: a dry run leaves no trace. */
  readonly mode: 'read' | 'write';
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another run, in milliseconds. */
  readonly patience?: number | undefined;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start time of the process in clock ticks (Linux), against pids that are used again. */
  readonly started: string | undefined;
  readonly id: string;
}

const PATIENCE = 60_000;
/** A lock is written whole or, without hard links, in a moment: one that says nothing for so long never will. */
const PATIENCE_WITH_UNREADABLE = 5000;
const LARGEST_LOCK = 4096;

/**
 * Runs `work` while no other run of tableplan writes in the project at `root`. A lock whose owner is dead is taken
 * over. Throws `locked` when the other run does not end in time.
 */
export async function withProjectLock<T>(
  root: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (options.mode === 'read') {
    await waitUntilFree(root, options);
    return work();
  }
  const owner: Owner = {
    pid: process.pid,
    host: thisHost(),
    started: startTime(process.pid),
    id: randomUUID(),
  };
  await acquire(root, owner, options);
  try {
    return await work();
  } finally {
    await release(root, owner);
  }
}

/** The name of this machine; it is shown to people, so nothing else is to be in it. */
function thisHost(): string {
  return (
    hostname()
      .replaceAll(/[^\w.-]/g, '_')
      .slice(0, 255) || 'unknown'
  );
}

function lockPath(root: string): string {
  return join(ownFolder(root), 'lock');
}

async function acquire(root: string, owner: Owner, options: LockOptions): Promise<void> {
  const waiting = patience(root, options);
  for (;;) {
    await makeOwnFolder(root);
    if (await take(lockPath(root), owner)) return;
    const holder = await readOwner(lockPath(root));
    if (holder === undefined || holder === 'unreadable' || !isDead(holder)) await waiting(holder);
    else {
      await refuseTracked(root);
      if (!(await removeStaleLock(lockPath(root), holder, owner))) await waiting(holder);
    }
  }
}

/** No run of this machine holds a lock that came with the repository, and none will ever let go of it. */
async function refuseTracked(root: string): Promise<void> {
  const path = lockPath(root);
  if (!(await trackedAt(ownFolder(root))).has(path)) return;
  throw new TableplanError('locked', `${path} came with the repository: git tracks it.`, {
    hint: `Nothing was written. Take it out of git, and remove it: git rm -r --force ${ownFolder(root)}`,
    at: { file: path },
  });
}

/** Makes the lock if there is none. It is written whole under another name, then linked: nobody ever reads half of it. */
async function take(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.draft.${owner.id}`;
  try {
    await writeFile(draft, JSON.stringify(owner), { flag: 'wx' });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => linkless(error, path, owner));
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // ENOENT: another run took the empty folder away in between.
    if (['EEXIST', 'ENOENT'].includes(code ?? '')) return false;
    throw new TableplanError('file-not-writable', `The lock ${path} cannot be written: ${message}.`, {
      hint: `Nothing was written.${code === 'ENOSPC' || code === 'EDQUOT' ? ' Free some space and run the command again.' : ''}`,
      at: { file: path },
      cause: error,
    });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Some file systems (FAT, some shares) know no hard links. */
async function linkless(error: NodeJS.ErrnoException, path: string, owner: Owner): Promise<void> {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
  await writeFile(path, JSON.stringify(owner), { flag: 'wx' });
}

/**
 * Takes a dead owner's lock away. Several runs may find it dead: only the one that holds the lock on that removal (its
 * name has the dead owner's id, so nobody confuses it with another) removes anything, after a second look. A run that
 * dies meanwhile is treated in the same way. False where another run is at it, or something else is in the way.
 */
async function removeStaleLock(path: string, dead: Owner, owner: Owner): Promise<boolean> {
  const burial = `${path}.${dead.id}`;
  if (await take(burial, owner)) {
    const holder = await readOwner(path);
    if (typeof holder === 'object' && holder.id === dead.id) await rm(path, { force: true });
    await rm(burial, { force: true });
    return true;
  }
  const other = await readOwner(burial);
  // The name would grow with every one that dies; the next run takes the rest away.
  if (typeof other === 'object' && isDead(other) && burial.length < 1000)
    return removeStaleLock(burial, other, owner);
  return false;
}

async function waitUntilFree(root: string, options: LockOptions): Promise<void> {
  if (!(await hasOwnFolder(root))) return;
  const waiting = patience(root, options);
  const path = lockPath(root);
  for (let holder = await readOwner(path); holder !== undefined; holder = await readOwner(path)) {
    if (holder !== 'unreadable' && isDead(holder)) return;
    await waiting(holder);
  }
}

type Holder = Owner | 'unreadable' | undefined;

/** Waits a moment; says so once, gives up in the end. */
function patience(root: string, options: LockOptions): (holder: Holder) => Promise<void> {
  const start = Date.now();
  let said = false;
  return async (holder) => {
    options.signal?.throwIfAborted();
    const waited = Date.now() - start;
    const { patience: most = PATIENCE } = options;
    if (waited > (holder === 'unreadable' ? Math.min(most, PATIENCE_WITH_UNREADABLE) : most))
      throw stillLocked(root, holder);
    if (waited > 1000 && !said) {
      said = true;
      await refuseTracked(root);
      options.say(`Waiting for ${whose(holder)} …`);
    }
    await sleep(25);
  };
}

function whose(holder: Holder): string {
  if (typeof holder !== 'object') return 'another run of tableplan (process unknown)';
  const where = holder.host === thisHost() ? '' : ` on ${holder.host}`;
  return `another run of tableplan (process ${holder.pid}${where})`;
}

function stillLocked(root: string, holder: Holder): TableplanError {
  const path = lockPath(root);
  if (holder === 'unreadable') {
    return new TableplanError('locked', `${path} is not a lock that a run of tableplan wrote.`, {
      hint: `Nothing was written. If no other run of tableplan is at work here, remove it: rm ${path}`,
      at: { file: path },
    });
  }
  const { pid = 'unknown', host = 'this machine' } = holder ?? {};
  return new TableplanError(
    'locked',
    `Another run of tableplan (process ${pid} on ${host}) is working in ${root}.`,
    { hint: `Wait for it to end. If it is gone, remove ${path}.` },
  );
}

async function release(root: string, owner: Owner): Promise<void> {
  await dropLitter(root);
  const text = await readFile(lockPath(root), 'utf8').catch(() => '');
  if (text === JSON.stringify(owner)) await rm(lockPath(root), { force: true });
  await dropOwnFolder(root);
}

/** Throws `locked` where something lies there that never is a lock. */
async function readOwner(path: string): Promise<Holder> {
  const info = await lookAt(path);
  if (info === undefined) return undefined;
  if (!info.isFile()) {
    const what = info.isDirectory()
      ? 'a folder'
      : info.isSymbolicLink()
        ? 'a symbolic link'
        : 'no plain file';
    throw new TableplanError('locked', `${path} is ${what}; the lock of a run of tableplan is a file.`, {
      hint: `Nothing was written, and what it leads to was not touched. Remove it: rm ${info.isDirectory() ? '-r ' : ''}${path}`,
      at: { file: path },
    });
  }
  if (info.size > LARGEST_LOCK) return 'unreadable';
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? undefined : '',
  );
  return text === undefined ? undefined : parseOwner(text);
}

async function parseOwner(text: string): Promise<Owner | 'unreadable'> {
  const { lockSchema } = await import('./own/schemas.ts');
  try {
    const { started, ...owner } = lockSchema.parse(JSON.parse(text));
    return { ...owner, started };
  } catch {
    return 'unreadable';
  }
}

/** Whether the owner surely is gone. Of another host nothing can be known. */
function isDead(owner: Owner): boolean {
  if (owner.host !== thisHost()) return false;
  if (owner.pid <= 0) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return owner.started !== undefined && startTime(owner.pid) !== owner.started;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
