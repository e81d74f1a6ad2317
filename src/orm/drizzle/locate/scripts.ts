import { resolve } from 'node:path';
import { envFiles } from '../../../project/env-files.ts';
import { type PackageJson, readPackageJson } from '../../../project/package-json.ts';
import {
  assignments,
  expandAliases,
  flagValue,
  partsOf,
  type Scripts,
  wrapperOf,
} from '../../../project/scripts.ts';

/** The project's own script for a drizzle-kit command, taken apart. */
export interface KitScript {
  readonly name: string;
  readonly command: string;
  /** Where drizzle-kit runs: the folder of the package.json, unless the script changes it. */
  readonly folder: string;
  /** `--config` as written, relative to that folder. */
  readonly config: string | undefined;
  /** Variables that the script sets, files that it loads included. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags that stand in for config keys. */
  readonly overrides: Readonly<Record<string, string | boolean>>;
}

/** The scripts of a folder's package.json that run `drizzle-kit generate`, in its order. */
export async function generateScripts(folder: string): Promise<KitScript[]> {
  const { scripts = {} } = (await readPackageJson(folder)) ?? {};
  const found = Object.entries(scripts).map(([name, command]) => readScript(folder, name, command, scripts));
  return (await Promise.all(found)).filter((script) => script !== undefined);
}

/** The script that applies migrations: drizzle-kit's own command, else one that is called so. */
export function migrateScriptName({ scripts = {} }: PackageJson): string | undefined {
  const named = Object.entries(scripts).filter(
    ([name, command]) =>
      /^(db|drizzle|database)?[:-]?(migrate|migration:run|migrations:run)$/.test(name) &&
      !/\bplop\b/.test(command),
  );
  const own = Object.entries(scripts).find(([, command]) =>
    /\bdrizzle-kit\b\S*\s+migrate\b/.test(command),
  )?.[0];
  return own === undefined ? named[0]?.[0] : wrapperOf(own, named);
}

async function readScript(
  packageFolder: string,
  name: string,
  command: string,
  scripts: Scripts,
): Promise<KitScript | undefined> {
  const found = partsOf(command, packageFolder).find(
    ({ words }) => words[kitIndex(words) + 1]?.split(':')[0] === 'generate' && kitIndex(words) >= 0,
  );
  if (found === undefined) return undefined;
  const kit = kitIndex(found.words);
  const before = expandAliases(found.words.slice(0, kit), scripts);
  // Another package's script; that package is found by its own config.
  if (before.some((word) => /^(--filter|-F|--workspaces?|workspace)\b/.test(word))) return undefined;
  const folder = resolve(found.folder, flagValue(before, ['-C', '--dir', '--cwd', '--prefix']) ?? '.');
  const { config, ...others } = readFlags(found.words.slice(kit + 2));
  const files = await envFiles(folder, before);
  return {
    name,
    command,
    folder,
    config,
    env: { ...files, ...found.env, ...assignments(before) },
    overrides: configKeys(others),
  };
}

function kitIndex(words: readonly string[]): number {
  return words.findIndex((word) => /(^|\/)drizzle-kit(\/bin\.cjs)?(@.*)?$/.test(word));
}

/** The flags that stand in for keys of the config (drizzle-kit takes them only where there is no config). */
function configKeys(flags: Readonly<Record<string, string>>): Record<string, string | boolean> {
  const texts = Object.entries(flags).filter(([flag]) =>
    ['dialect', 'schema', 'out', 'casing', 'driver', 'prefix'].includes(flag),
  );
  return {
    ...Object.fromEntries(texts),
    ...(flags.breakpoints === undefined ? {} : { breakpoints: flags.breakpoints !== 'false' }),
  };
}

function readFlags(words: readonly string[]): Record<string, string> {
  const names = words.flatMap((word) => /^--?([a-z-]+)/.exec(word)?.[1] ?? []);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = flagValue(words, [`--${name}`, `-${name}`]);
      return value === undefined ? [] : [[name === 'c' ? 'config' : name, value] as const];
    }),
  );
}
