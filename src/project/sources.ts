import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { TableplanError } from '../errors.ts';
import type { SourceText } from '../workspace/file-edit.ts';
import { type ImportCandidates, importCandidates } from './imports.ts';
import { isSource, withoutCompiled } from './source-file.ts';

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

/**
 * Reads the sources that the config's `schema` names: a file, a folder (its direct children, as drizzle-kit 0.31 reads
 * it), a glob, or a list of these. Throws `config-invalid` for a pattern that matches nothing.
 */
export async function readSources(root: string, schema: string | readonly string[]): Promise<SchemaSources> {
  const patterns = typeof schema === 'string' ? [schema] : schema;
  const expanded = await Promise.all(patterns.map((pattern) => expand(root, pattern)));
  const entries = [...new Set(expanded.flatMap(({ files }) => files))];
  const candidates = importCandidates();
  const known = await follow(entries, candidates);
  return {
    entries,
    files: [...known].map(([path, text]) => ({ path, text })),
    resolveImport: (from, specifier) => candidates(from, specifier).find((path) => known.has(path)),
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
  if (info?.isDirectory())
    return {
      files: requireSome(await codeIn(path), pattern),
      matches: (file) => dirname(file) === path && isSource(file),
    };
  const normal = pattern.replaceAll('\\', '/').replace(/^\.\//, '');
  const found = await glob(normal, {
    cwd: root,
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**'],
  });
  const files = await Promise.all(
    found.map(async (each) => ((await stat(each)).isDirectory() ? codeIn(resolve(each)) : [resolve(each)])),
  );
  const isMatch = picomatch(normal, { dot: false });
  const matches = (each: string): boolean =>
    isMatch(isAbsolute(normal) ? each : relative(root, each).split(sep).join('/'));
  return {
    files: requireSome([...new Set(files.flat())].filter(isSource).toSorted(), pattern),
    // A folder that matches brings its direct children, as a folder that is named does.
    matches: (file) => isSource(file) && (matches(file) || matches(dirname(file))),
  };
}

async function codeIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isSource(entry.name))
    .map(({ name }) => join(folder, name))
    .toSorted();
}

function requireSome(files: readonly string[], pattern: string): readonly string[] {
  if (files.length > 0) return withoutCompiled(files);
  throw new TableplanError(
    'config-invalid',
    `The drizzle config's schema ${JSON.stringify(pattern)} matches no file.`,
    {
      hint: 'Paths in the config are relative to the folder of the package.json. Correct it, or make the file.',
    },
  );
}

const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** The texts of some files and of everything in the project that they import, directly or not. */
async function follow(start: readonly string[], candidates: ImportCandidates): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  const isThere = folderListings();
  for (let wave = [...start]; wave.length > 0;) {
    const texts = await Promise.all(
      wave.map(async (path) => [path, await readFile(path, 'utf8').catch(() => undefined)] as const),
    );
    for (const [path, text] of texts) if (text !== undefined) known.set(path, text);
    const imports = texts.flatMap(([path, text = '']) =>
      [...text.matchAll(SPECIFIER)].map(([, , specifier = '']) => candidates(path, specifier)),
    );
    const found = await Promise.all(imports.map((paths) => firstThat(paths, isThere)));
    wave = [...new Set(found)].filter((path) => path !== undefined && !known.has(path)) as string[];
  }
  return known;
}

async function firstThat(
  paths: readonly string[],
  test: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of paths) if (await test(path)) return path;
  return undefined;
}

/** Whether a file exists, by its folder's listing: each folder is asked once, however many imports lead there. */
function folderListings(): (path: string) => Promise<boolean> {
  const listings = new Map<string, Promise<Set<string>>>();
  return async (path) => {
    const folder = dirname(path);
    const names =
      listings.get(folder) ??
      readdir(folder).then(
        (all) => new Set(all),
        () => new Set<string>(),
      );
    listings.set(folder, names);
    return (await names).has(basename(path));
  };
}
