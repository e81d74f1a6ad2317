import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
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

/** For `spawn` and what is like it. */
export interface TiedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: {
    readonly stdio: Exclude<StdioOptions, string>;
    /** A group of its own, where the system has groups: Ctrl-C at a terminal is heard by this process alone, which ends the others. */
    readonly detached: boolean;
  };
}

let watcher: Writable | undefined;

/**
 * A command as it has to be started for its process to end when this one does, however that ends and whatever the process is
 * at, and all that it has started with it. It reports to the watcher before it becomes the command: a kill between the
 * two finds it there. `endWithUs` is to be called for what was started.
 */
export function tied(
  file: string,
  args: readonly string[],
  stdio: readonly ('ignore' | 'pipe' | 'ipc')[],
): TiedCommand {
  if (process.platform === 'win32') return { file, args, options: { stdio: [...stdio], detached: false } };
  watcher ??= startWatcher();
  const report = stdio.length;
  const script = `echo "+$$" >&${report}; exec "$0" "$@" ${report}>&-`;
  return {
    file: '/bin/sh',
    args: ['-c', script, file, ...args],
    options: { stdio: [...stdio, watcher], detached: true },
  };
}

/** Sees to it that what a `tied` process has started ends when that one does. */
export function endWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || process.platform === 'win32') return;
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
    detached: true,
  });
  const input = child.stdin!;
  child.on('error', () => undefined);
  input.on('error', () => undefined);
  // It waits for the end of this process, not the other way round.
  child.unref();
  (input as Writable & { unref?(): void }).unref?.();
  return input;
}
