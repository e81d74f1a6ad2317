import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Prettier from 'prettier';
import { readPackageJson } from '../package-json.ts';
import { type Format, type Formatter, FormatterFailed } from './formatter.ts';
import { shownCause } from './run-tool.ts';
import { foldersAbove } from './tool-above.ts';

/** The project's prettier with the config that it finds for a path, in this process. */
export const prettier: Formatter = {
  name: 'prettier',
  // Two seconds for so many lines, and more than twice that cold.
  mostLines: 10_000,
  async detect({ path, root }) {
    if (!(await usesPrettier(path))) return [];
    const format = await prettierFor(path, { root, evenIgnored: false });
    return format === undefined ? [] : [format];
  },
};

/**
 * The project's prettier, else tableplan's own, for one path; undefined where it does not read such a file or is told to
 * ignore it.
 */
export async function prettierFor(
  path: string,
  { root, evenIgnored }: { readonly root: string; readonly evenIgnored: boolean },
): Promise<Format | undefined> {
  const loaded = (await ownPrettier(root)) ?? (await import('prettier'));
  const info = await loaded.getFileInfo(path, { ignorePath: join(root, '.prettierignore') });
  if (info.ignored && !evenIgnored) return undefined;
  let settings: Prettier.Options | undefined;
  return async (text) => {
    try {
      settings ??= { ...(await loaded.resolveConfig(path, { editorconfig: true })), filepath: path };
      return await loaded.format(text, settings);
    } catch (error) {
      throw new FormatterFailed(shownCause((error as Error).message) ?? 'run it on that file to see why');
    }
  };
}

/**
 * Whether a config or a dependency of prettier stands in a folder above the file, up to its repository. Without loading
 * prettier, which would
 * cost the projects that do not use it. An .editorconfig alone says nothing: other formatters read it too.
 */
async function usesPrettier(path: string): Promise<boolean> {
  for (const folder of foldersAbove(path)) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.some((name) => /^(\.prettierrc(\..+)?|prettier\.config\.[cm]?[jt]s)$/.test(name))) return true;
    const json = names.includes('package.json')
      ? await readPackageJson(folder).catch(() => undefined)
      : undefined;
    if ('prettier' in { ...json, ...json?.dependencies, ...json?.devDependencies }) return true;
    if (names.includes('.git')) return false;
  }
  return false;
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
