import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import { type NotJson, parseJson } from '../json.ts';
import { readTextIfThere } from '../read-regular-file.ts';

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
