import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { consumerEnv } from '../e2e/consumer-env.ts';

export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);

/** Median milliseconds of each candidate, measured in turns after one warm-up; `prepare` is not counted. */
export function medians<const Candidates extends readonly (() => void)[]>(
  candidates: Candidates,
  prepare: readonly (() => void)[] = [],
): { -readonly [Index in keyof Candidates]: number } {
  const times = candidates.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    candidates.forEach((candidate, index) => {
      prepare[index]?.();
      const start = performance.now();
      candidate();
      if (round >= 0) times[index]?.push(performance.now() - start);
    });
  }
  const middle = times.map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0);
  return middle as { -readonly [Index in keyof Candidates]: number };
}

/** A ratio, and what it is made of. */
export function line(what: string, ours: number, theirs: number): void {
  console.log(
    `  ${what.padEnd(34)} ${(ours / theirs).toFixed(2).padStart(6)}   (${ours.toFixed(0)} ms : ${theirs.toFixed(0)} ms)`,
  );
}

/** Runs a command as a user has it; `codes`: exit codes that are no failure. */
export function command(
  cwd: string,
  args: readonly [string, ...string[]],
  codes: readonly number[] = [0],
): void {
  const [file, ...rest] = args;
  const done = spawnSync(file, rest, {
    cwd,
    env: consumerEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  if (codes.includes(done.status ?? -1)) return;
  throw new Error(`${args.join(' ')} failed:\n${done.stdout}${done.stderr}`);
}

/** Megabytes that a command and the processes it starts have had at most, summed (Linux: VmHWM); undefined elsewhere. */
export async function peakMemory(
  cwd: string,
  [file, ...args]: readonly [string, ...string[]],
): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const child = spawn(file, args, { cwd, env: consumerEnv(), stdio: 'ignore' });
  const ended = once(child, 'exit').then(() => true);
  const peaks = new Map<number, number>();
  for (let done = false; !done; done = await Promise.race([ended, sleep(20, false)])) {
    for (const pid of family(child.pid!)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)));
  }
  return [...peaks.values()].reduce((sum, peak) => sum + peak, 0) / 1024;
}

/** A process and all below it; those that have ended meanwhile are left out. */
function family(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // `pid (name) state ppid …`: the name may have spaces and brackets.
    const [, parent] = /\) \S (\d+)/.exec(readProc(name, 'stat')) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const members = [root];
  for (const member of members) for (const [pid, parent] of parents) if (parent === member) members.push(pid);
  return members;
}

function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readProc(String(pid), 'status'))?.[1] ?? 0);
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
