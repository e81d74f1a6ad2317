import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Prettier from 'prettier';
import { readPackageJson } from './scripts.ts';

export interface FormatOptions {
  readonly root: string;
  /** Format with tableplan's own prettier where the project has none (the record); else leave the text as it is. */
  readonly always: boolean;
}

/**
 * A new file as the project's own prettier would write it, with the config that it finds for that path. A project
 * that does not use prettier keeps the text, which was written after its neighbours. Never throws: formatting is no
 * reason to stop.
 */
export async function formatNewFile(text: string, path: string, options: FormatOptions): Promise<string> {
  try {
    if (!options.always && !(await usesPrettier(path))) return text;
    const found = await formatterFor(path, options);
    return found === undefined ? text : await found.prettier.format(text, found.settings);
  } catch {
    return text;
  }
}

/** A longer file is not formatted: prettier takes half a second for so many lines, and more than twice that cold. */
const MOST_LINES = 2000;

/**
 * The new text of an existing file. Where the old one is just as the project's prettier writes it, so will the new one
 * be: that can only move what was edited. A file that is not (or is ignored, or has more than 2000 lines, or belongs to
 * a project without prettier) keeps each of its lines. Never throws.
 */
export async function formatEditedFile(
  { before, after }: { readonly before: string; readonly after: string },
  path: string,
  root: string,
): Promise<string> {
  if (after.split('\n', MOST_LINES + 1).length > MOST_LINES) return after;
  try {
    const found = (await usesPrettier(path)) ? await formatterFor(path, { root, always: false }) : undefined;
    if (found === undefined) return after;
    const { prettier, settings } = found;
    const formatted = await prettier.format(after, settings);
    if (formatted === after) return after;
    return (await prettier.check(before, settings)) ? formatted : after;
  } catch {
    return after;
  }
}

/** The project's prettier, else tableplan's own, with the settings for a path; undefined where it is ignored. */
async function formatterFor(path: string, { root, always }: FormatOptions) {
  const prettier = (await ownPrettier(root)) ?? (await import('prettier'));
  const { ignored } = await prettier.getFileInfo(path, { ignorePath: join(root, '.prettierignore') });
  if (ignored && !always) return undefined;
  const config = await prettier.resolveConfig(path, { editorconfig: true });
  return { prettier, settings: { ...config, filepath: path } };
}

/** Loads what formatting a record takes, for callers that have to wait for something else anyway. */
export async function warmFormatter(root: string): Promise<void> {
  await formatNewFile('# warm\n', join(root, 'warm.md'), { root, always: true });
}

/**
 * Whether a config or a dependency of prettier stands in a folder above the file. Without loading prettier, which would
 * cost the projects that do not use it. An .editorconfig alone says nothing: other formatters read it too.
 */
async function usesPrettier(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.some((name) => /^(\.prettierrc(\..+)?|prettier\.config\.[cm]?[jt]s)$/.test(name))) return true;
    const json = names.includes('package.json')
      ? await readPackageJson(folder).catch(() => undefined)
      : undefined;
    if ('prettier' in { ...json, ...json?.dependencies, ...json?.devDependencies }) return true;
    if (dirname(folder) === folder) return false;
  }
}

async function ownPrettier(root: string): Promise<typeof Prettier | undefined> {
  try {
    const entry = createRequire(join(root, 'package.json')).resolve('prettier');
    const loaded = (await import(pathToFileURL(entry).href)) as typeof Prettier & {
      default?: typeof Prettier;
    };
    return loaded.default ?? loaded;
  } catch {
    return undefined;
  }
}
