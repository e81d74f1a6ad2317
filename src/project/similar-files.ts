import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { readTextIfThere } from '../read-regular-file.ts';

export interface SimilarFile {
  readonly path: string;
  readonly text: string;
}

/** So many show how a folder is written. */
const ENOUGH = 2;
/** So many files, and of a folder's folders so many, are looked at. */
const MOST_LOOKED_AT = 12;
/** Longer and shorter ones show less or cost more. */
const USUAL_SIZE = { least: 120, most: 60_000 };

/**
 * Files of the project like one that is to be made, nearest folder first: with the same ending, in its folder, in the
 * folders beside it, and so on up to the root.
 */
export async function similarFiles(path: string, root: string): Promise<readonly SimilarFile[]> {
  const found: SimilarFile[] = [];
  let below = '';
  for (let folder = dirname(path); isWithin(folder, root); folder = dirname(folder)) {
    for (const candidate of await candidatesIn(folder, { path, below })) {
      const text = await readTextIfThere(candidate).catch(() => undefined);
      if (text === undefined || text.length < USUAL_SIZE.least || text.length > USUAL_SIZE.most) continue;
      found.push({ path: candidate, text });
      if (found.length === ENOUGH) return found;
    }
    if (found.length > 0) return found;
    below = folder;
  }
  return found;
}

function isWithin(folder: string, root: string): boolean {
  return !relative(root, folder).startsWith('..');
}

/** Of the same last ending (`.schema.ts` before `.ts`), in a folder and in the folders of it. */
async function candidatesIn(
  folder: string,
  { path, below }: { readonly path: string; readonly below: string },
): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = filesOf(entries, folder);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$|dist$|build$)/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .filter((each) => each !== below)
    .slice(0, MOST_LOOKED_AT);
  const inner = await Promise.all(
    folders.map(async (each) => filesOf(await readdir(each, { withFileTypes: true }).catch(() => []), each)),
  );
  const alike = [...own, ...inner.flat()].filter(
    (each) => each !== path && extname(each) === extname(path) && !basename(each).startsWith('index.'),
  );
  const ending = basename(path).replace(/^[^.]*/, '');
  return [
    ...alike.filter((each) => each.endsWith(ending)),
    ...alike.filter((each) => !each.endsWith(ending)),
  ].slice(0, MOST_LOOKED_AT);
}

function filesOf(entries: readonly { name: string; isFile(): boolean }[], folder: string): string[] {
  return entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
}
