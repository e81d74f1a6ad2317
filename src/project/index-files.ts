import { join } from 'node:path';
import { readTextIfThere } from '../read-regular-file.ts';
import type { SourceText } from '../workspace/file-edit.ts';

/**
 * Index files that pass files of their folder on. A glob that leaves them out loads what they name past them, and yet a new
 * file belongs into them.
 */
export async function indexFilesIn(
  folders: Iterable<string>,
  isKnown: (path: string) => boolean,
): Promise<SourceText[]> {
  const paths = [...new Set(folders)].flatMap((folder) =>
    ['index.ts', 'index.mts'].map((name) => join(folder, name)),
  );
  const read = paths
    .filter((path) => !isKnown(path))
    .map(async (path): Promise<SourceText[]> => {
      const text = await readTextIfThere(path);
      return text !== undefined && /^export\s[^;]*?\bfrom\s*['"]\.\//m.test(text) ? [{ path, text }] : [];
    });
  return (await Promise.all(read)).flat();
}
