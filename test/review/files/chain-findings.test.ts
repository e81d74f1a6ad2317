import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReviewCommand } from '../../../src/commands/review.ts';
import { drizzleKit, makeProject } from '../../round-trip/project.ts';

const reviewed = async (cwd: string, all: boolean) => {
  const { findings } = await runReviewCommand({ cwd, files: [], all, failOn: 'error', cache: false });
  return findings.filter(({ rule }) => rule === 'snapshot-chain');
};

it('the review of a project says that its newest migration has no snapshot, and what the next generate would do', async () => {
  const root = makeProject();
  expect(await reviewed(root, false)).toEqual([]);
  drizzleKit(root, 'generate', '--custom', '--name', 'more');
  writeFileSync(join(root, 'drizzle/0001_more.sql'), 'SELECT 1;');
  expect(await reviewed(root, true)).toEqual([]);
  rmSync(join(root, 'drizzle/meta/0001_snapshot.json'));
  for (const all of [true, false]) {
    expect(await reviewed(root, all)).toEqual([
      expect.objectContaining({
        severity: 'error',
        file: 'drizzle/meta/0001_snapshot.json',
        message: expect.stringContaining('repeat its changes') as string,
        fix: expect.stringContaining('version control') as string,
      }),
    ]);
  }
});
