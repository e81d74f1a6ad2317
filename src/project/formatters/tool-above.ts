import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readInstalledPackage } from '../package-json.ts';

/** A formatter that a project has configured and installed. */
export interface ToolAbove {
  /** The folder of its config, in which it is run. */
  readonly folder: string;
  readonly config: string;
  /** The script that its package runs. */
  readonly script: string;
}

/**
 * A tool whose config (`configName`) and package stand in folders above a path; undefined where one of them is missing. What
 * lies above the repository is not the project's.
 */
export async function toolAbove(
  path: string,
  { configName, packageName }: { readonly configName: RegExp; readonly packageName: string },
): Promise<ToolAbove | undefined> {
  for (const folder of foldersAbove(path)) {
    const names = await readdir(folder).catch((): string[] => []);
    const config = names.find((name) => configName.test(name));
    if (config === undefined && names.includes('.git')) return undefined;
    if (config === undefined) continue;
    // In a workspace the config stands at the root, and the package is installed there or in the package of the file.
    const script = (await installedScript(path, packageName)) ?? (await installedScript(folder, packageName));
    return script === undefined ? undefined : { folder, config: join(folder, config), script };
  }
  return undefined;
}

/** The folders that a path lies in, nearest first. */
export function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** The script behind the command of an installed package that is called as its package (`@biomejs/biome`: `biome`). */
async function installedScript(path: string, packageName: string): Promise<string | undefined> {
  const command = packageName.slice(packageName.lastIndexOf('/') + 1);
  for (const folder of foldersAbove(path)) {
    const installed = join(folder, 'node_modules', packageName);
    const json = (await readInstalledPackage(installed).catch(() => undefined)) as
      { readonly bin?: string | Readonly<Record<string, string>> } | undefined;
    const script = typeof json?.bin === 'string' ? json.bin : json?.bin?.[command];
    if (script !== undefined) return join(installed, script);
  }
  return undefined;
}
