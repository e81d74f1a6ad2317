import { join, resolve } from 'node:path';
import { readTextIfThere } from '../read-regular-file.ts';
import { TableplanError } from '../errors.ts';
import { type NotJson, parseJson } from '../json.ts';
import { envFiles } from './env-files.ts';

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

export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  readonly workspaces?: unknown;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What `npm init` writes for a test script is none. */
export function hasTests({ scripts }: PackageJson): boolean {
  return scripts?.['test'] !== undefined && !scripts['test'].includes('no test specified');
}

/** The package.json of a folder; undefined where there is none. Throws `config-invalid` when it is no JSON. */
export function readPackageJson(folder: string): Promise<PackageJson | undefined> {
  return readFrom(folder, false);
}

/** The same of an installed package, which lies wherever the package manager has put it. */
export function readInstalledPackage(folder: string): Promise<PackageJson | undefined> {
  return readFrom(folder, true);
}

async function readFrom(folder: string, anywhere: boolean): Promise<PackageJson | undefined> {
  const path = join(folder, 'package.json');
  const text = await readTextIfThere(path, { anywhere });
  return text === undefined ? undefined : parsePackageJson(text, path);
}

/** The text of a package.json, as far as it has the form of one. Throws `config-invalid`. */
export function parsePackageJson(text: string, path: string): PackageJson {
  const fail = ({ message, line, column }: NotJson): TableplanError =>
    new TableplanError('config-invalid', `package.json is not JSON (${message}).`, {
      at: { file: path, line, column },
      hint: 'Fix it and run the command again.',
    });
  const json = parseJson(text.replace(/^\uFEFF/, ''), fail);
  if (!isObject(json))
    throw new TableplanError('config-invalid', 'package.json is not an object.', {
      at: { file: path },
      hint: 'Fix it and run the command again.',
    });
  const sound = Object.entries(json).flatMap(([key, value]) => {
    if (TEXTS.has(key)) return typeof value === 'string' ? [[key, value]] : [];
    if (TABLES.has(key)) return isObject(value) ? [[key, textsOf(value)]] : [];
    return [[key, value]];
  });
  return Object.fromEntries(sound) as PackageJson;
}

/** What is used of it, as npm has it; anything else under these names counts as not there. */
const TEXTS = new Set(['name', 'version', 'type', 'packageManager']);
const TABLES = new Set(['scripts', 'dependencies', 'devDependencies']);

function textsOf(table: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => typeof value === 'string'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/** The script that people type, where it prepares things and then runs `own`, or `own` is called a part of it. */
export function wrapperOf(own: string, named: readonly (readonly [string, string])[]): string {
  const wrapper = named.find(
    ([name, command]) =>
      name !== own && (command.split(/[\s"'&|;]+/).includes(own) || /^[:-]/.test(own.replace(name, ''))),
  );
  return wrapper?.[0] ?? own;
}

export type Scripts = Readonly<Record<string, string>>;

/** One part of `a && b`: its words, where it runs, and what the parts before it have set. */
export interface Part {
  readonly words: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
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

/** The commands of a script. */
export function partsOf(command: string, packageFolder: string): Part[] {
  let folder = packageFolder;
  let env: Record<string, string> = {};
  return command.split(/&&|\|\||;/).map((text) => {
    const words = shellWords(text);
    if (words[0] === 'cd') folder = resolve(folder, words[1] ?? '.');
    if (words[0] === 'export' || words[0] === 'set') env = { ...env, ...assignments(words) };
    return { words, folder, env };
  });
}

/** `pnpm with-env drizzle-kit …`, where `with-env` is a script of its own, is what that script says. */
export function expandAliases(words: readonly string[], scripts: Scripts): string[] {
  return words.flatMap((word, index) =>
    index > 0 && scripts[word] !== undefined ? shellWords(scripts[word]) : [word],
  );
}

/** `NAME=value` words. */
export function assignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined
        ? []
        : [
            [
              name,
              value.replaceAll(/\$\{?(\w+)\}?/g, (_, variable: string) => process.env[variable] ?? ''),
            ] as const,
          ];
    }),
  );
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

/** `--flag value` or `--flag=value`. */
export function flagValue(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    const [, flag = '', inline] = /^(-[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!flags.includes(flag)) continue;
    const next = words[index + 1];
    if (inline !== undefined) return inline;
    if (next !== undefined && !next.startsWith('-')) return next;
  }
  return undefined;
}

/** Splits a script at spaces, quotes taken away; enough for package.json scripts. */
function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}
