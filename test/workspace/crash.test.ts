import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { inWorkspace } from '../../src/workspace/session.ts';
import { makeTree, treeOf } from './tree.ts';

const ROUNDS = 40;

it(`a run killed at any of ${ROUNDS} random moments leaves the tree exactly as before or exactly as after`, async () => {
  const outside = makeTree({});
  const root = makeTree(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`src/file ${index}.ts`, `before ${index}\n`]),
    ),
  );
  const edits: FileEdit[] = [
    ...Array.from({ length: 12 }, (_, index) => ({
      path: join(root, `src/file ${index}.ts`),
      before: `before ${index}\n`,
      after: index === 3 ? null : `after ${index}\r\n`,
    })),
    ...Array.from({ length: 6 }, (_, index) => ({
      path: join(root, `new/deep ${index}/täble.ts`),
      before: null,
      after: `new ${index}`,
    })),
  ];
  const options = { root, repoRoot: root, dryRun: false, say: () => undefined };
  const write = (all: readonly FileEdit[]): Promise<void> => inWorkspace(options, (flush) => flush(all));
  const backwards = edits.map(({ path, before: from, after: to }) => ({ path, before: to, after: from }));
  const before = treeOf(root);
  await write(edits);
  const after = treeOf(root);
  await write(backwards);
  // Folders that a flush made stay when another flush deletes the files in them.
  const emptied = treeOf(root);
  const editsFile = join(outside, 'edits.json');
  writeFileSync(editsFile, JSON.stringify(edits));

  const seen = new Set<string>();
  // Milliseconds within which the kill falls: found by trying, since a busy machine is slower.
  let reach = 60;
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'flush-child.ts'), root, editsFile],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    await sleep(Math.random() * reach);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Now and then the next child puts it right, and may be killed while it does.
    if (round % 4 === 1) continue;
    await inWorkspace(options, async () => undefined);
    const tree = treeOf(root);
    seen.add(tree);
    expect([before, after, emptied]).toContain(tree);
    reach = tree === after ? reach / 1.5 : reach * 1.5;
    if (tree === after) await write(backwards);
  }
  expect(seen.size).toBeGreaterThan(1);
});
