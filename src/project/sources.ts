import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readTextIfThere, requireNoLinkOut } from '../read-regular-file.ts';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { TableplanError } from '../errors.ts';
import type { SourceText } from '../workspace/file-edit.ts';
import { type ImportCandidates, importCandidates } from './imports.ts';
import { isFolder } from './folders.ts';
import { indexFilesIn } from './index-files.ts';
import { type RealPaths, realPaths } from './real-paths.ts';
import { relationsFilesBeside } from './relations-files.ts';
import { isSource, withoutCompiled } from './source-file.ts';

/**
 * The schema sources of a project, as drizzle-kit and its imports see them. Paths are absolute and real: a file that is
 * reached through a link is known by its own name, as Node and the compiler know it.
 */
export interface SchemaSources {
  /** Files that drizzle-kit loads. */
  readonly entries: readonly string[];
  /** The entries, every project file that they import, directly or not, and what belongs to them beside them. */
  readonly files: readonly SourceText[];
  /** The project file that a specifier means; undefined for packages. */
  readonly resolveImport: (fromPath: string, specifier: string) => string | undefined;
  /** Whether drizzle-kit would load a new file at this path by itself. */
  readonly globMatches: (path: string) => boolean;
  /** Whether something breaks without this file, though nothing is left in it: the config names it, or is a link to it. */
  readonly mustStay: (path: string) => boolean;
}

/**
 * Reads the sources that the config's `schema` names: a file, a folder (its direct children, as drizzle-kit 0.31 reads
 * it), a glob, or a list of these. Throws `config-invalid` where all of it matches nothing; an entry of a list may. Throws
 * `file-not-readable` where a link leads out of the repository.
 */
export async function readSources(root: string, schema: string | readonly string[]): Promise<SchemaSources> {
  const patterns = typeof schema === 'string' ? [schema] : schema;
  const expanded = await Promise.all(patterns.map((pattern) => expand(root, pattern)));
  const shown = [...new Set(expanded.flatMap(({ files }) => files))];
  if (shown.length === 0) throw nothingMatches(patterns);
  for (const path of shown) requireNoLinkOut(path);
  const links = realPaths();
  const loaded = await Promise.all(shown.map((path) => readEntry(path, links)));
  const entries = [...new Set(loaded.map(({ path }) => path))];
  const candidates = importCandidates();
  const imported = await follow(entries, candidates, links);
  const resolveIn = (texts: ReadonlyMap<string, string>, from: string, specifier: string) =>
    candidates(from, specifier)
      .map((path) => imported.real.get(path) ?? path)
      .find((path) => texts.has(path));
  const isKnown = (path: string): boolean => imported.texts.has(path);
  const [indexes, relations] = await Promise.all([
    indexFilesIn(entries.map(dirname), isKnown),
    relationsFilesBeside(entries, isKnown, (from, specifier) => resolveIn(imported.texts, from, specifier)),
  ]);
  const beside = [
    ...indexes,
    ...relations.filter(({ path }) => indexes.every((index) => index.path !== path)),
  ];
  const texts = new Map([...imported.texts, ...beside.map(({ path, text }) => [path, text] as const)]);
  const aliases = linkedFolders(loaded);
  const named = new Set(expanded.flatMap(({ files, isFile }) => (isFile ? files : [])));
  const fixed = new Set(
    loaded.filter((entry) => entry.isLink || named.has(entry.shown)).map(({ path }) => path),
  );
  return {
    entries,
    files: [...texts].map(([path, text]) => ({ path, text })),
    resolveImport: (from, specifier) => resolveIn(texts, from, specifier),
    globMatches: (path) =>
      [dirname(path), ...(aliases.get(dirname(path)) ?? [])].some((folder) =>
        expanded.some(({ matches }) => matches(join(folder, basename(path)))),
      ),
    mustStay: (path) => fixed.has(path),
  };
}

interface Entry {
  /** As the config leads to it. */
  readonly shown: string;
  readonly path: string;
  /** The file is a link itself, wherever its folder is. */
  readonly isLink: boolean;
}

