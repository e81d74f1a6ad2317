import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { consumerEnv } from './e2e/consumer-env.ts';
import { makeProject } from './round-trip/project.ts';
import { treeOf } from './workspace/tree.ts';

it.runIf(process.platform !== 'win32')(
  'a signal to the whole process group ends with 130 at whatever moment, and nothing is written',
  async () => {
    const root = makeProject();
    const before = treeOf(root);
    const rounds = [0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6, 2, 3];
    const results: unknown[] = [];
    const failures: string[] = [];
    for (const [index, seconds] of rounds.entries()) {
      const child = spawn(
        process.execPath,
        [
          '--import',
          'tsx',
          resolve('src/cli.ts'),
          'migration',
          'people phone:text',
          '--cwd',
          root,
          '--dry-run',
        ],
        { env: consumerEnv(), stdio: ['ignore', 'ignore', 'pipe'], detached: true },
      );
      const ended = once(child, 'exit');
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      await sleep(seconds * 1000);
      try {
        process.kill(-child.pid!, index % 2 === 0 ? 'SIGINT' : 'SIGTERM');
      } catch {
        // It was done by then.
      }
      const [code, signal] = (await ended) as [number | null, string | null];
      results.push(code ?? signal);
      if (code !== null && code !== 0 && code !== 130) failures.push(`${code} after ${seconds} s: ${said}`);
    }
    // Before the first line of tableplan has run, the signal itself ends the process.
    expect(failures).toEqual([]);
    expect(results).toContain(130);
    expect(treeOf(root)).toBe(before);
  },
  120_000,
);
