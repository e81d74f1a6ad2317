import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { consumerEnv } from './consumer-env.ts';
import { consumerProject } from './consumer.ts';
import { inject } from 'vitest';

const ROUNDS = 16;

it(`a command killed at ${ROUNDS} random moments leaves the project as before or as after, once the next one has run`, async () => {
  const project = consumerProject();
  const before = project.fingerprint();
  const bin = join(inject('consumer'), 'node_modules/tableplan/dist/cli.js');
  const start = Date.now();
  project.run('node', bin, 'migration', 'users', 'age:int', '--dry-run');
  const length = Date.now() - start;
  let finished = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, [bin, 'migration', 'users', 'age:int', '--no-typecheck'], {
      cwd: project.root,
      env: consumerEnv(),
      stdio: 'ignore',
    });
    await sleep(length * (0.5 + Math.random() * 0.7));
    child.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGINT');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const next = project.run('node', bin, 'migration', 'users', 'age:int', '--dry-run');
    expect(next.code).toBe(0);
    if (next.stdout.includes('Nothing to do')) {
      finished += 1;
      expect(project.files().filter((path) => /add.age/.test(path))).toHaveLength(3);
      break;
    }
    expect(project.fingerprint()).toBe(before);
  }
  expect(finished).toBeLessThanOrEqual(1);
});

it.runIf(process.platform !== 'win32')(
  'a signal to one process or to its whole group, at whatever moment, ends with 130, and nothing is written',
  async () => {
    const project = consumerProject();
    const before = project.fingerprint();
    const bin = join(inject('consumer'), 'node_modules/tableplan/dist/cli.js');
    const start = Date.now();
    project.run('node', bin, 'migration', 'users', 'age:int', '--dry-run');
    const length = Date.now() - start;
    const ends: unknown[] = [];
    const failures: string[] = [];
    for (const [index, part] of [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85].entries()) {
      const child = spawn(process.execPath, [bin, 'migration', 'users', 'age:int', '--dry-run'], {
        cwd: project.root,
        env: consumerEnv(),
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
      });
      const ended = once(child, 'exit');
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      await sleep(length * part);
      try {
        // Ctrl-C at a terminal reaches the whole group, `kill` one process.
        process.kill(index % 2 === 0 ? -child.pid! : child.pid!, index % 4 < 2 ? 'SIGINT' : 'SIGTERM');
      } catch {
        // It was done by then.
      }
      const [code, signal] = (await ended) as [number | null, string | null];
      ends.push(code ?? signal);
      if (code !== null && code !== 0 && code !== 130) failures.push(`${code} after ${part}: ${said}`);
    }
    // Before the first line of tableplan has run, the signal itself ends the process.
    expect(failures).toEqual([]);
    expect(ends).toContain(130);
    expect(project.fingerprint()).toBe(before);
  },
);

it('two runs at once do not interleave', async () => {
  const project = consumerProject();
  const bin = join(inject('consumer'), 'node_modules/tableplan/dist/cli.js');
  const runs = ['age:int', 'height:int'].map((word) =>
    spawn(process.execPath, [bin, 'migration', 'users', word, '--no-typecheck'], {
      cwd: project.root,
      env: consumerEnv(),
      stdio: 'ignore',
    }),
  );
  const codes = await Promise.all(runs.map(async (child) => (await once(child, 'exit'))[0] as number));
  expect(codes).toEqual([0, 0]);
  const journal = JSON.parse(project.read('src/external/drizzle/migrations/meta/_journal.json'));
  expect(journal.entries.map(({ idx }: { idx: number }) => idx)).toEqual([0, 1, 2, 3]);
  expect(project.run('npx', 'drizzle-kit', 'generate').stdout).toContain('No schema changes');
  expect(project.files().some((path) => path.includes('.tableplan'))).toBe(false);
});
