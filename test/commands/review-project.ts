import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type ReviewCommandOptions,
  type ReviewOutcome,
  runReviewCommand,
} from '../../src/commands/review.ts';
import { makeTree } from '../workspace/tree.ts';

const CONFIG = "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };\n";

/** A project with these migrations (tag → SQL), its own node_modules and the real drizzle-kit in it. */
export function reviewProject(
  migrations: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): string {
  const sql = Object.entries(migrations).map(([tag, text]) => [`drizzle/${tag}.sql`, text] as const);
  const root = makeTree(
    {
      'package.json': JSON.stringify({ name: 'shop', private: true, type: 'module' }),
      'drizzle.config.ts': CONFIG,
      'drizzle/meta/_journal.json': journal(Object.keys(migrations)),
      '.gitignore': 'node_modules\n',
      ...Object.fromEntries(sql),
      ...files,
    },
    'tableplan review-',
  );
  mkdirSync(join(root, 'node_modules'));
  for (const name of ['drizzle-kit', 'drizzle-orm'])
    symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
  return root;
}

export function journal(tags: readonly string[], whens: readonly number[] = []): string {
  const entries = tags.map((tag, idx) => ({
    idx,
    version: '7',
    when: whens[idx] ?? 1_700_000_000_000 + idx,
    tag,
    breakpoints: true,
  }));
  return JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2);
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export function git(root: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: root, stdio: 'pipe' });
}

/** The project as a repository with everything committed on `main`. */
export function commitAll(root: string): void {
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'start');
}

export function reviewed(cwd: string, options: Partial<ReviewCommandOptions> = {}): Promise<ReviewOutcome> {
  return runReviewCommand({ cwd, files: [], all: false, failOn: 'warning', cache: true, ...options });
}

/** `file rule` of every error and warning; matters of taste are not what these tests are about. */
export function told({ findings }: ReviewOutcome): string[] {
  return findings.filter(({ severity }) => severity !== 'info').map(({ file, rule }) => `${file} ${rule}`);
}
