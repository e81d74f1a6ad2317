import type { SchemaFile } from '../source-file.ts';
import type { House, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';

/** What a text names that was copied from a neighbour (a decorator, a type argument), imported as that one has it. */
export function importNames(run: Run, house: House, draft: EntityDraft, text: string): void {
  const file = house.samples.find(({ source }) => source.file.text.includes(text))?.source.file;
  if (file !== undefined) importNamesOf(run, file, draft.path, text);
}

/** The names of a text as one file has them, imported into another. */
export function importNamesOf({ editing }: Run, file: SchemaFile, path: string, text: string): void {
  if (file.path === path) return;
  const words = new Set(text.match(/[A-Za-z_$][\w$]*/g));
  for (const line of file.imports)
    for (const { name, alias, isType } of line.names?.items ?? [])
      if (words.has(alias) && alias === name)
        editing.needImport(path, {
          from: line.path === undefined ? { module: line.module } : { path: line.path },
          name,
          isType: line.isTypeOnly || isType,
        });
}
