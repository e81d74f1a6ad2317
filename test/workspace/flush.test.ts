import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { inWorkspace } from '../../src/workspace/session.ts';
import { makeTree, treeOf } from './tree.ts';

function write(root: string, edits: readonly FileEdit[], signal?: AbortSignal): Promise<void> {
  return inWorkspace({ root, repoRoot: root, dryRun: false, say: () => undefined, signal }, (flush) =>
    flush(edits),
  );
}

it('writes all files and leaves nothing of its own behind', async () => {
  const root = makeTree({ 'a b/ä.ts': 'one' });
  await write(root, [
    { path: join(root, 'a b/ä.ts'), before: 'one', after: 'two' },
    { path: join(root, 'c/d/e.sql'), before: null, after: '\uFEFFthree\r\n' },
  ]);
  expect(readFileSync(join(root, 'c/d/e.sql'), 'utf8')).toBe('\uFEFFthree\r\n');
  expect(
    treeOf(root)
      .split('\n')
      .map((line) => line.split(/ \d{3} /)[0]),
  ).toEqual(['a b/', 'a b/ä.ts', 'c/', 'c/d/', 'c/d/e.sql']);
});

it('keeps the mode of a file', async () => {
  const root = makeTree({ 'run.ts': '1' });
  chmodSync(join(root, 'run.ts'), 0o755);
  await write(root, [{ path: join(root, 'run.ts'), before: '1', after: '2' }]);
  expect(statSync(join(root, 'run.ts')).mode & 0o777).toBe(0o755);
});

it('writes through a symbolic link and leaves it a link', async () => {
  const root = makeTree({ 'real.ts': '1' });
  symlinkSync('real.ts', join(root, 'link.ts'));
  await write(root, [{ path: join(root, 'link.ts'), before: '1', after: '2' }]);
  expect(lstatSync(join(root, 'link.ts')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, 'real.ts'), 'utf8')).toBe('2');
});

const refusals: readonly (readonly [string, string, (root: string) => FileEdit])[] = [
  [
    'a file that has changed since',
    'file-changed',
    (root) => ({ path: join(root, 'b.ts'), before: 'other', after: 'x' }),
  ],
  [
    'a file that has vanished',
    'file-changed',
    (root) => ({ path: join(root, 'gone.ts'), before: 'it', after: 'x' }),
  ],
  [
    'a new file that exists by now',
    'file-changed',
    (root) => ({ path: join(root, 'b.ts'), before: null, after: 'x' }),
  ],
  [
    'a read-only file, though root could write it',
    'file-not-writable',
    (root) => {
      chmodSync(join(root, 'b.ts'), 0o444);
      return { path: join(root, 'b.ts'), before: 'b', after: 'x' };
    },
  ],
  [
    'a read-only folder',
    'file-not-writable',
    (root) => {
      mkdirSync(join(root, 'locked'), { mode: 0o555 });
      return { path: join(root, 'locked/deep/new.ts'), before: null, after: 'x' };
    },
  ],
  [
    'a path outside the project',
    'file-not-writable',
    (root) => ({ path: join(root, '../escaped.ts'), before: null, after: 'x' }),
  ],
  [
    'a link that leads outside the project',
    'file-not-writable',
    (root) => {
      const outside = makeTree({ 'x.ts': 'b' });
      symlinkSync(outside, join(root, 'way-out'));
      return { path: join(root, 'way-out/x.ts'), before: 'b', after: 'x' };
    },
  ],
  [
    'a folder that is a file',
    'file-not-writable',
    (root) => ({ path: join(root, 'b.ts/new.ts'), before: null, after: 'x' }),
  ],
];

for (const [what, code, makeEdit] of refusals) {
  it(`refuses ${what} and writes nothing at all`, async () => {
    const root = makeTree({ 'a.ts': 'a', 'b.ts': 'b' });
    const edit = makeEdit(root);
    const before = treeOf(root);
    await expect(
      write(root, [{ path: join(root, 'a.ts'), before: 'a', after: 'A' }, edit]),
    ).rejects.toMatchObject({ code });
    expect(treeOf(root)).toBe(before);
  });
}

it('puts everything back when writing fails in the middle', async () => {
  const root = makeTree({ 'a.ts': 'a' });
  const before = treeOf(root);
  const twice = { path: join(root, 'new/b.ts'), before: null, after: 'b' };
  // The second file wants a folder where the first one has just put a file.
  await expect(
    write(root, [
      { path: join(root, 'a.ts'), before: 'a', after: 'A' },
      { ...twice, path: join(root, 'new') },
      twice,
    ]),
  ).rejects.toThrow();
  expect(treeOf(root)).toBe(before);
});

