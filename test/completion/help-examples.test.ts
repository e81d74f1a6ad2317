import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { commitAll } from '../commands/review-project.ts';

const CLI = [process.execPath, '--import', 'tsx', resolve('src/cli.ts')];

function help(command: string): string {
  return execFileSync(CLI[0]!, [...CLI.slice(1), command, '--help'], { encoding: 'utf8' });
}

function examplesOf(command: string): string[] {
  const [, after = ''] = help(command).split('\nExamples:\n');
  return after.split('\n').flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []));
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tableplan help-'));
  cpSync('examples/drizzle-shop', root, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  commitAll(root);
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
});

function run(line: string): { status: number | null; stdout: string; stderr: string } {
  const script = `tableplan() { ${CLI.map((part) => `'${part}'`).join(' ')} "$@"; }; ${line}`;
  return spawnSync('bash', ['--norc', '-c', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', NODE_OPTIONS: '' },
  });
}

/** In this order: there is a run to be undone before undo. */
it.each(['explain', 'completion', 'init', 'review', 'docs', 'rehearse', 'migration', 'crud', 'undo'])(
  'the examples of tableplan %s --help work as they stand',
  { timeout: 600_000 },
  (command) => {
    const examples = examplesOf(command);
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.length).toBeLessThan(3);
    if (command === 'undo')
      expect(run("tableplan migration users 'fax:text' --no-rehearse --no-typecheck").status).toBe(0);
    for (const line of examples) {
      const { status, stderr, stdout } = run(line);
      expect(status, `${line}\n${stdout}\n${stderr}`).toBe(0);
    }
  },
);
