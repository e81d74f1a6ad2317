import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { summarise, unifiedDiff } from '../../src/workspace/diff.ts';
import { posixRelative } from '../../src/workspace/posix-relative.ts';
import { makeTree, treeOf } from './tree.ts';

it('shows a changed line as git does', () => {
  const edits = [{ path: '/p/src/a.ts', before: 'one\ntwo\n', after: 'one\n2\n' }];
  expect(unifiedDiff(edits, '/p')).toBe('--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n');
});

it('leaves lines that look like headers as they are', () => {
  const edits = [{ path: '/p/a.sql', before: '-- old\t\n', after: '++ new\t\n' }];
  expect(unifiedDiff(edits, '/p')).toContain('--- old\t\n+++ new\t\n');
});

it('says what happens to each file', () => {
  const edits = [
    { path: '/p/n.ts', before: null, after: 'n' },
    { path: '/p/m.ts', before: 'm', after: 'M' },
    { path: '/p/d.ts', before: 'd', after: null },
  ];
  expect(summarise(edits, '/p').map(({ path, action }) => `${action} ${path}`)).toEqual([
    'create n.ts',
    'modify m.ts',
    'delete d.ts',
  ]);
});

it('does not print the snapshot of a whole schema', () => {
  const text = unifiedDiff(
    [{ path: '/p/drizzle/meta/0001_snapshot.json', before: null, after: '{\n}\n' }],
    '/p',
  );
  expect(text).toContain("+(3 lines: drizzle-kit's snapshot of the whole schema)");
});

it('is a patch that git applies: new and deleted files, CRLF, a missing last newline, spaces and umlauts in names', () => {
  const before = { 'a b/ä.ts': 'x\r\n-- c\r\ny', 'gone.ts': 'a\n', 'plain.ts': '1\n2\n3\n' };
  const root = makeTree(before);
  const edits = [
    { path: join(root, 'a b/ä.ts'), before: before['a b/ä.ts'], after: 'x\r\ny\r\n' },
    { path: join(root, 'gone.ts'), before: before['gone.ts'], after: null },
    { path: join(root, 'plain.ts'), before: before['plain.ts'], after: '1\n2\n3\n4' },
    { path: join(root, 'new folder/n.ts'), before: null, after: 'n\n' },
  ];
  execFileSync('git', ['apply', '-'], { cwd: root, input: unifiedDiff(edits, root) });
  expect(readFileSync(join(root, 'a b/ä.ts'), 'utf8')).toBe('x\r\ny\r\n');
  expect(readFileSync(join(root, 'plain.ts'), 'utf8')).toBe('1\n2\n3\n4');
  expect(treeOf(root)).toContain('new folder/n.ts');
  expect(treeOf(root)).not.toContain('gone.ts');
});

it('writes paths with slashes, relative to the project', () => {
  expect(posixRelative('/p/app', '/p/shared/x.ts')).toBe('../shared/x.ts');
});
