import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { inWorkspace } from '../../src/workspace/session.ts';
import { makeTree } from './tree.ts';

export interface KilledRun {
  readonly root: string;
  readonly repoRoot?: string;
  readonly edits: readonly FileEdit[];
  /** How many files were written by then. */
  readonly written: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A flush that was killed in the middle, in a process of its own. Returns what that said. */
export function killedRun({ root, repoRoot = root, edits, written, env = {} }: KilledRun): string {
  const file = join(makeTree({}), 'edits.json');
  writeFileSync(file, JSON.stringify(edits));
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'killed-child.ts'), root, repoRoot, file, String(written)],
    { env: { ...process.env, ...env }, encoding: 'utf8' },
  );
  if (signal !== 'SIGKILL') throw new Error(`It was not killed: ${stderr}`);
  return stdout;
}

/** The next command in the project; returns what it said. */
export async function nextRun(root: string, repoRoot = root): Promise<string[]> {
  const said: string[] = [];
  await inWorkspace({ root, repoRoot, dryRun: true, say: (line) => said.push(line) }, async () => undefined);
  return said;
}
