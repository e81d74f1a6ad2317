import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TableplanError } from '../errors.ts';
import { dropLitter, dropOwnFolder, makeOwnFolder, ownFolder } from './own-folder.ts';

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
    host: hostname(),
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

function lockPath(root: string): string {
  return join(ownFolder(root), 'lock');
}

async function acquire(root: string, owner: Owner, options: LockOptions): Promise<void> {
  const waiting = patience(root, options);
  for (;;) {
    await makeOwnFolder(root);
    if (await take(lockPath(root), owner)) return;
    const holder = await readOwner(lockPath(root));
    if (holder && isDead(holder)) await bury(lockPath(root), holder, owner);
    else await waiting(holder);
  }
}

/** Makes the lock if there is none. It is written whole under another name, then linked: nobody ever reads half of it. */
async function take(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.draft.${owner.id}`;
  try {
    await writeFile(draft, JSON.stringify(owner));
    await link(draft, path).catch((error: NodeJS.ErrnoException) => linkless(error, path, owner));
    return true;
  } catch (error) {
    // ENOENT: another run took the empty folder away in between.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Some file systems (FAT, some shares) know no hard links. */
async function linkless(error: NodeJS.ErrnoException, path: string, owner: Owner): Promise<void> {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
  await writeFile(path, JSON.stringify(owner), { flag: 'wx' });
}

/**
 * Takes a dead owner's lock away. Several runs may find it dead: only the one that holds the lock on that burial (its
 * name has the dead owner's id, so nobody confuses it with another) removes anything, after a second look. A run that
 * dies while it buries is buried in the same way.
 */
async function bury(path: string, dead: Owner, owner: Owner): Promise<void> {
  const burial = `${path}.${dead.id}`;
  if (await take(burial, owner)) {
    const holder = await readOwner(path);
    if (holder?.id === dead.id) await rm(path, { force: true });
    await rm(burial, { force: true });
    return;
  }
  const other = await readOwner(burial);
  if (other && isDead(other)) await bury(burial, other, owner);
  else await sleep(5);
}

async function waitUntilFree(root: string, options: LockOptions): Promise<void> {
  const waiting = patience(root, options);
  const path = lockPath(root);
  for (let holder = await readOwner(path); holder && !isDead(holder); holder = await readOwner(path))
    await waiting(holder);
}

/** Waits a moment; says so once, gives up in the end. */
function patience(root: string, options: LockOptions): (holder: Owner | undefined) => Promise<void> {
  const start = Date.now();
  let said = false;
  return async (holder) => {
    options.signal?.throwIfAborted();
    const waited = Date.now() - start;
    if (waited > (options.patience ?? PATIENCE)) {
      throw new TableplanError(
        'locked',
        `Another run of tableplan (process ${holder?.pid ?? 'unknown'} on ${holder?.host ?? 'this machine'}) is working in ${root}.`,
        {
          hint: `Wait for it to end. If it is gone, remove ${lockPath(root)}.`,
        },
      );
    }
    if (waited > 1000 && !said) {
      said = true;
      options.say(`Waiting for another run of tableplan (process ${holder?.pid ?? 'unknown'}) …`);
    }
    await sleep(25);
  };
}

async function release(root: string, owner: Owner): Promise<void> {
  await dropLitter(root);
  const holder = await readOwner(lockPath(root));
  if (holder?.id === owner.id) await rm(lockPath(root), { force: true });
  await dropOwnFolder(root);
}

async function readOwner(path: string): Promise<Owner | undefined> {
  return parseOwner(await readFile(path, 'utf8').catch(() => ''));
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    return typeof owner.pid === 'number' && typeof owner.id === 'string' ? owner : undefined;
  } catch {
    return text === '' ? undefined : { pid: 0, host: hostname(), started: undefined, id: 'damaged' };
  }
}

/** Whether the owner surely is gone. Of another host nothing can be known. */
function isDead(owner: Owner): boolean {
  if (owner.host !== hostname()) return false;
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
