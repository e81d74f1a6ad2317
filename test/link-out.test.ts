import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkOut } from '../src/link-out.ts';
import { readRegularFile, readRegularFileSync } from '../src/read-regular-file.ts';
import { makeTree } from './workspace/tree.ts';

const outside = makeTree({ 'private/notes.txt': 'private', 'private/.git/HEAD': '' });

function repository(files: Readonly<Record<string, string>> = {}): string {
  const root = makeTree({ 'package.json': '{}', 'src/a.ts': 'a', 'packages/b/package.json': '{}', ...files });
  mkdirSync(join(root, '.git'));
  return root;
}

describe('a link that leads out of its repository', () => {
  const root = repository();
  symlinkSync(join(outside, 'private/notes.txt'), join(root, 'file.txt'));
  symlinkSync(join(outside, 'private'), join(root, 'folder'));
  symlinkSync('file.txt', join(root, 'again.txt'));
  symlinkSync('..', join(root, 'up'));

  it.each([
    ['a file', 'file.txt', 'file.txt'],
    ['a folder, whatever lies in that', 'folder/notes.txt', 'folder'],
    ['by way of another one', 'again.txt', 'again.txt'],
    ['to a folder that it lies in', 'up', 'up'],
  ])('is found: %s', (_, path, link) => expect(linkOut(join(root, path))).toBe(join(root, link)));

  it('is not read', async () => {
    for (const path of ['file.txt', 'folder/notes.txt']) {
      const refusal = { code: 'file-not-readable', message: expect.stringContaining(path) as string };
      await expect(readRegularFile(join(root, path))).rejects.toMatchObject(refusal);
      expect(() => readRegularFileSync(join(root, path))).toThrow('leads out of the repository');
      expect((await readRegularFile(join(root, path), { anywhere: true })).toString()).toBe('private');
    }
  });
});

describe('nothing leads out', () => {
  it('where the link stays in the repository', () => {
    const root = repository();
    symlinkSync('../../src/a.ts', join(root, 'packages/b/a.ts'));
    symlinkSync(join(root, 'src'), join(root, 'packages/b/src'));
    for (const path of ['packages/b/a.ts', 'packages/b/src/a.ts', 'src/a.ts', 'none.ts'])
      expect(linkOut(join(root, path))).toBeUndefined();
  });

  it('where the link lies above the repository', () => {
    const root = repository();
    const above = makeTree({});
    symlinkSync(root, join(above, 'work'));
    expect(linkOut(join(above, 'work/src/a.ts'))).toBeUndefined();
  });

  it('where there is no repository', () => {
    const folder = makeTree({ 'plan.yaml': 'x' });
    symlinkSync(join(outside, 'private/notes.txt'), join(folder, 'dump.sql'));
    expect(linkOut(join(folder, 'dump.sql'))).toBeUndefined();
  });
});

it('without git the package is the repository', () => {
  const root = makeTree({ 'package.json': '{}' });
  symlinkSync(join(outside, 'private/notes.txt'), join(root, 'x.sql'));
  expect(linkOut(join(root, 'x.sql'))).toBe(join(root, 'x.sql'));
});
