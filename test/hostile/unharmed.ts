import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Came, type CommandName, through } from './every-command.ts';
import { type Hostile, hostileRepository, type Orm } from './repository.ts';
import { fingerprint, makeVictim, PRIVATE } from './victim.ts';

/**
 * Sends commands through a repository that `forge` has made hostile, and holds what has to hold whatever they are and come
 * to: nothing outside the repository and nothing in `.git` has changed, nothing from outside is shown, nothing crashes, and
 * no process is left. Returns what they came to, by command.
 */
export async function unharmedBy(
  orm: Orm,
  forge: (hostile: Hostile, victim: string) => void,
  commands: readonly CommandName[],
): Promise<Readonly<Record<string, Came>>> {
  const victim = makeVictim();
  const hostile = await hostileRepository(orm, (made) => forge(made, victim));
  const git = join(hostile.root, '.git');
  const before = [fingerprint(victim), fingerprint(git)];
  const came: Came[] = [];
  for (const command of commands) came.push(await through(hostile, command));
  expect([fingerprint(victim), fingerprint(git)]).toEqual(before);
  expect(came.filter(({ code }) => /^crash|internal/.test(code))).toEqual([]);
  expect(came.filter(({ said }) => said.includes(PRIVATE))).toEqual([]);
  await noProcessLeft(hostile.root);
  return Object.fromEntries(came.map((each) => [each.command, each]));
}

/** Waits until no process works in a folder or names it; one that never ends is shown. */
export async function noProcessLeft(folder: string): Promise<void> {
  for (let turn = 0; turn < 100 && processesOf(folder).length > 0; turn += 1) await sleep(50);
  expect(processesOf(folder)).toEqual([]);
}

/** The command lines of the other processes that work in a folder or name it, of this user, as Linux lists them. */
export function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ');
        // A zombie has none: it has ended.
        return line !== '' &&
          (line.includes(folder) || readlinkSync(join('/proc', pid, 'cwd')).startsWith(folder))
          ? [`${pid} ${line}`]
          : [];
      } catch {
        return [];
      }
    });
}
