import { displayName } from '../../plan/database-schema.ts';
import type { Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { goneMembers } from './inverse.ts';
import { entityFilesNear } from './neighbours.ts';
import { thisUses, withChildren } from './this-uses.ts';

/** Tells where a property that goes is still used: in methods of its class, and in files that know the class. */
export function tellDrops(run: Run): void {
  for (const draft of run.drafts.all) {
    if (draft.isDropped || draft.source?.kind !== 'class') continue;
    const gone = goneMembers(draft);
    if (gone.size === 0) continue;
    for (const family of withChildren(run, draft.source))
      for (const { name, span } of thisUses(family, gone))
        tell(run, draft, name, { path: family.file.path, text: family.file.text, at: span.start });
    for (const name of gone) tellOthers(run, draft, name);
  }
}

function tellOthers(run: Run, draft: EntityDraft, name: string): void {
  const entityFiles = new Set(entityFilesNear(draft.path, run.editing.sources));
  const access = new RegExp(`\\.${name}\\b(?!\\s*\\()`);
  for (const { path, text } of run.editing.sources.filesWith(draft.exported)) {
    const at = entityFiles.has(path) ? -1 : text.search(access);
    if (at !== -1) tell(run, draft, name, { path, text, at });
  }
}

function tell(
  { editing }: Run,
  draft: EntityDraft,
  name: string,
  { path, text, at }: { readonly path: string; readonly text: string; readonly at: number },
): void {
  editing.notice({
    severity: 'warning',
    rule: 'property-still-used',
    message: `${draft.exported}.${name} goes with its column of ${displayName(draft.name)}, and may still be used here`,
    file: path,
    line: text.slice(0, at).split('\n').length,
  });
}
