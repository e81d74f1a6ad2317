import { ts } from '../schema/compiler.cjs';
import { parseText } from '../schema/parse.ts';
import { posixRelative } from '../workspace/posix-relative.ts';

/** A package of the workspace as others import from it. */
export interface ImportedPackage {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** `exports` of its package.json. */
  readonly exports: unknown;
}

export interface PackageSpecifierInput {
  readonly imported: ImportedPackage;
  /** The sources of the importing package, which show what is used already. */
  readonly importing: ReadonlyMap<string, string>;
  /** Those of both. */
  readonly sources: ReadonlyMap<string, string>;
  readonly resolveImport: (from: string, specifier: string) => string | undefined;
}

const SPECIFIER = /\bfrom\s*['"]([^'"\n]+)['"]/g;

/**
 * The specifier by which a file of one package imports what a file of another exports: `@acme/db/schema`. Entries that the
 * importing package uses come first, of these the one with the fewest files on the way. Undefined where no entry leads there.
 */
export function packageSpecifier(
  input: PackageSpecifierInput,
): (from: string, path: string, name?: string) => string | undefined {
  const { imported, importing, resolveImport } = input;
  const used = [
    ...new Set(
      [...importing.values()].flatMap((text) => [...text.matchAll(SPECIFIER)].map((each) => each[1]!)),
    ),
  ].filter((specifier) => specifier === imported.name || specifier.startsWith(`${imported.name}/`));
  return (from, path, name) => {
    const nearest = (specifiers: readonly string[]): string | undefined =>
      specifiers
        .flatMap((specifier) => {
          const entry = resolveImport(from, specifier);
          const steps = entry === undefined ? undefined : stepsTo(path, entry, { ...input, name });
          return steps === undefined ? [] : [{ specifier, steps }];
        })
        .toSorted((a, b) => a.steps - b.steps)[0]?.specifier;
    return nearest(used) ?? nearest(entriesOf(imported, path));
  };
}

/** The specifiers that `exports` allows; a `*` stands for any end of the file's path. */
function entriesOf({ name, root, exports }: ImportedPackage, path: string): readonly string[] {
  const bare = posixRelative(root, path).replace(/\.[cm]?[jt]sx?$/, '');
  const parts = bare.split('/');
  const ends = parts.map((_, index) => parts.slice(index).join('/'));
  const keys =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'))
      ? Object.keys(exports)
      : exports === undefined
        ? ['.', './*']
        : ['.'];
  return keys
    .flatMap((key) => (key.includes('*') ? ends.map((end) => key.replace('*', end)) : [key]))
    .map((key) => name + key.slice(1));
}

interface Search extends PackageSpecifierInput {
  /** What is to be imported; any name of the file where it is left out. */
  readonly name?: string | undefined;
}

/** How many files lie between an entry and what it exports of another file; undefined where it does not. */
function stepsTo(
  path: string,
  entry: string,
  search: Search,
  seen: ReadonlySet<string> = new Set(),
): number | undefined {
  if (entry === path) return 0;
  const text = search.sources.get(entry);
  if (text === undefined || seen.has(entry)) return undefined;
  const found = parseText(entry, text)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, moduleSpecifier }) => {
      if (
        moduleSpecifier === undefined ||
        !ts.isStringLiteral(moduleSpecifier) ||
        !passes(exportClause, search)
      )
        return [];
      const next = search.resolveImport(entry, moduleSpecifier.text);
      const steps = next === undefined ? undefined : stepsTo(path, next, search, new Set([...seen, entry]));
      return steps === undefined ? [] : [steps + 1];
    });
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Whether an `export … from` lets a name through, as it is called. */
function passes(clause: ts.NamedExportBindings | undefined, { name }: Search): boolean {
  if (clause === undefined) return true;
  if (!ts.isNamedExports(clause)) return false;
  return name === undefined || clause.elements.some((element) => element.name.text === name);
}
