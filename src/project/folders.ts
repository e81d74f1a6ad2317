import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TableplanError } from '../errors.ts';
import { TOP_MARKS } from '../link-out.ts';
import { readPackageJson } from './package-json.ts';

/**
 * The folder that a command is started in, by its real path: imports between packages go through links, and a file has to
 * have one name. Throws `project-not-found` where there is none.
 */
export async function realFolder(cwd: string): Promise<string> {
  const folder = await realpath(resolve(cwd)).catch(() => resolve(cwd));
  if (await isFolder(folder)) return folder;
  throw new TableplanError('project-not-found', `There is no folder ${folder}.`, {
    hint: 'Give the folder of the project with --cwd.',
  });
}

/** A folder and those above it, up to and with another. */
export function upwards(from: string, to: string): string[] {
  return from === to || dirname(from) === from ? [from] : [from, ...upwards(dirname(from), to)];
}

/** The nearest folder with a package.json, from `start` upwards; `start` itself where there is none. */
export async function packageFolder(start: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isFile(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** The top of the git repository or workspace that a folder belongs to, else its package's folder. */
export async function findRepoRoot(start: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const mark of TOP_MARKS) if (await exists(join(folder, mark))) return folder;
    // A package.json that is broken above the project is not the project's matter.
    const json = await readPackageJson(folder).catch(() => undefined);
    if (json?.workspaces !== undefined) return folder;
    if (dirname(folder) === folder) return packageFolder(start);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
