import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { type Cache, createPathsMatcher, getTsconfig, type TsConfigResult } from 'get-tsconfig';
import { readPackageJson } from './package-json.ts';
import { spellings } from './source-file.ts';
import { packageFiles } from './workspace-packages.ts';

/** Every project file that a specifier in a file may mean, the likeliest first; empty for packages of others. */
export type ImportCandidates = (from: string, specifier: string) => string[];

/**
 * How the project resolves imports: relative paths, `paths` and `baseUrl` of the tsconfig that is nearest to the
 * importing file, packages of the same workspace, and `#imports` of the package.json.
 */
export function importCandidates(): ImportCandidates {
  const matchers = pathsMatchers();
  const packages = packageFiles();
  return (from, specifier) => {
    const folder = dirname(from);
    const paths =
      /^\.{1,2}(\/|$)/.test(specifier) || isAbsolute(specifier)
        ? [resolve(folder, specifier)]
        : [...matchers(folder, specifier), ...packages(folder, specifier)];
    return paths.filter((path) => !path.includes(`${sep}node_modules${sep}`)).flatMap(spellings);
  };
}

type Matcher = (specifier: string) => string[];

function pathsMatchers(): (folder: string, specifier: string) => string[] {
  const byFolder = new Map<string, readonly Matcher[]>();
  const cache: Cache = new Map();
  return (folder, specifier) => {
    const known = byFolder.get(folder) ?? matchersOf(folder, cache);
    byFolder.set(folder, known);
    return known.flatMap((match) => match(specifier));
  };
}

/** A tsconfig that only refers to others (as Vite writes it) leaves `paths` to them. */
function matchersOf(folder: string, cache: Cache): Matcher[] {
  const own = readTsconfig(folder, 'tsconfig.json', cache);
  if (own === null) return [];
  const base = dirname(own.path);
  const referred = (own.config.references ?? []).map(({ path }) => {
    const target = resolve(base, path);
    return target.endsWith('.json')
      ? readTsconfig(dirname(target), target.slice(dirname(target).length + 1), cache)
      : readTsconfig(target, 'tsconfig.json', cache);
  });
  return [own, ...referred].flatMap((tsconfig) => (tsconfig && createPathsMatcher(tsconfig)) ?? []);
}

/** The tsconfig of a folder, or above it. One that cannot be read is the compiler's matter: null, as for none. */
export function readTsconfig(folder: string, name: string, cache: Cache = new Map()): TsConfigResult | null {
  try {
    return getTsconfig(folder, name, cache);
  } catch {
    return null;
  }
}

/**
 * How relative specifiers have to end where no import of the project shows it: `.js` where Node's own rules hold for ES
 * modules, `.ts` where the tsconfig allows it, else nothing.
 */
export async function specifierSuffix(root: string): Promise<'' | '.js' | '.ts'> {
  const options = readTsconfig(root, 'tsconfig.json')?.config.compilerOptions;
  if (options?.allowImportingTsExtensions) return '.ts';
  const isNode = /^node(16|18|20|next)$/i.test(options?.module ?? '');
  return isNode && (await readPackageJson(root))?.type === 'module' ? '.js' : '';
}
