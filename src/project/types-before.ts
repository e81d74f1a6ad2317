import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { linkOnTheWay } from '../workspace/own/links.ts';
import { makeOwnFolder, ownFolder } from '../workspace/own-folder.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** Folders that hold no sources; packages are linked. */
const LINKED = /^node_modules$/;
const LEFT_OUT = /^(\.git|\.tableplan|\.next|\.turbo|coverage)$/;
/** What a compiler reads. */
const SOURCE = /\.([cm]?[jt]sx?|json|vue|svelte|astro)$/;
/** A project with more files than this is not copied for a comparison. */
const MOST_FILES = 20_000;

/** Which text of the edited files a copy has. */
export type Image = 'before' | 'after';

/** Folders that are copied, below the top of the repository. */
interface Copied {
  readonly root: string;
  readonly repoRoot: string;
  /** A package beside the project that imports it by its name: in the copy it is the copied one. */
  readonly dependent?: { readonly root: string; readonly imports: string } | undefined;
}

/**
 * Runs `check` in a copy of the project in which these edits were not made, or are made already, and takes the copy away again. It lies in
 * tableplan's own folder, at the same depth below a copy of the repository's top, so that packages, base configs and
 * neighbours are found as before; of packages there are links. Undefined where the project is too large for that, or an
 * edited source lies behind a link.
 */
export async function inCopy<Result>(
  { root, repoRoot, dependent }: Copied,
  { edits, image }: { readonly edits: readonly FileEdit[]; readonly image: Image },
  check: (copy: { readonly root: string }) => Promise<Result>,
): Promise<Result | undefined> {
  await makeOwnFolder(root);
  const top = await mkdtemp(join(ownFolder(root), 'types-'));
  const copyOf = (path: string): string => join(top, relative(repoRoot, path));
  const roots = [root, ...(dependent === undefined ? [] : [dependent.root])];
  try {
    const copying: Copying = {
      roots,
      budget: { files: MOST_FILES },
      copied: new Map(dependent === undefined ? [] : [[dependent.imports, copyOf(root)]]),
    };
    if (!(await copyDownTo(repoRoot, top, copying))) return undefined;
    for (const edit of edits) {
      const { path } = edit;
      const text = edit[image];
      if (!SOURCE.test(basename(path))) continue;
      const owner = roots.find((each) => path.startsWith(`${each}${sep}`));
      if (owner === undefined) {
        // Neighbours are links to the project's own.
        if (image === 'after') return undefined;
        continue;
      }
      const place = copyOf(path);
      // Behind a link lies the project's own file.
      if (await linkOnTheWay(copyOf(owner), place)) return undefined;
      await rm(place, { force: true });
      if (text === null) continue;
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, text);
    }
    return await check({ root: copyOf(root) });
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

interface Copying {
  readonly roots: readonly string[];
  readonly budget: { files: number };
  /** Package → its copy, for which `node_modules` has a link to the project's own. */
  readonly copied: ReadonlyMap<string, string>;
}

/** The folders from the repository's top to what is copied, in each the links to all that lies beside; false where that is too much. */
async function copyDownTo(from: string, to: string, copying: Copying): Promise<boolean> {
  if (copying.roots.includes(from)) return copied(from, to, copying);
  for (const name of await readdir(from)) {
    if (LEFT_OUT.test(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (LINKED.test(name)) await linkPackages(source, target, copying);
    else if (copying.roots.some((root) => `${root}${sep}`.startsWith(`${source}${sep}`))) {
      await mkdir(target);
      if (!(await copyDownTo(source, target, copying))) return false;
    } else await symlink(source, target);
  }
  return true;
}

/** A folder of packages: one link, or one for each where some of them are copied. `@acme` is such a folder in `node_modules`. */
async function linkPackages(from: string, to: string, copying: Copying, scope = ''): Promise<void> {
  const names = await readdir(from);
  const isOfCopy = (name: string): boolean =>
    [...copying.copied.keys()].some((each) => each === scope + name || each.startsWith(`${scope}${name}/`));
  if (!names.some(isOfCopy)) return symlink(from, to);
  await mkdir(to);
  for (const name of names) {
    const copy = copying.copied.get(scope + name);
    if (copy !== undefined) await symlink(copy, join(to, name));
    else if (isOfCopy(name))
      await linkPackages(join(from, name), join(to, name), copying, `${scope}${name}/`);
    else await symlink(join(from, name), join(to, name));
  }
}

/** Copies what a compiler reads; false where that is too much. */
async function copied(from: string, to: string, copying: Copying): Promise<boolean> {
  const { budget } = copying;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.test(entry.name)) continue;
    if (LINKED.test(entry.name) && entry.isDirectory()) await linkPackages(source, target, copying);
    else if (entry.isSymbolicLink() || LINKED.test(entry.name)) await symlink(source, target);
    else if (entry.isDirectory()) {
      await mkdir(target);
      if (!(await copied(source, target, copying))) return false;
    } else if (SOURCE.test(basename(entry.name))) {
      budget.files -= 1;
      if (budget.files < 0) return false;
      await cp(source, target);
    }
  }
  return true;
}
