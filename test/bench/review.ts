import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { makeTree } from '../workspace/tree.ts';
import { command, line, medians, peakMemory } from './measure.ts';

const FILES = 1000;

/** Statements as migrations have them; each file has four. */
const STATEMENTS = [
  (n: number) =>
    `CREATE TABLE "t_${n}" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "name" varchar(100) NOT NULL);`,
  (n: number) => `ALTER TABLE "t_${n}" ADD COLUMN "price_${n}" numeric(10, 2) DEFAULT '0' NOT NULL;`,
  (n: number) => `CREATE INDEX "t_${n}_name_idx" ON "t_${n}" USING btree ("name");`,
  (n: number) =>
    `ALTER TABLE "old_${n}" ADD CONSTRAINT "old_${n}_fk" FOREIGN KEY ("t_id") REFERENCES "t_${n}"("id");`,
];

/** The review of many files, against squawk's npm command on the same ones. */
export async function benchReview(): Promise<void> {
  console.log(`review: ${FILES} files, against npx squawk (aim ≤ 3, ≤ 1.5 where they were reviewed before)`);
  const root = makeTree({ 'package.json': '{"private":true}' }, 'tableplan bench-review-');
  mkdirSync(join(root, 'sql'));
  const files = Array.from({ length: FILES }, (_, n) => {
    const file = `sql/${String(n).padStart(4, '0')}.sql`;
    writeFileSync(join(root, file), STATEMENTS.map((statement) => statement(n)).join('\n'));
    return file;
  });
  const review = [process.execPath, resolve('dist/cli.js'), 'review', 'sql'] as const;
  const cold = [...review, '--no-cache'] as const;
  const squawk = installed(root);
  if (squawk === undefined) console.log('  squawk cannot be installed here: the bare times of ours');
  const [ours, again, theirs] = medians([
    () => command(root, cold, [0, 1]),
    () => command(root, review, [0, 1]),
    () => (squawk ? command(root, [...squawk, ...files], [0, 1]) : undefined),
  ]);
  line('cold', ours, squawk ? theirs : ours);
  line('reviewed before', again, squawk ? theirs : ours);
  const peak = await peakMemory(root, cold);
  if (peak !== undefined) console.log(`  peak memory: ${peak.toFixed(0)} MB`);
  for (const count of [10_000, 100_000]) await benchLongFile(root, count);
  rmSync(root, { recursive: true, force: true });
  console.log();
}

/** Parses a file line by line in pieces, as the reviewer does, and nothing more. */
const PARSE = `
import { readFileSync } from 'node:fs';
import { loadModule, parseSync } from ${JSON.stringify(resolve('node_modules/libpg-query/wasm/index.js'))};
await loadModule();
const lines = readFileSync(process.argv[2], 'utf8').split('\\n');
for (let at = 0; at < lines.length; at += 150) parseSync(lines.slice(at, at + 150).join('\\n'));
`;

/** One file of many statements, against parsing alone. */
async function benchLongFile(root: string, count: number): Promise<void> {
  const file = `long-${count}.sql`;
  const sql = Array.from({ length: count }, (_, n) => STATEMENTS[n % STATEMENTS.length]!(n)).join('\n');
  writeFileSync(join(root, file), sql);
  writeFileSync(join(root, 'parse.mjs'), PARSE);
  const review = [process.execPath, resolve('dist/cli.js'), 'review', file, '--no-cache'] as const;
  const [ours, parsing] = medians([
    () => command(root, review, [0, 1]),
    () => command(root, [process.execPath, 'parse.mjs', file], [0]),
  ]);
  line(`${count.toLocaleString('en')} statements, against parsing alone`, ours, parsing);
  const peak = await peakMemory(root, review);
  if (peak !== undefined) console.log(`  peak memory: ${peak.toFixed(0)} MB`);
}

/** squawk's bin as npx finds it, in a folder of its own; undefined without a registry. */
function installed(root: string): readonly [string, ...string[]] | undefined {
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', 'squawk-cli@2'], {
      cwd: root,
      env: consumerEnv(),
      stdio: 'ignore',
    });
    return ['npx', 'squawk'];
  } catch {
    return undefined;
  }
}
