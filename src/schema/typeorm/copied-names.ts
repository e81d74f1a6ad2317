import type { House, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';

/** What a text names that was copied from a neighbour (a decorator, a type argument), imported as that one has it. */
export function importNames({ editing }: Run, house: House, draft: EntityDraft, text: string): void {
  const words = new Set(text.match(/[A-Za-z_$][\w$]*/g));
  const file = house.samples.find(({ source }) => source.file.text.includes(text))?.source.file;
  if (file === undefined || file.path === draft.path) return;
  for (const line of file.imports)
    for (const { name, alias } of line.names?.items ?? [])
      if (words.has(alias) && alias === name)
        editing.needImport(draft.path, {
          from: line.path === undefined ? { module: line.module } : { path: line.path },
          name,
        });
}
