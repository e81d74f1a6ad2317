import { directoryOf, type SpecifierExample, specifierFor, suffixExample } from '../schema/specifier.ts';

export interface ConventionInput {
  readonly sources: ReadonlyMap<string, string>;
  readonly resolveImport: (from: string, specifier: string) => string | undefined;
  /** How relative specifiers end where no import of the project shows it. */
  readonly suffix: '' | '.js' | '.ts';
}

const SPECIFIER = /\bfrom\s*['"]([^'"\n]+)['"]/g;

/**
 * How the project's files name each other: with the suffix that most relative imports have; by an alias where most
 * imports that would have to climb (`../`) use one.
 */
export function specifierConvention(input: ConventionInput): (from: string, path: string) => string {
  let convention: Convention | undefined;
  return (from, path) => {
    const { suffix, aliases } = (convention ??= readConvention(input));
    const relative = specifierFor(from, path, suffixExample(suffix));
    if (!relative.startsWith('../')) return relative;
    for (const alias of aliases) {
      const named = specifierFor(from, path, alias);
      if (!named.startsWith('.')) return named;
    }
    return relative;
  };
}

interface Convention {
  readonly suffix: string;
  /** Imports by an alias, where these are the rule. */
  readonly aliases: readonly SpecifierExample[];
}

function readConvention({ sources, resolveImport, suffix }: ConventionInput): Convention {
  const suffixes = new Map<string, number>();
  const aliases: SpecifierExample[] = [];
  let climbing = 0;
  for (const [from, text] of sources) {
    for (const [, specifier = ''] of text.matchAll(SPECIFIER)) {
      if (/^\.{1,2}\//.test(specifier)) {
        const ending = /\.[cm]?[jt]sx?$/.exec(specifier)?.[0] ?? '';
        suffixes.set(ending, (suffixes.get(ending) ?? 0) + 1);
        if (specifier.startsWith('../')) climbing += 1;
      } else {
        const path = resolveImport(from, specifier);
        if (path !== undefined && directoryOf(path) !== directoryOf(from))
          aliases.push({ from, specifier, path });
      }
    }
  }
  const [most] = [...suffixes].toSorted((a, b) => b[1] - a[1]);
  return { suffix: most?.[0] ?? suffix, aliases: aliases.length > climbing ? aliases : [] };
}
