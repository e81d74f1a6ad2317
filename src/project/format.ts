import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Prettier from 'prettier';

export interface FormatOptions {
  readonly root: string;
  /** Format with tableplan's own prettier where the project has none (the record); else leave the text as it is. */
  readonly always: boolean;
}

/**
 * A new file as the project's own prettier would write it, with the config that it finds for that path. A project
 * without a prettier config keeps the text, which was written after its neighbours. Never throws: formatting is no
 * reason to stop.
 */
export async function formatNewFile(text: string, path: string, options: FormatOptions): Promise<string> {
  try {
    const own = await ownPrettier(options.root);
    const prettier = own ?? (await import('prettier'));
    const config = await prettier.resolveConfig(path, { editorconfig: true });
    if (config === null && !options.always) return text;
    return await prettier.format(text, { ...config, filepath: path });
  } catch {
    return text;
  }
}

/** Loads what formatting a record takes, for callers that have to wait for something else anyway. */
export async function warmFormatter(root: string): Promise<void> {
  await formatNewFile('# A heading\n\n```yaml\na: 1\n```\n', join(root, 'warm.md'), { root, always: true });
}

async function ownPrettier(root: string): Promise<typeof Prettier | undefined> {
  try {
    const entry = createRequire(join(root, 'package.json')).resolve('prettier');
    const loaded = (await import(pathToFileURL(entry).href)) as typeof Prettier & { default?: typeof Prettier };
    return loaded.default ?? loaded;
  } catch {
    return undefined;
  }
}