it('puts everything back when it is interrupted', async () => {
  const root = makeTree(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.ts`, 'a'])));
  const before = treeOf(root);
  const abort = new AbortController();
  const edits = Array.from({ length: 20 }, (_, index) => ({
    path: join(root, `${index}.ts`),
    before: 'a',
    after: 'b',
  }));
  setTimeout(() => abort.abort(new Error('stop')), 3);
  await expect(write(root, edits, abort.signal)).rejects.toThrow('stop');
  expect(treeOf(root)).toBe(before);
});

it('lets one run at a time into a project', async () => {
  const root = makeTree({ 'n.txt': '0' });
  const path = join(root, 'n.txt');
  await Promise.all(
    Array.from({ length: 8 }, () =>
      inWorkspace({ root, repoRoot: root, dryRun: false, say: () => undefined }, async (flush) => {
        const before = readFileSync(path, 'utf8');
        await new Promise((resolve) => setTimeout(resolve, 5));
        await flush([{ path, before, after: String(Number(before) + 1) }]);
      }),
    ),
  );
  expect(readFileSync(path, 'utf8')).toBe('8');
  expect(treeOf(root)).not.toContain('.tableplan');
});

it('does not write over what an editor saves while it writes', async () => {
  const root = makeTree(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.ts`, 'a'])));
  const edits = Array.from({ length: 30 }, (_, index) => ({
    path: join(root, `${index}.ts`),
    before: 'a',
    after: 'b',
  }));
  const writing = write(root, edits);
  while (readFileSync(join(root, '0.ts'), 'utf8') === 'a')
    await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(join(root, '29.ts'), 'saved meanwhile');
  await expect(writing).rejects.toMatchObject({
    code: 'file-changed',
    message: expect.stringContaining('29.ts'),
  });
  expect(edits.map(({ path }) => readFileSync(path, 'utf8'))).toEqual([
    ...Array.from({ length: 29 }, () => 'a'),
    'saved meanwhile',
  ]);
});

it('says that a file is not UTF-8 rather than that it has changed', async () => {
  const root = makeTree({});
  writeFileSync(join(root, 'latin.ts'), Buffer.from([0x61, 0xe4]));
  const edit = { path: join(root, 'latin.ts'), before: Buffer.from([0x61, 0xe4]).toString(), after: 'x' };
  await expect(write(root, [edit])).rejects.toMatchObject({
    code: 'file-not-writable',
    message: expect.stringContaining('UTF-8'),
  });
});

it('says that the project cannot be written where there is no place for the lock', async () => {
  const root = makeTree({ '.tableplan': 'a file', 'a.ts': 'a' });
  await expect(write(root, [{ path: join(root, 'a.ts'), before: 'a', after: 'b' }])).rejects.toMatchObject({
    code: 'file-not-writable',
    message: expect.stringContaining('.tableplan'),
  });
});

it('takes over the lock of a run that is dead', async () => {
  const root = makeTree({
    '.tableplan/lock': JSON.stringify({
      pid: 2 ** 22 + 1,
      host: (await import('node:os')).hostname(),
      id: 'x',
    }),
    'a.ts': 'a',
  });
  await write(root, [{ path: join(root, 'a.ts'), before: 'a', after: 'b' }]);
  expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe('b');
});

for (const path of ['.git/config', 'sub/.GIT/hooks/pre-commit', '.git', '.tableplan/journal/x/manifest']) {
  it(`writes nothing to ${path}`, async () => {
    const root = makeTree({ '.git/config': '[core]', 'sub/.GIT/x': '', 'a.ts': 'a' });
    const before = treeOf(root);
    await expect(write(root, [{ path: join(root, path), before: null, after: 'x' }])).rejects.toMatchObject({
      code: 'file-not-writable',
      message: expect.stringContaining('git') as string,
    });
    expect(treeOf(root)).toBe(before);
  });
}

it('gives a file no other bits than those for reading, writing and running', async () => {
  const root = makeTree({ 'a.ts': 'a' });
  chmodSync(join(root, 'a.ts'), 0o6755);
  await write(root, [{ path: join(root, 'a.ts'), before: 'a', after: 'b' }]);
  expect(statSync(join(root, 'a.ts')).mode & 0o7777).toBe(0o755);
});
