import { spawnSync } from 'node:child_process';
import { globSync } from 'tinyglobby';
import { KILLS, MATRIX } from './matrix-files.ts';

// `npm run test:matrix`: the slow matrices and the whole projects, a few files at a time. With MATRIX_MINUTES no further files are
// started once so many minutes have gone: CI is stopped from outside after a time, and then says nothing at all. What was not run is
// named; it counts as neither passed nor failed.

const PROJECTS = ['projects', 'matrix', 'kills'];

/** Each start of vitest costs seconds, each file of a batch minutes. */
const BATCH = 6;

const started = Date.now();
const limit = Number(process.env['MATRIX_MINUTES'] ?? Number.POSITIVE_INFINITY);
const minutes = (): number => (Date.now() - started) / 60_000;

// The projects first: they take the whole way, and show most.
const files = [
  ...globSync('test/projects/**/*.test.ts').toSorted(),
  ...globSync([...MATRIX]).toSorted(),
  ...KILLS,
];
const failed: string[] = [];
let next = 0;
for (; next < files.length && minutes() < limit; next += BATCH) {
  const batch = files.slice(next, next + BATCH);
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', ...PROJECTS.flatMap((name) => ['--project', name]), ...batch],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) failed.push(...batch);
}
const left = files.slice(next);
console.log(
  `\nmatrix: ${files.length - left.length} of ${files.length} files run in ${minutes().toFixed(1)} minutes`,
);
if (failed.length > 0) console.log(`failed, or beside one that failed: ${failed.join(' ')}`);
if (left.length > 0)
  console.log(`NOT RUN, for the ${limit} minutes of MATRIX_MINUTES were over: ${left.join(' ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
