import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `npm run demo`: the main job on a copy of each bundled example; shows plan, diff, SQL and record. */
const repo = resolve(import.meta.dirname, '..');
const EXAMPLES = [
  { folder: 'drizzle-shop', plan: 'plans/products.yaml' },
  { folder: 'typeorm-shop', plan: 'plans/brands.yaml' },
] as const;

for (const example of EXAMPLES) show(example);

function show({ folder, plan }: (typeof EXAMPLES)[number]): void {
  const project = mkdtempSync(join(tmpdir(), 'tableplan-demo-'));
  try {
    cpSync(join(repo, 'examples', folder), project, { recursive: true });
    symlinkSync(join(repo, 'node_modules'), join(project, 'node_modules'));

    heading(`${folder}: the plan, ${plan}`);
    console.log(readFileSync(join(project, plan), 'utf8'));

    heading(`npx tableplan migration ${plan} --diff`);
    tableplan(project, 'migration', plan, '--diff');

    const before = new Set(readdirSync(join(project, 'docs/migrations')));
    heading(`npx tableplan migration ${plan}`);
    tableplan(project, 'migration', plan);

    const records = join(project, 'docs/migrations');
    for (const record of readdirSync(records).filter((name) => !before.has(name))) {
      heading(`The record: docs/migrations/${record}`);
      console.log(readFileSync(join(records, record), 'utf8'));
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function heading(text: string): void {
  console.log(`\n━━━ ${text}\n`);
}

function tableplan(project: string, ...args: string[]): void {
  execFileSync(process.execPath, ['--import', 'tsx', join(repo, 'src/cli.ts'), ...args, '--cwd', project], {
    cwd: repo,
    stdio: 'inherit',
  });
}
