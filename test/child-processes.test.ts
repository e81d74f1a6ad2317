import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processesOf } from './hostile/unharmed.ts';

const CHILD = `
  const { spawn } = require('node:child_process');
  const grandchild = spawn(process.execPath, ['-e', 'while (true);'], { stdio: 'ignore' });
  process.stdout.write(process.pid + ' ' + grandchild.pid + '\\n', () => { BODY });`;

/** A process that starts one which starts another; the ids of both. */
async function startParent(body: string) {
  const script = `
    import { spawn } from 'node:child_process';
    import { endWithUs, tied } from ${JSON.stringify(resolve('src/child-processes.ts'))};
    const args = ['-e', ${JSON.stringify(CHILD.replace('BODY', body))}];
    const command = tied(process.execPath, args, ['ignore', 'pipe', 'ignore']);
    const child = spawn(command.file, command.args, command.options);
    endWithUs(child);
    child.stdout.pipe(process.stdout);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const pids = text.trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  return { parent, pids };
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (let turn = 0; turn < 200 && pids.some(lives); turn += 1) await sleep(50);
  expect(pids.filter(lives)).toEqual([]);
}

describe('a process of the project', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'that loops for ever ends with tableplan, and so does what it has started, after a %s',
    async (signal) => {
      const { parent, pids } = await startParent('while (true);');
      expect(pids.filter(lives)).toEqual(pids);
      parent.kill(signal);
      await untilGone(pids);
    },
  );

  it('that was started just before tableplan is killed ends too', async () => {
    const mark = `tied-${process.pid}`;
    const script = `
      import { spawn } from 'node:child_process';
      import { endWithUs, tied } from ${JSON.stringify(resolve('src/child-processes.ts'))};
      const command = tied(process.execPath, ['-e', 'while (true);', '${mark}'], ['ignore', 'ignore', 'ignore']);
      endWithUs(spawn(command.file, command.args, command.options));
      process.kill(process.pid, 'SIGKILL');`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    await once(parent, 'exit');
    const left = (): string[] => processesOf(mark);
    for (let turn = 0; turn < 200 && left().length > 0; turn += 1) await sleep(50);
    // It may have been too early to be seen.
    await sleep(500);
    expect(left()).toEqual([]);
  });

  it('that ends takes with it what it has started', async () => {
    const { parent, pids } = await startParent('setTimeout(() => process.exit(0), 100);');
    await untilGone(pids);
    expect(lives(parent.pid!)).toBe(true);
    parent.kill('SIGKILL');
  });
});
