import type { WantedImport } from '../../schema/import-line.ts';
import { editImports } from '../../schema/imports.ts';
import { parseFile } from '../../schema/parse.ts';
import { readStyle } from '../../schema/style.ts';

/** A text with imports that it lacks. Every one has its name for an alias. */
export function withImports(
  path: string,
  text: string,
  wanted: readonly (Pick<WantedImport, 'module' | 'name'> & { readonly isType?: boolean | undefined })[],
): string {
  const file = parseFile(path, text, () => undefined);
  const imported = new Set(file.imports.flatMap((each) => each.names?.items.map((item) => item.alias) ?? []));
  const missing = wanted.filter(({ name }) => !imported.has(name));
  return editImports(
    file,
    missing.map((want) => ({ ...want, alias: want.name, isType: want.isType ?? false })),
    new Set(),
    readStyle(text),
  );
}
