import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageFile } from '../../src/page/page-file.ts';
import { makeTree, treeOf } from '../workspace/tree.ts';

const MARK = '<!-- ours -->\n';

function project(): { root: string; outside: string } {
  const outside = makeTree({ 'theirs.html': `${MARK}x` });
  const root = makeTree({
    'package.json': '{}',
    '.git/HEAD': '',
    'own.html': `${MARK}x`,
    'other.html': '<p>',
  });
  mkdirSync(join(root, '.tableplan'));
  mkdirSync(join(root, 'folder.html'));
  symlinkSync(outside, join(root, 'out'));
  symlinkSync(join(root, 'own.html'), join(root, 'link.html'));
  symlinkSync('/dev/full', join(root, 'device.html'));
  return { root, outside };
}

it.each(['new.html', 'own.html', join(makeTree({}), 'anywhere.html')])('writes %s', async (name) => {
  const { root } = project();
  const file = await pageFile(root, name, MARK);
  await file.write(`${MARK}new`);
  expect(readFileSync(file.path, 'utf8')).toBe(`${MARK}new`);
  expect(readdirSync(root).filter((each) => each.startsWith('.'))).toEqual(['.git', '.tableplan']);
});

it.each([
  ['other.html', 'is no page of tableplan'],
  ['link.html', 'is no regular file'],
  ['device.html', 'lies outside the project'],
  ['folder.html', 'is no regular file'],
  ['out/new.html', 'lies outside the project'],
  ['out/theirs.html', 'lies outside the project'],
  ['.git/x.html', 'lies in a folder of git'],
  ['.tableplan/x.html', 'lies in a folder of git or of tableplan'],
  ['missing/x.html', 'lies in a folder that is not there'],
])('refuses %s: it %s', async (name, why) => {
  const { root, outside } = project();
  const before = [treeOf(root), treeOf(outside)];
  await expect(pageFile(root, name, MARK)).rejects.toMatchObject({
    code: 'file-not-writable',
    message: expect.stringContaining(why),
  });
  expect([treeOf(root), treeOf(outside)]).toEqual(before);
});

it('looks again before it writes', async () => {
  const { root } = project();
  const file = await pageFile(root, 'new.html', MARK);
  writeFileSync(file.path, 'a person was faster');
  await expect(file.write(`${MARK}new`)).rejects.toMatchObject({ code: 'file-not-writable' });
  expect(readFileSync(file.path, 'utf8')).toBe('a person was faster');
});
