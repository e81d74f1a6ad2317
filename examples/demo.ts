import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `npm run demo`: the main job on a copy of the bundled example; shows plan, diff, SQL and record. */
const repo = resolve(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'tableplan-demo-'));

try {
  cpSync(join(repo, 'examples/drizzle-shop'), project, { recursive: true });
  symlinkSync(join(repo, 'node_modules'), join(project, 'node_modules'));

  heading('The plan: plans/products.yaml');
  console.log(readFileSync(join(project, 'plans/products.yaml'), 'utf8'));

  heading('npx tableplan migration plans/products.yaml --diff');
  tableplan('migration', 'plans/products.yaml', '--diff');

  heading('npx tableplan migration plans/products.yaml');
  tableplan('migration', 'plans/products.yaml');

  const records = join(project, 'docs/migrations');
  for (const record of readdirSync(records)) {
    heading(`The record: docs/migrations/${record}`);
    console.log(readFileSync(join(records, record), 'utf8'));
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}

function heading(text: string): void {
  console.log(`\n━━━ ${text}\n`);
}

function tableplan(...args: string[]): void {
  execFileSync(process.execPath, ['--import', 'tsx', join(repo, 'src/cli.ts'), ...args, '--cwd', project], {
    cwd: repo,
    stdio: 'inherit',
  });
}
