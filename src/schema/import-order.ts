import type { ImportModel, SchemaFile } from './source-file.ts';

/** What an import is of: the ORM, another package, a file of the project by an alias or by its path from here. */
export type ImportKind = 'orm' | 'package' | 'alias' | 'relative';

/** How files of a project set out their imports. */
export interface ImportOrder {
  readonly kinds: readonly ImportKind[];
  /** Of aliases and files nearby, the one that has a blank line above where the other stands there. */
  readonly apart: readonly ImportKind[];
}

/** Packages, aliases, then what lies nearby, as most formatters and linters sort them. */
export const USUAL_ORDER: ImportOrder = { kinds: ['orm', 'package', 'alias', 'relative'], apart: [] };

/** The kind of an import; `isOwn`: it is known to mean a file of the project. */
export function kindOf(module: string, isOwn: boolean): ImportKind {
  if (/^\.\.?(\/|$)/.test(module)) return 'relative';
  if (isOwn || /^[~#]|^@\//.test(module)) return 'alias';
  return isOrm(module) ? 'orm' : 'package';
}

/** The kind of an import that stands in a file. */
export function kindOfImport({ module, path }: ImportModel): ImportKind {
  return kindOf(module, path !== undefined);
}

/** The order of the imports of some files, as most of them have it. */
export function importOrderOf(files: readonly SchemaFile[]): ImportOrder {
  const kinds = files.map(({ imports }) => [...new Set(imports.map(kindOfImport))]);
  const isMostly = (first: ImportKind, second: ImportKind): boolean => {
    const both = kinds.filter((each) => each.includes(first) && each.includes(second));
    return both.filter((each) => each.indexOf(first) < each.indexOf(second)).length * 2 > both.length;
  };
  const ofPackages: ImportKind[] = isMostly('package', 'orm') ? ['package', 'orm'] : ['orm', 'package'];
  const ofProject: ImportKind[] = isMostly('relative', 'alias')
    ? ['relative', 'alias']
    : ['alias', 'relative'];
  const [first, second] = ofProject as [ImportKind, ImportKind];
  return {
    kinds: [...ofPackages, ...ofProject],
    apart: isApart(files, first, second) ? [second] : [],
  };
}

/** Whether most files with imports of both kinds, the one right above the other, have a blank line between. */
function isApart(files: readonly SchemaFile[], above: ImportKind, below: ImportKind): boolean {
  const gaps = files.flatMap(({ imports, text }) =>
    imports.flatMap((each, index) => {
      const before = imports[index - 1];
      if (before === undefined || kindOfImport(before) !== above || kindOfImport(each) !== below) return [];
      return [/\n[ \t]*\r?\n/.test(text.slice(before.end, each.start))];
    }),
  );
  return gaps.filter(Boolean).length * 2 > gaps.length;
}

/** By the numbers of the characters, as most tools sort modules and names. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function isOrm(module: string): boolean {
  return /^(drizzle-orm|typeorm)(\/|$)/.test(module);
}