async function readEntry(shown: string, links: RealPaths): Promise<Entry> {
  const path = (await links.find(shown)) ?? shown;
  return { shown, path, isLink: join(await links.folder(dirname(shown)), basename(shown)) !== path };
}

/** Folders by their real path, with the names under which links show them. */
function linkedFolders(entries: readonly Entry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const aliases = new Map<string, Set<string>>();
  for (const { shown, path, isLink } of entries) {
    const folder = dirname(path);
    if (!isLink && shown !== path)
      aliases.set(folder, (aliases.get(folder) ?? new Set()).add(dirname(shown)));
  }
  return aliases;
}

interface Expanded {
  readonly files: readonly string[];
  readonly matches: (path: string) => boolean;
  /** The pattern is the path of a file. */
  readonly isFile?: boolean;
}

async function expand(root: string, pattern: string): Promise<Expanded> {
  const path = resolve(root, pattern);
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return { files: [path], matches: () => false, isFile: true };
  if (info?.isDirectory())
    return {
      files: withoutCompiled(await codeIn(path)),
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
  const inOrder = found.map((each) => resolve(each)).toSorted(asDrizzleKit(root));
  const files = await Promise.all(
    inOrder.map(async (each) => ((await isFolder(each)) ? codeIn(each) : [each])),
  );
  const isMatch = picomatch(normal, { dot: false });
  const matches = (each: string): boolean =>
    isMatch(isAbsolute(normal) ? each : relative(root, each).split(sep).join('/'));
  return {
    files: withoutCompiled([...new Set(files.flat())].filter(isSource)),
    // A folder that matches brings its direct children, as a folder that is named does.
    matches: (file) => isSource(file) && (matches(file) || matches(dirname(file))),
  };
}

/**
 * The order in which drizzle-kit loads what a glob matches (glob 8 in its bin.cjs): of two files that define one table the
 * later one counts, so that another order is another schema.
 */
function asDrizzleKit(root: string): (a: string, b: string) => number {
  return (a, b) => relative(root, a).localeCompare(relative(root, b), 'en');
}

async function codeIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isSource(entry.name))
    .map(({ name }) => join(folder, name))
    .toSorted();
}

function nothingMatches(patterns: readonly string[]): TableplanError {
  return new TableplanError(
    'config-invalid',
    `The drizzle config's schema ${patterns.map((pattern) => JSON.stringify(pattern)).join(', ')} matches no file.`,
    {
      hint: 'Paths in the config are relative to the folder of the package.json. Correct it, or make the file.',
    },
  );
}

const PACKAGE = /[\\/]node_modules[\\/]/;
const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

interface Known {
  /** The texts, by real path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths as imports spell them → real ones. */
  readonly real: ReadonlyMap<string, string>;
}

/** The texts of some files and of everything in the project that they import, directly or not. */
async function follow(
  start: readonly string[],
  candidates: ImportCandidates,
  links: RealPaths,
): Promise<Known> {
  const texts = new Map<string, string>();
  const real = new Map<string, string>();
  const firstThere = async (paths: readonly string[]): Promise<string | undefined> => {
    for (const path of paths) {
      const found = await links.find(path);
      if (found === undefined) continue;
      // A package lies wherever the package manager has put it.
      if (found !== path && !PACKAGE.test(path)) requireNoLinkOut(path);
      real.set(path, found);
      return found;
    }
    return undefined;
  };
  for (let wave = [...start]; wave.length > 0;) {
    const read = await Promise.all(wave.map(async (path) => [path, await readTextIfThere(path)] as const));
    for (const [path, text] of read) if (text !== undefined) texts.set(path, text);
    const imports = read.flatMap(([path, text = '']) =>
      [...text.matchAll(SPECIFIER)].map(([, , specifier = '']) => candidates(path, specifier)),
    );
    const found = await Promise.all(imports.map(firstThere));
    wave = [...new Set(found)].filter((path) => path !== undefined && !texts.has(path)) as string[];
  }
  return { texts, real };
}
