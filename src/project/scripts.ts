import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { TableplanError } from '../errors.ts';

/** The project's own script for a drizzle-kit command, taken apart. */
export interface KitScript {
  readonly name: string;
  readonly command: string;
  /** `--config` as written, relative to the folder of the package.json. */
  readonly config: string | undefined;
  /** Variables that the script sets, files that it loads included. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags that stand in for config keys. */
  readonly overrides: Readonly<Record<string, string>>;
}

export interface PackageJson {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  readonly workspaces?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly prettier?: unknown;
}

/** The package.json of a folder; undefined where there is none. Throws `config-invalid` when it is no JSON. */
export async function readPackageJson(folder: string): Promise<PackageJson | undefined> {
  const path = join(folder, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as PackageJson;
  } catch (cause) {
    throw new TableplanError('config-invalid', `package.json is no JSON: ${(cause as Error).message}`, { at: { file: path }, hint: 'Mend it and run the command again.', cause });
  }
}

/** The scripts that run `drizzle-kit generate`, in the order of the package.json. */
export async function generateScripts(folder: string, json: PackageJson): Promise<KitScript[]> {
  const scripts = Object.entries(json.scripts ?? {}).filter(([, command]) => /\bdrizzle-kit(\s|$).*\bgenerate\b|\bdrizzle-kit generate:pg\b/.test(command));
  return Promise.all(scripts.map(([name, command]) => readScript(folder, name, command)));
}

/** The script that applies migrations: drizzle-kit's own command, else one that is called so. */
export function migrateScriptName(json: PackageJson): string | undefined {
  const scripts = Object.entries(json.scripts ?? {});
  return (
    scripts.find(([, command]) => /\bdrizzle-kit\b.*\bmigrate\b/.test(command))?.[0] ??
    scripts.find(([name, command]) => /^(db|drizzle|database)?[:-]?(migrate|migration:run|migrations:run)$/.test(name) && !/\bplop\b/.test(command))?.[0]
  );
}

async function readScript(folder: string, name: string, command: string): Promise<KitScript> {
  // Only the part that runs drizzle-kit: `tsc && drizzle-kit generate && prettier …`.
  const part = command.split(/&&|\|\||;/).find((text) => /\bdrizzle-kit\b/.test(text)) ?? command;
  const words = shellWords(part);
  const kit = words.findIndex((word) => /(^|\/)drizzle-kit(\/bin\.cjs)?(@.*)?$/.test(word));
  const before = words.slice(0, kit < 0 ? 0 : kit);
  const flags = readFlags(words.slice(kit + 1));
  const { config, ...others } = flags;
  const overrides = Object.fromEntries(Object.entries(others).filter(([flag]) => ['dialect', 'schema', 'out', 'casing', 'driver'].includes(flag)));
  return { name, command, config, env: { ...(await loadedFiles(folder, before)), ...assignments(before) }, overrides };
}

function assignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
      return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
    }),
  );
}

/** Files that dotenv, dotenv-cli, env-cmd, `node --env-file` and bun load before drizzle-kit runs. */
async function loadedFiles(folder: string, words: readonly string[]): Promise<Record<string, string>> {
  const files: string[] = [];
  words.forEach((word, index) => {
    const next = words[index + 1];
    const inline = /^(?:--env-file(?:-if-exists)?|-e|-f|--file)=(.+)$/.exec(word)?.[1];
    if (inline !== undefined) files.push(inline);
    else if (['-e', '-f', '--file', '--env-file'].includes(word) && next !== undefined) files.push(next);
  });
  if (files.length === 0 && words.some((word) => /^(dotenv|dotenvx|env-cmd|bun|bunx)$/.test(word))) files.push('.env');
  const env: Record<string, string> = {};
  for (const file of files) {
    const text = await readFile(resolve(folder, file), 'utf8').catch(() => '');
    Object.assign(env, parseEnv(text));
  }
  return env;
}

function readFlags(words: readonly string[]): Record<string, string> {
  const flags: Record<string, string> = {};
  words.forEach((word, index) => {
    const [, name, inline] = /^--?([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) return;
    const value = inline ?? words[index + 1];
    if (value !== undefined && (inline !== undefined || !value.startsWith('-'))) flags[name === 'c' ? 'config' : name] = value;
  });
  return flags;
}

/** Splits a script at spaces, quotes taken away; enough for package.json scripts. */
function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}
