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
    const prettier = (await ownPrettier(options.root)) ?? (await import('prettier'));
    if (!options.always && !(await usesPrettier(prettier, path, options.root))) return text;
    const { ignored } = await prettier.getFileInfo(path, {
      ignorePath: join(options.root, '.prettierignore'),
    });
    if (ignored && !options.always) return text;
    const config = await prettier.resolveConfig(path, { editorconfig: true });
    return await prettier.format(text, { ...config, filepath: path });
  } catch {
    return text;
  }
}

/** Loads what formatting a record takes, for callers that have to wait for something else anyway. */
export async function warmFormatter(root: string): Promise<void> {
  await formatNewFile('# warm\n', join(root, 'warm.md'), { root, always: true });
}

/** An .editorconfig alone says nothing: other formatters read it too. */
async function usesPrettier(prettier: typeof Prettier, path: string, root: string): Promise<boolean> {
  if ((await prettier.resolveConfigFile(path)) !== null) return true;
  for (let folder = root; ; folder = dirname(folder)) {
    const json = await readPackageJson(folder).catch(() => undefined);
    if ('prettier' in { ...json?.dependencies, ...json?.devDependencies }) return true;
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
