import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { linkEmptyDatabases } from '../orm/typeorm/project.ts';

/** The examples that a hostile repository pretends to be. */
export const ORMS = ['drizzle', 'typeorm'] as const;
export type Orm = (typeof ORMS)[number];

/** A repository of somebody else's, with a folder outside that it aims at. */
export interface Hostile {
  readonly root: string;
  readonly orm: Orm;
  /** Writes files of the repository, text by path. */
  put(files: Readonly<Record<string, string>>): void;
  /** A symbolic link in the repository, in place of what is there; `to` is absolute. */
  link(path: string, to: string): void;
  /** The path of a file outside as seen from the project, with `/`. */
  from(path: string): string;
}

const PACKAGES: Readonly<Record<Orm, readonly string[]>> = {
  drizzle: ['drizzle-kit', 'drizzle-orm', 'esbuild'],
  typeorm: ['typeorm', 'pg', 'reflect-metadata', '@types/node'],
};
const CACHE = 'node_modules/.cache/tableplan';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A copy of the example in git, to which `forge` adds what is hostile; what its folder has is committed. */
export async function hostileRepository(orm: Orm, forge: (hostile: Hostile) => void): Promise<Hostile> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tableplan hostile-')));
  roots.push(root);
  cpSync(resolve('examples', `${orm}-shop`), root, { recursive: true });
  // Packages are there as after `npm ci`; what lies beside them may come with the repository.
  for (const name of [...PACKAGES[orm], 'typescript', 'prettier']) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
  }
  await linkEmptyDatabases(join(root, CACHE));
  const hostile: Hostile = {
    root,
    orm,
    put(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    link(path, to) {
      rmSync(join(root, path), { recursive: true, force: true });
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(to, join(root, path));
    },
    from: (path) => relative(root, path).replaceAll('\\', '/'),
  };
  forge(hostile);
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A', '-f', '--', '.', ':!node_modules');
  git('commit', '-qm', 'start');
  return hostile;
}
