import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTextIfThere } from '../read-regular-file.ts';
import type { SourceText } from '../workspace/file-edit.ts';
import { isSource } from './source-file.ts';

/**
 * Drizzle's relations of the tables in a file of their own, in the folders of the schema sources or the ones above: only
 * queries need them, so that configs leave them out. `resolve` gives the schema source that a specifier means.
 */
export async function relationsFilesBeside(
  entries: readonly string[],
  isKnown: (path: string) => boolean,
  resolve: (from: string, specifier: string) => string | undefined,
): Promise<SourceText[]> {
  const folders = new Set(entries.flatMap((path) => [dirname(path), dirname(dirname(path))]));
  const paths = await Promise.all([...folders].map(sourcesIn));
  const read = paths
    .flat()
    .filter((path) => !isKnown(path))
    .map(async (path): Promise<SourceText[]> => {
      const text = await readTextIfThere(path);
      if (text === undefined || !isOfRelations(text)) return [];
      const specifiers = [...text.matchAll(/\bfrom\s*['"]([^'"]+)['"]/g)].map(
        ([, specifier = '']) => specifier,
      );
      return specifiers.some((specifier) => resolve(path, specifier) !== undefined) ? [{ path, text }] : [];
    });
  return (await Promise.all(read)).flat();
}

function isOfRelations(text: string): boolean {
  return /\brelations\(/.test(text) && /\bfrom\s*['"]drizzle-orm['"]/.test(text);
}

async function sourcesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return files
    .filter((file) => file.isFile() && isSource(file.name) && !/\.(?:test|spec)\.\w+$/.test(file.name))
    .map(({ name }) => join(folder, name));
}
