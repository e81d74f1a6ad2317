import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withProjectLock } from '../../src/workspace/lock.ts';
import { reviewProject } from '../commands/review-project.ts';
import { makeTree, treeOf } from './tree.ts';

const quiet = { say: () => undefined };

it('waits for another run, says so, and gives up in the end with what to do', async () => {
  const root = makeTree({});
  const said: string[] = [];
  let release = (): void => undefined;
  let enter = (): void => undefined;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  const first = withProjectLock(root, { mode: 'write', ...quiet }, () => {
    enter();
    return new Promise<void>((resolve) => (release = resolve));
  });
  await entered;
  const second = withProjectLock(
    root,
    { mode: 'write', say: (line) => said.push(line), patience: 1200 },
    async () => 'in',
  );
  await expect(second).rejects.toMatchObject({
    code: 'locked',
    exitCode: 2,
    hint: expect.stringContaining(join(root, '.tableplan/lock')),
  });
  expect(said).toEqual([expect.stringMatching(/^Waiting for another run .*process \d+/)]);
  release();
  await first;
});

it('stops waiting when it is interrupted', async () => {
  const root = makeTree({});
  const abort = new AbortController();
  await withProjectLock(root, { mode: 'write', ...quiet }, async () => {
    const waiting = withProjectLock(
      root,
      { mode: 'write', ...quiet, signal: abort.signal },
      async () => 'in',
    );
    setTimeout(() => abort.abort(new Error('stop')), 30);
    await expect(waiting).rejects.toThrow('stop');
  });
});

it('goes when the work fails', async () => {
  const root = makeTree({});
  await expect(
    withProjectLock(root, { mode: 'write', ...quiet }, () => Promise.reject(new Error('broken'))),
  ).rejects.toThrow('broken');
  expect(treeOf(root)).toBe('');
});

it('keeps itself out of git while it is there', async () => {
  const root = makeTree({});
  await withProjectLock(root, { mode: 'write', ...quiet }, async () => {
    expect(readFileSync(join(root, '.tableplan/.gitignore'), 'utf8')).toBe('*\n');
  });
});

it('to read, waits for a run that writes, and makes nothing', async () => {
  const root = makeTree({ 'a.ts': 'a' });
  const order: string[] = [];
  let locked = (): void => undefined;
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const writer = withProjectLock(root, { mode: 'write', ...quiet }, async () => {
    locked();
    await sleep(80);
    order.push('written');
  });
  await isLocked;
  const reader = withProjectLock(root, { mode: 'read', ...quiet }, async () => order.push('read'));
  await Promise.all([writer, reader]);
  expect(order).toEqual(['written', 'read']);
  const before = treeOf(root);
  await withProjectLock(root, { mode: 'read', ...quiet }, async () => expect(treeOf(root)).toBe(before));
});

it.runIf(process.platform === 'linux')(
  'is not fooled by a process that has the number of a dead one',
  async () => {
    const root = makeTree({
      '.tableplan/lock': JSON.stringify({ pid: process.pid, host: hostname(), started: '1', id: 'earlier' }),
    });
    expect(await withProjectLock(root, { mode: 'write', ...quiet, patience: 0 }, async () => 'in')).toBe(
      'in',
    );
  },
);

it('believes that a run on another machine is alive', async () => {
  const root = makeTree({
    '.tableplan/lock': JSON.stringify({ pid: 2 ** 22 + 1, host: 'elsewhere', id: 'x' }),
  });
  await expect(
    withProjectLock(root, { mode: 'write', ...quiet, patience: 30 }, async () => 'in'),
  ).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('elsewhere') });
});

it('is held by one of many processes at a time, also while holders are killed', async () => {
  const root = makeTree({ 'counter.txt': '0' });
  const log = join(makeTree({}), 'log');
  mkdirSync(join(root, '.tableplan'));
  writeFileSync(log, '');
  writeFileSync(
    join(root, '.tableplan/lock'),
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'dead from the start' }),
  );
  const start = () =>
    spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'lock-child.ts'), root, log], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const children = [start(), start(), start(), start()];
  const victims = children.slice(0, 2);
  while (readFileSync(log, 'utf8').length < 40) await sleep(5);
  for (const victim of victims) {
    await sleep(Math.random() * 40);
    victim.kill('SIGKILL');
  }
  const codes = await Promise.all(children.slice(2).map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0]);
  // Every entry is followed by its own exit, or by another's entry where a holder was killed.
  const entries = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  const broken = entries.filter(
    ([what, pid], index) =>
      what === 'out' && (entries[index - 1]?.[0] !== 'in' || entries[index - 1]?.[1] !== pid),
  );
  expect(broken).toEqual([]);
  const unfinished = entries
    .filter(([what], index) => what === 'in' && entries[index + 1]?.[0] !== 'out')
    .map(([, pid]) => pid);
  expect(victims.map(({ pid }) => String(pid))).toEqual(expect.arrayContaining(unfinished));
  expect(treeOf(root)).not.toContain('.tableplan');
});

const NO_LOCKS: readonly (readonly [string, (path: string) => void])[] = [
  ['an empty file', (path) => writeFileSync(path, '')],
  ['another file', (path) => writeFileSync(path, 'notes')],
  ['one whose id is a path', (path) => writeFileSync(path, '{"pid":-1,"host":"x","id":"../../x"}')],
  ['a folder', (path) => mkdirSync(path)],
  ['a link that leads nowhere', (path) => symlinkSync('/nowhere', path)],
];

for (const [what, make] of NO_LOCKS) {
  it(`ends with what to do, and leaves it alone, where the lock is ${what}`, async () => {
    const root = makeTree({ '.tableplan/.gitignore': '*\n' });
    make(join(root, '.tableplan/lock'));
    const before = treeOf(root);
    for (const mode of ['read', 'write'] as const)
      await expect(
        withProjectLock(root, { mode, ...quiet, patience: 30 }, async () => 'in'),
      ).rejects.toMatchObject({
        code: 'locked',
        hint: expect.stringContaining(`${join(root, '.tableplan/lock')}`) as string,
      });
    expect(treeOf(root)).toBe(before);
  });
}

it.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  'a command that waits for it ends with 130 at a %s',
  async (signal) => {
    const root = reviewProject({});
    mkdirSync(join(root, '.tableplan'));
    writeFileSync(join(root, '.tableplan/.gitignore'), '*\n');
    const holder = { pid: process.pid, host: hostname(), id: 'alive' };
    writeFileSync(join(root, '.tableplan/lock'), JSON.stringify(holder));
    const before = treeOf(root);
    const cli = ['--import', 'tsx', resolve('src/cli.ts'), 'init', '--yes', '--cwd', root];
    const child = spawn(process.execPath, cli, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    await new Promise<void>((heard) =>
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Waiting for another run')) heard();
      }),
    );
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(treeOf(root)).toBe(before);
  },
);
