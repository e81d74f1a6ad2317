import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside, requireInside } from '../../src/workspace/inside.ts';
import { makeTree } from './tree.ts';

const outside = makeTree({ 'notes.txt': 'private' });
const repo = makeTree({ 'src/schema.ts': 'export {};', 'packages/db/package.json': '{}' });
mkdirSync(join(repo, '.git'));
symlinkSync(outside, join(repo, 'away'));
symlinkSync(join(outside, 'notes.txt'), join(repo, 'src/notes.ts'));
symlinkSync(join(outside, 'missing.txt'), join(repo, 'src/missing.ts'));
symlinkSync('packages/db', join(repo, 'db'));

function checked(...paths: string[]): Promise<void> {
  const edits = paths.map((path) => ({ path: join(repo, path), before: null, after: '' }));
  return requireInside(edits, repo);
}

describe('an edit', () => {
  it.each([
    'src/schema.ts',
    'src/new/deep/file.ts',
    'db/schema.ts',
    'packages/db/../db/x.ts',
    '.github/x.yml',
  ])('of %s is inside', async (path) => {
    await expect(checked(path)).resolves.toBeUndefined();
    expect(await isInside(join(repo, path), repo)).toBe(true);
  });

  it.each([
    ['../x.ts', 'lies outside the project'],
    ['src/../../x.ts', 'lies outside the project'],
    ['.', 'lies outside the project'],
    ['away/notes.txt', 'lies outside the project'],
    ['away/new/file.ts', 'lies outside the project'],
    ['src/notes.ts', 'lies outside the project'],
    ['.git/config', 'lies in a folder of git or of tableplan itself'],
    ['packages/db/.git/hooks/post-commit', 'lies in a folder of git or of tableplan itself'],
    ['.tableplan/journal/manifest.json', 'lies in a folder of git or of tableplan itself'],
    ['.GIT/config', 'lies in a folder of git or of tableplan itself'],
  ])('of %s is refused', async (path, message) => {
    await expect(checked('src/schema.ts', path)).rejects.toMatchObject({
      code: 'file-not-writable',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining('Nothing was written') as string,
    });
  });

  it('through a link to nothing is no edit of what the link names', async () => {
    // The file is replaced where it is written; nothing appears outside.
    await expect(checked('src/missing.ts')).resolves.toBeUndefined();
  });
});
