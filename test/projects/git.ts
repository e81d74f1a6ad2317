import { execFileSync } from 'node:child_process';

const WHO = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'core.autocrlf=false'];

function git(root: string, ...args: string[]): string {
  return execFileSync('git', [...WHO, ...args], { cwd: root, encoding: 'utf8' });
}

/** All that is in the repository is its state from now on. */
export function commit(root: string): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'state');
}

/** Texts that a person does not read line by line in a review: they are named only. */
const NAMED_ONLY = [':!*.json', ':!docs/migrations/*', ':!**/docs/migrations/*'];

/** What a maintainer is asked to merge: every file by name, then the lines of sources and SQL. Empty where nothing changed. */
export function difference(root: string): string {
  git(root, 'add', '-A');
  const names = git(root, 'diff', '--cached', '--no-renames', '--name-status');
  const lines = git(root, 'diff', '--cached', '--no-renames', '-U2', '--', '.', ...NAMED_ONLY);
  return [names, lines.replaceAll(/^(index|diff|new file|deleted file) .*\n/gm, '')].join('\n').trim();
}
