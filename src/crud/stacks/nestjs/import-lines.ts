import type { NamedImport } from './guards.ts';

/** A line of imports as templates write it: from a package, or from the file with this id. */
export interface ImportLine {
  readonly names: string;
  /** Empty for a file of the project. */
  readonly module: string;
  readonly id: string;
}

/** Imports by what they come from, one line each, and the files that the ids mean. */
export function importLines(
  imports: readonly NamedImport[],
  prefix: string,
): { readonly lines: readonly ImportLine[]; readonly targets: Readonly<Record<string, string>> } {
  const froms = new Map<string, { readonly names: Set<string>; readonly path: string | undefined }>();
  for (const { name, from } of imports) {
    const module = 'module' in from ? from.module : from.path;
    const known = froms.get(module) ?? { names: new Set(), path: 'path' in from ? from.path : undefined };
    froms.set(module, known);
    known.names.add(name);
  }
  const lines = [...froms].map(([module, { names, path }], index) => ({
    names: [...names].toSorted().join(', '),
    module: path === undefined ? module : '',
    id: `${prefix}-${index + 1}`,
    path,
  }));
  return {
    lines: lines.map(({ names, module, id }) => ({ names, module, id })),
    targets: Object.fromEntries(lines.flatMap(({ id, path }) => (path === undefined ? [] : [[id, path]]))),
  };
}
