import { execFileSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { join } from 'node:path';
import { inWorkspace } from '../../src/workspace/session.ts';
import { makeTree, treeOf } from './tree.ts';

const root = makeTree({});

/** A disk of 64 kB, which only root can make; elsewhere the test is skipped. */
const hasDisk = ((): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

afterAll(() => hasDisk && execFileSync('umount', [root]));

it.runIf(hasDisk)('a disk that is full leaves everything as it was, and the message says so', async () => {
  const write = (path: string, after: string): Promise<void> =>
    inWorkspace({ root, repoRoot: root, dryRun: false, say: () => undefined }, (flush) =>
      flush([
        { path: join(root, `${path}/small.sql`), before: null, after: 'select 1;' },
        { path: join(root, `${path}/large.sql`), before: null, after },
      ]),
    );
  await write('a', 'fits');
  const before = treeOf(root);
  await expect(write('b', 'x'.repeat(100_000))).rejects.toMatchObject({
    code: 'file-not-writable',
    message: 'Writing failed: the disk is full.',
    hint: 'Nothing was written; every file is as it was. Free some space and run the command again.',
  });
  expect(treeOf(root)).toBe(before);
  await write('b', 'fits too');
  expect(treeOf(root)).toContain('b/large.sql');
});
