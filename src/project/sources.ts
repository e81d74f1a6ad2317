import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { createPathsMatcher, getTsconfig } from 'get-tsconfig';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { TableplanError } from '../errors.ts';
import type { SourceText } from '../workspace/file-edit.ts';

/** The schema sources of a project, as drizzle-kit and its imports see them. Paths are absolute. */
export interface SchemaSources {
  /** Files that drizzle-kit loads. */
  readonly entries: readonly string[];
  /** The entries and every project file that they import, directly or not. */
  readonly files: readonly SourceText[];
  /** The project file that a specifier means; undefined for packages. */
  readonly resolveImport: (fromPath: string, specifier: string) => string | undefined;
  /** Whether drizzle-kit would load a new file at this path by itself. */
  readonly globMatches: (path: string) => boolean;
}

const CODE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;

/**
 * Reads the sources that the config's `schema` names: a file, a folder (its direct children, as drizzle-kit 0.31 reads
 * it), a glob, or a list of these. Throws `config-invalid` for a pattern that matches nothing.
 */
export async function readSources(root: string, schema: string | readonly string[]): Promise<SchemaSources> {
  const patterns = typeof schema === 'string' ? [schema] : schema;
  const expanded = await Promise.all(patterns.map((pattern) => expand(root, pattern)));
  const entries = [...new Set(expanded.flatMap(({ files }) => files))];
  const resolver = importResolver(root);
  const known = new Map<string, string>();
  await follow(entries, resolver, known);
  return {
    entries,
    files: [...known].map(([path, text]) => ({ path, text })),
    resolveImport: (from, specifier) => resolver(from, specifier, (path) => known.has(path)),
    globMatches: (path) => expanded.some(({ matches }) => matches(path)),
  };
}

interface Expanded {
  readonly files: readonly string[];
  readonly matches: (path: string) => boolean;
}

async function expand(root: string, pattern: string): Promise<Expanded> {
  const path = resolve(root, pattern);
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return { files: [path], matches: () => false };
  if (info?.isDirectory()) {
    const names = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => join(path, name));
    return { files: requireSome(names.filter(isSource), pattern), matches: (file) => dirname(file) === path && isSource(file) };
  }
  const normal = pattern.replaceAll('\\', '/').replace(/^\.\//, '');
  const matcher = picomatch(normal, { dot: false });
  const found = await glob(normal, { cwd: root, absolute: true, onlyFiles: false, expandDirectories: false, ignore: ['**/node_modules/**'] });
  const files = await Promise.all(found.map(async (each) => childrenOrSelf(resolve(each))));
  return {
    files: requireSome([...new Set(files.flat())].filter(isSource).toSorted(), pattern),
    matches: (file) => isSource(file) && matcher(isAbsolute(normal) ? file : relative(root, file).split(sep).join('/')),
  };
}

async function childrenOrSelf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => join(path, name));
}

/** Compiled output beside a source (`.js`, `.d.ts`, maps) is never edited and never counted (facts/schema-styles.md A9). */
function isSource(path: string): boolean {
  return CODE.test(path) && !/\.d\.[mc]?ts$/.test(path);
}

function requireSome(files: readonly string[], pattern: string): readonly string[] {
  if (files.length > 0) return files.filter((file) => !(file.endsWith('.js') && files.includes(file.replace(/\.js$/, '.ts'))));
  throw new TableplanError('config-invalid', `The drizzle config's schema ${JSON.stringify(pattern)} matches no file.`, {
    hint: 'Paths in the config are relative to the folder of the package.json. Correct it, or make the file.',
  });
}

const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

async function follow(start: readonly string[], resolver: ImportResolver, known: Map<string, string>): Promise<void> {
  const asked = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    let text = asked.get(path);
    if (text === undefined) {
      text = readFile(path, 'utf8').catch(() => undefined);
      asked.set(path, text);
    }
    return text;
  };
  let wave = [...start];
  while (wave.length > 0) {
    const texts = await Promise.all(wave.map(async (path) => [path, await read(path)] as const));
    const next = new Set<string>();
    for (const [path, text] of texts) {
      if (text === undefined) continue;
      known.set(path, text);
      for (const [, , specifier = ''] of text.matchAll(SPECIFIER)) {
        for (const candidate of resolver.candidates(path, specifier)) if (!known.has(candidate)) next.add(candidate);
      }
    }
    // A specifier has several candidates; those that are no files drop out when they are read.
    wave = [...next].filter((path) => !asked.has(path));
  }
}

interface ImportResolver {
  (from: string, specifier: string, exists: (path: string) => boolean): string | undefined;
  /** Every file that a specifier may mean, the likeliest first; empty for packages. */
  candidates(from: string, specifier: string): string[];
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

function importResolver(root: string): ImportResolver {
  const tsconfig = getTsconfig(root);
  const byPaths = tsconfig ? createPathsMatcher(tsconfig) : null;
  const candidates = (from: string, specifier: string): string[] => {
    const bases = /^\.{1,2}(\/|$)/.test(specifier) ? [resolve(dirname(from), specifier)] : isAbsolute(specifier) ? [specifier] : (byPaths?.(specifier) ?? []);
    return bases.filter((base) => !base.includes(`${sep}node_modules${sep}`)).flatMap(spellings).filter(isSource);
  };
  const resolver = (from: string, specifier: string, exists: (path: string) => boolean): string | undefined => candidates(from, specifier).find(exists);
  return Object.assign(resolver, { candidates });
}

/** `./user.js` may be written for user.ts; `./user` for user.ts or user/index.ts. */
function spellings(base: string): string[] {
  const swapped = /\.(js|mjs|cjs|jsx)$/.test(base) ? [base.replace(/\.([mc]?)js(x?)$/, '.$1ts$2'), base.replace(/\.js$/, '.tsx')] : [];
  return [...swapped, ...(CODE.test(base) ? [base] : []), ...ENDINGS.map((ending) => base + ending), ...ENDINGS.map((ending) => join(base, `index${ending}`))];
}
