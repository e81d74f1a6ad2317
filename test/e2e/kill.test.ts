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

it('Ctrl-C before the files are written ends with 130 and leaves everything as it was', async () => {
  const project = consumerProject();
  const before = project.fingerprint();
  const bin = join(inject('consumer'), 'node_modules/tableplan/dist/cli.js');
  const child = spawn(process.execPath, [bin, 'migration', 'users', 'age:int'], {
    cwd: project.root,
    env: consumerEnv(),
    stdio: 'ignore',
  });
  await sleep(350);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(project.fingerprint()).toBe(before);
});

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
