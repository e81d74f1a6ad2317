import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { linkOut } from '../link-out.ts';
import { readRegularText } from '../read-regular-file.ts';
import { glob } from 'tinyglobby';
import { TableplanError } from '../errors.ts';
import { isFolder } from './folders.ts';
import type { ProjectBase } from './project.ts';

/** Where coding assistants look for skills, as far as projects have such a folder. */
const SKILL_FOLDERS = [
  '.agents',
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.github',
  '.opencode',
  '.windsurf',
];

/** A text as it lies on disk; null where there is none. Throws `file-not-writable` or `file-not-readable` for
 * what is no readable file. */
export async function textOrNull(path: string): Promise<string | null> {
  return readRegularText(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    if (cause instanceof TableplanError && cause.cause === undefined) throw cause;
    throw new TableplanError('file-not-writable', `${path} cannot be read: ${cause.message}.`, {
      hint: 'Nothing was written. Make it a file that can be read, or take it away.',
      at: { file: path },
      cause,
    });
  });
}

/** Files of a folder by name, sorted; none where it is not there. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/**
 * The READMEs below a project, relative to it, sorted; what tools install or build is left out, and of `docs` all but those
 * of modules (`docs/modules/products-README.md`).
 */
export async function readmesBelow(root: string): Promise<string[]> {
  const options = { cwd: root, caseSensitiveMatch: false, followSymbolicLinks: false };
  const apart = await glob('docs/modules/*-readme.md', options);
  const found = await glob('**/readme.md', {
    ...options,
    ignore: [
      '**/{node_modules,dist,build,out,coverage,vendor,test,tests,__tests__,e2e,fixtures}/**',
      'docs/**',
    ],
  });
  return [...found, ...apart]
    .filter((path) => linkOut(join(root, path)) === undefined)
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();
}

/** The `skills` folders of a project and of its repository; one that links to another counts once. Absolute paths. */
export async function skillFolders({ root, repoRoot }: ProjectBase): Promise<string[]> {
  const folders: string[] = [];
  const seen = new Set<string>();
  for (const base of new Set([root, repoRoot])) {
    for (const name of SKILL_FOLDERS) {
      const folder = join(base, name, 'skills');
      const real = (await isFolder(folder)) ? await realpath(folder) : undefined;
      // A link to the skills that a person has for all projects is not this project's.
      if (real === undefined || seen.has(real) || linkOut(folder) !== undefined) continue;
      seen.add(real);
      folders.push(folder);
    }
  }
  return folders;
}

/** The plopfile that loads tableplan, by name; undefined where there is none. */
export async function tableplanPlopfile(root: string): Promise<string | undefined> {
  for (const name of await filesIn(root)) {
    if (!/^plopfile\.[cm]?[jt]s$/.test(name)) continue;
    if ((await textOrNull(join(root, name)))?.includes('tableplan')) return name;
  }
  return undefined;
}
