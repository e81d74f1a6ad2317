import { readFileSync } from 'node:fs';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { flush } from '../../src/workspace/flush.ts';
import { withProjectLock } from '../../src/workspace/lock.ts';

/** Flushes the edits of a JSON file and kills itself, as `kill -9` does, before it writes the one of that number. */
const [, , root = '', repoRoot = '', editsFile = '', dies = ''] = process.argv;
const edits = JSON.parse(readFileSync(editsFile, 'utf8')) as FileEdit[];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let looks = 0;
/** A flush looks at its signal before each file. */
const signal = Object.assign(new AbortController().signal, {
  throwIfAborted() {
    if (looks === Number(dies)) process.kill(process.pid, 'SIGKILL');
    looks += 1;
  },
});

await withProjectLock(root, { mode: 'write', say }, () => flush(edits, { root, repoRoot, say, signal }));
