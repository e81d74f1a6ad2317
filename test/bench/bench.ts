import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { benchCommand } from './command.ts';
import { benchEdits, benchManyChanges } from './edits.ts';
import { benchHelp } from './help.ts';
import { ROUNDS } from './measure.ts';
import { benchRehearsal } from './rehearsal.ts';
import { benchReview } from './review.ts';
import { benchTypeorm } from './typeorm.ts';

/**
 * `npm run bench`: ratios of medians, both sides measured in this run on this machine, so that a figure means the
 * same on another one. Not a test: nothing passes or fails here. `npm run bench -- review help` measures only those.
 */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  edit: benchEdits,
  changes: benchManyChanges,
  command: benchCommand,
  rehearsal: benchRehearsal,
  review: benchReview,
  typeorm: benchTypeorm,
  help: benchHelp,
};

chmodSync(resolve('dist/cli.js'), 0o755);
console.log(`node ${process.version}, ${ROUNDS} rounds, medians\n`);
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
