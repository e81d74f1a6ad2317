import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withProjectLock } from '../../src/workspace/lock.ts';

/** Takes the lock of a project again and again, and writes down when it goes in and out. */
const [, , root = '', log = ''] = process.argv;

for (let round = 0; round < 40; round += 1) {
  await withProjectLock(root, { mode: 'write', say: () => undefined }, async () => {
    appendFileSync(log, `in ${process.pid}\n`);
    await sleep(1);
    appendFileSync(log, `out ${process.pid}\n`);
  });
}
