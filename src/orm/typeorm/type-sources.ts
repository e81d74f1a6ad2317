import { sep } from 'node:path';
import { readTextIfThere } from '../../read-regular-file.ts';
import type { ImportCandidates } from '../../project/imports.ts';
import type { SourceText } from '../../workspace/file-edit.ts';

/** So many files are followed, and so far. */
const MOST = 200;
const FARTHEST = 3;

/**
 * The files that EntitySchemas have their types from: nothing is left of such an import when it is compiled, so that the
 * data source does not load them. Files below `within` only.
 */
export async function typeSources(
  loaded: readonly SourceText[],
  candidates: ImportCandidates,
  within: string,
): Promise<readonly SourceText[]> {
  const known = new Set(loaded.map(({ path }) => path));
  const found: SourceText[] = [];
  let current = loaded.filter(({ text }) => /\bnew (?:\w+\.)?EntitySchema\b/.test(text));
  for (let step = 0; step < FARTHEST && current.length > 0; step += 1) {
    const next: SourceText[] = [];
    for (const { path, text } of current)
      for (const [, specifier = ''] of text.matchAll(IMPORT)) {
        if (found.length + next.length >= MOST) return [...found, ...next];
        const source = await firstFile(candidates(path, specifier), { known, within });
        if (source !== undefined) next.push(source);
      }
    found.push(...next);
    current = next;
  }
  return found;
}

const IMPORT = /^(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm;

async function firstFile(
  paths: readonly string[],
  { known, within }: { readonly known: Set<string>; readonly within: string },
): Promise<SourceText | undefined> {
  for (const path of paths) {
    if (known.has(path)) return undefined;
    if (!path.startsWith(within + sep) || !/\.[cm]?tsx?$/.test(path)) continue;
    const text = await readTextIfThere(path);
    if (text === undefined) continue;
    known.add(path);
    return { path, text };
  }
  return undefined;
}
