import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads `+pid` and `-pid`, and when its input ends, which it does when tableplan is gone, killed or not, ends all groups
 * that are still there.
 */
const WATCH = `
trap '' HUP INT QUIT TERM
pids=
while IFS= read -r line; do
  pid=\${line#?}
  case $line in
    +*) pids="$pids $pid" ;;
    -*) left=
      for one in $pids; do [ "$one" = "$pid" ] || left="$left $one"; done
      pids=$left ;;
  esac
done
for pid in $pids; do kill -9 "-$pid" || kill -9 "$pid"; done 2>/dev/null`;

/** Options of a process that is to end with its group: a group of its own, where the system has groups. */
export const OWN_GROUP = { detached: process.platform !== 'win32' } as const;

let watcher: Writable | undefined;

/**
 * Sees to it that a process (started with `OWN_GROUP`) ends when this one does, however that ends and whatever the process
 * is at; and that nothing which it has started outlives it.
 */
export function endWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || process.platform === 'win32') return;
  watcher ??= startWatcher();
  watcher.write(`+${pid}\n`);
  child.once('exit', () => {
    endGroup(child);
    watcher?.write(`-${pid}\n`);
  });
}

/** Ends a process and what it has started, whatever they are at. Harmless afterwards. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}

function startWatcher(): Writable {
  const child = spawn('/bin/sh', ['-c', WATCH, 'tableplan-children'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    ...OWN_GROUP,
  });
  const input = child.stdin!;
  child.on('error', () => undefined);
  input.on('error', () => undefined);
  // It waits for the end of this process, not the other way round.
  child.unref();
  (input as Writable & { unref?(): void }).unref?.();
  return input;
}
