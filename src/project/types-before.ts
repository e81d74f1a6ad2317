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

/**
 * Runs `check` in a copy of the project in which these edits were not made, or are made already, and takes the copy away again. It lies in
 * tableplan's own folder, at the same depth below a copy of the repository's top, so that packages, base configs and
 * neighbours are found as before; of packages there are links. Undefined where the project is too large for that, or an
 * edited source lies behind a link.
 */
export async function inCopy<Result>(
  { root, repoRoot }: { readonly root: string; readonly repoRoot: string },
  { edits, image }: { readonly edits: readonly FileEdit[]; readonly image: Image },
  check: (copy: { readonly root: string }) => Promise<Result>,
): Promise<Result | undefined> {
  await makeOwnFolder(root);
  const top = await mkdtemp(join(ownFolder(root), 'types-'));
  try {
    const copy = await linkedDownTo(top, repoRoot, root);
    const budget = { files: MOST_FILES };
    if (!(await copied(root, copy, budget))) return undefined;
    for (const edit of edits) {
      const { path } = edit;
      const text = edit[image];
      const place = join(copy, relative(root, path));
      if (!SOURCE.test(basename(path))) continue;
      if (!place.startsWith(`${copy}${sep}`)) {
        // Neighbours are links to the project's own.
        if (image === 'after') return undefined;
        continue;
      }
      // Behind a link lies the project's own file.
      if (await linkOnTheWay(copy, place)) return undefined;
      await rm(place, { force: true });
      if (text === null) continue;
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, text);
    }
    return await check({ root: copy });
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

/** The folders from the repository's top to the project, in each the links to all that lies beside. */
async function linkedDownTo(top: string, repoRoot: string, root: string): Promise<string> {
  let [from, to] = [repoRoot, top];
  for (const name of relative(repoRoot, root).split(sep).filter(Boolean)) {
    const others = (await readdir(from)).filter((other) => other !== name && !LEFT_OUT.test(other));
    await Promise.all(others.map((other) => symlink(join(from, other), join(to, other))));
    [from, to] = [join(from, name), join(to, name)];
    await mkdir(to);
  }
  return to;
}

/** Copies what a compiler reads; false where that is too much. */
async function copied(from: string, to: string, budget: { files: number }): Promise<boolean> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.test(entry.name)) continue;
    if (entry.isSymbolicLink() || LINKED.test(entry.name)) await symlink(source, target);
    else if (entry.isDirectory()) {
      await mkdir(target);
      if (!(await copied(source, target, budget))) return false;
    } else if (SOURCE.test(basename(entry.name))) {
      budget.files -= 1;
      if (budget.files < 0) return false;
      await cp(source, target);
    }
  }
  return true;
}
