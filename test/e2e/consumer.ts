import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { inject } from 'vitest';
import { consumerEnv } from './consumer-env.ts';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Consumer {
  readonly root: string;
  run(command: string, ...args: string[]): Run;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Every file's path and hash: equal texts mean an untouched tree. */
  fingerprint(): string;
  files(): string[];
}

/** A copy of an example as a project of its own, with the packed tableplan installed above it. */
export function consumerProject(example = 'drizzle-shop'): Consumer {
  const root = mkdtempSync(join(inject('consumer'), 'projects', `${example}-`));
  cpSync(resolve('examples', example), root, { recursive: true });
  writeFileSync(join(root, 'plopfile.mjs'), "export { default } from 'tableplan/plop';\n");
  return {
    root,
    run: (command, ...args) => {
      const done = spawnSync(command, args, {
        cwd: root,
        env: consumerEnv(),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { code: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => writeFileSync(join(root, path), text),
    files: () => listFiles(root),
    fingerprint: () =>
      listFiles(root)
        .map(
          (path) =>
            `${path} ${createHash('sha256')
              .update(readFileSync(join(root, path)))
              .digest('hex')}`,
        )
        .join('\n'),
  };
}

function listFiles(root: string): string[] {
  return (
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      // What `undo` and `--resume` remember is tableplan's own, and ignored by git.
      .filter((path) => !/^\.tableplan\/(?:(?:undo|drafts)\/|\.gitignore$)/.test(path))
      .toSorted()
  );
}
