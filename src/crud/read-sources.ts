import { stat } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { withoutCompiled } from '../project/source-file.ts';
import { readRegularText } from '../read-regular-file.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** What no person writes, or what is no part of the application. */
export const NO_SOURCES = [
  '**/{node_modules,dist,build,out,coverage,.next,.git,.tableplan}/**',
  '**/*.d.{ts,mts,cts}',
];
/** Longer files are data or bundles. */
const LONGEST_SOURCE = 512 * 1024;

/** The TypeScript and JavaScript files of a package, absolute → text; what `edits` stages there instead of what lies on disk. */
export async function readSources(
  root: string,
  edits: readonly FileEdit[],
): Promise<ReadonlyMap<string, string>> {
  const found = await glob('**/*.{ts,tsx,mts,cts,js,mjs,cjs}', {
    cwd: root,
    absolute: true,
    ignore: NO_SOURCES,
  });
  const texts = await Promise.all(
    withoutCompiled(found.toSorted()).map(async (path) => {
      const { size } = await stat(path);
      return [path, size > LONGEST_SOURCE ? undefined : await readRegularText(path)] as const;
    }),
  );
  const sources = new Map(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
  for (const { path, after } of edits) {
    if (after === null) sources.delete(path);
    else if (/\.[cm]?[jt]sx?$/.test(path)) sources.set(path, after);
  }
  return sources;
}
