import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { x } from 'tinyexec';
import { TableplanError } from '../errors.ts';

/** What has happened in a working tree since a commit: what is committed, staged, or only lies there. */
export interface GitChanges {
  /** The ref as it was asked for. */
  readonly ref: string;
  /** Changed and new files that are there, absolute. */
  readonly changed: ReadonlySet<string>;
  /** Files that are there no more, absolute. */
  readonly deleted: ReadonlySet<string>;
  /** The text of a file at that commit; undefined where it was not there. */
  textBefore(path: string): Promise<string | undefined>;
}

/**
 * The changes below `folder` since the commit at which the present branch left `ref`: what `ref` has got since then is not
 * this branch's doing. Throws `usage` for a ref that is none, and outside a repository.
 */
export async function changesSince(folder: string, ref: string): Promise<GitChanges> {
  refuseHostile(ref);
  const top = await topOf(folder);
  const base = await baseOf(top, ref);
  const below = relative(top, folder).split(sep).join('/') || '.';
  const [differing, untracked] = await Promise.all([
    git(top, ['diff', '--name-status', '--no-renames', '--no-ext-diff', '-z', base, '--', below]),
    git(top, ['ls-files', '--others', '--exclude-standard', '-z', '--', below]),
  ]);
  const states = inPairs(fields(differing.stdout));
  const absolute = (path: string): string => join(top, path);
  return {
    ref,
    changed: new Set(
      [...states.filter(([state]) => state !== 'D').map(([, path]) => path), ...fields(untracked.stdout)].map(
        absolute,
      ),
    ),
    deleted: new Set(states.filter(([state]) => state === 'D').map(([, path]) => absolute(path))),
    async textBefore(path) {
      const inRepository = relative(top, path).split(sep).join('/');
      const { exitCode, stdout } = await git(top, ['cat-file', 'blob', `${base}:${inRepository}`]);
      return exitCode === 0 ? stdout : undefined;
    },
  };
}

/**
 * A ref goes to git as an argument: nothing that git could take for an option, nothing that no ref can hold, and none of
 * the forms that stand for several commits (`^main`, `a..b`, `a^!`, `a^@`) or for a file (`HEAD:path`).
 */
function refuseHostile(ref: string): void {
  const isOneCommit = /^[^-^:]/.test(ref) && !/[\0-\x20\x7f:]|\.\.|\^[!@-]/.test(ref);
  if (!isOneCommit) throw noCommit(ref);
}

function noCommit(ref: string): TableplanError {
  return new TableplanError('usage', `--since needs one commit, and ${JSON.stringify(ref)} is none.`, {
    hint: 'Name a branch, a tag or a commit: --since origin/main',
  });
}

async function topOf(folder: string): Promise<string> {
  const { exitCode, stdout } = await git(folder, ['rev-parse', '--show-toplevel']);
  if (exitCode === 0) return realpath(stdout.replace(/\r?\n$/, ''));
  throw new TableplanError('usage', `${folder} is in no git repository: nothing can be told since a ref.`, {
    hint: 'Name files, or review --all.',
  });
}

async function baseOf(top: string, ref: string): Promise<string> {
  const found = await git(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (found.exitCode !== 0) {
    throw new TableplanError('usage', `git knows no commit ${ref}.`, {
      hint: 'Fetch it first; in CI that means a checkout with its history (actions/checkout: fetch-depth: 0).',
    });
  }
  const commit = found.stdout.trim();
  // Whatever form of a revision this may be: one object, and no flag beside it.
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw noCommit(ref);
  const fork = await git(top, ['merge-base', commit, 'HEAD']);
  return fork.exitCode === 0 ? fork.stdout.trim() : commit;
}

/** Nothing that the repository's own settings name is run, and nothing of its index is written. */
const HARMLESS = ['--no-optional-locks', '-c', 'core.fsmonitor=false'];

async function git(cwd: string, args: string[]): Promise<{ exitCode: number | undefined; stdout: string }> {
  try {
    const { exitCode, stdout } = await x('git', [...HARMLESS, ...args], {
      nodeOptions: { cwd, stdio: ['ignore', 'pipe', 'ignore'] },
      nodePath: false,
    });
    return { exitCode, stdout };
  } catch (cause) {
    throw new TableplanError('usage', `git cannot be run: ${(cause as Error).message}.`, {
      hint: '--since needs git. Name files, or review --all.',
      cause,
    });
  }
}

function fields(output: string): string[] {
  return output.split('\0').filter((field) => field !== '');
}

function inPairs(list: readonly string[]): (readonly [string, string])[] {
  return list.flatMap((item, index) => (index % 2 === 0 ? [[item, list[index + 1] ?? ''] as const] : []));
}

/** The files and links that git tracks at a path or below it, absolute: they came with the repository. None where git cannot say. */
export async function trackedAt(path: string): Promise<ReadonlySet<string>> {
  const folder = dirname(path);
  const found = await git(folder, ['ls-files', '-z', '--', basename(path)]).catch(() => undefined);
  return new Set(found?.exitCode === 0 ? fields(found.stdout).map((name) => join(folder, name)) : []);
}

/** The text of a file in the newest commit; undefined where it is not there, or git cannot say. */
export async function committedText(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const found = await git(folder, ['cat-file', 'blob', `HEAD:./${basename(path)}`]).catch(() => undefined);
  return found?.exitCode === 0 ? found.stdout : undefined;
}

/** Who works in a folder, by git's settings (`user.name`); undefined where git is missing or does not know. */
export async function userName(folder: string): Promise<string | undefined> {
  const found = await git(folder, ['config', 'user.name']).catch(() => undefined);
  const name = found?.exitCode === 0 ? found.stdout.trim() : '';
  return name === '' ? undefined : name;
}

/** Who brought a file into the repository, and on which day; undefined where no commit has. */
export async function addedBy(path: string): Promise<{ name: string; date: string } | undefined> {
  const args = [
    'log',
    '--diff-filter=A',
    '--no-show-signature',
    '--format=%an%x00%as',
    '-1',
    '--',
    basename(path),
  ];
  const found = await git(dirname(path), args).catch(() => undefined);
  const [name = '', date = ''] = found?.exitCode === 0 ? found.stdout.trim().split('\0') : [];
  return name === '' || date === '' ? undefined : { name, date };
}
