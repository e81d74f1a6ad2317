import { removeStatement } from '../statement-removal.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { Notice } from '../../plan/change.ts';
import { displayName } from '../../plan/database-schema.ts';
import type { Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { removeInverseSides } from './inverse.ts';
import { type Registry, unregister } from './register.ts';

/** Takes a dropped entity's declaration out, its file where nothing else is in it, and what names it in lists. */
export function dropEntity(run: Run, registry: Registry, draft: EntityDraft, isFileGone: boolean): void {
  const { source } = draft;
  if (source === undefined) return;
  run.editing.edit(source.file.path, removeStatement(source.file.text, source));
  unregister(run, registry, draft, isFileGone);
  removeInverseSides(run, draft);
}

/** What still says the name of a dropped entity once everything is edited: for people to look at. */
export function stillReferring(
  drafts: readonly EntityDraft[],
  run: Pick<Run, 'editing'>,
  edits: readonly FileEdit[],
): Notice[] {
  const after = new Map(edits.map((edit) => [edit.path, edit.after]));
  return drafts
    .filter(({ isDropped, entity }) => isDropped && entity !== undefined)
    .flatMap((draft) =>
      run.editing.sources.filesWith(draft.exported).flatMap((file): Notice[] => {
        const text = after.has(file.path) ? after.get(file.path) : file.text;
        const at = text === null || text === undefined ? -1 : codeIndex(text, draft.exported);
        if (at === -1) return [];
        return [
          {
            severity: 'warning',
            rule: 'still-refers',
            message: `${draft.exported} of the dropped table ${displayName(draft.entity!.table)} is still named here`,
            file: file.path,
            line: text!.slice(0, at).split('\n').length,
          },
        ];
      }),
    );
}

/** Where a word stands in code: behind the imports where it can be, comments left out. */
function codeIndex(text: string, word: string): number {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(^|[ \t])\/\/[^\n]*/gm, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  const pattern = new RegExp(`(?<![\\w$./'"-])${word}(?![\\w$'"])`, 'g');
  const places = [...code.matchAll(pattern)].map(({ index }) => index);
  const isImport = (at: number) => /^\s*import\b/.test(code.slice(code.lastIndexOf('\n', at - 1) + 1));
  return places.find((at) => !isImport(at)) ?? places[0] ?? -1;
}
