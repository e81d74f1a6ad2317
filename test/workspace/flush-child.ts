import { readFileSync } from 'node:fs';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { inWorkspace } from '../../src/workspace/session.ts';

/** Flushes the edits of a JSON file again and again, so that a test can kill it at any moment. */
const [, , root = '', editsFile = ''] = process.argv;
const forwards = JSON.parse(readFileSync(editsFile, 'utf8')) as FileEdit[];
const backwards = forwards.map(({ path, before, after }) => ({ path, before: after, after: before }));
const options = { root, repoRoot: root, dryRun: false, say: () => undefined };

process.stdout.write('ready');
await inWorkspace(options, async () => undefined);
const [first] = forwards;
let forward = first !== undefined && readFileSync(first.path, 'utf8') === first.before;
for (let round = 0; round < 1000; round += 1) {
  const edits = forward ? forwards : backwards;
  await inWorkspace(options, (flush) => flush(edits));
  forward = !forward;
}
