import { companionsOf } from './companions.ts';
import type { TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import { linkNamed } from './find.ts';
import { readRelations } from './relations-model.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** The parts of each file that the plan takes out, by path: what is in them needs no following. */
export function removedSpans(editing: Editing, drafts: Drafts): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map(droppedSpans(drafts));
  for (const file of editing.filesWith('relations'))
    spans.set(file.path, [...(spans.get(file.path) ?? []), ...relationSpans(file)]);
  return spans;
}

/** The same without relations(), in which renamed things are followed. */
export function droppedSpans(drafts: Drafts): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  for (const draft of drafts.all)
    spans.set(draft.path, [...(spans.get(draft.path) ?? []), ...removedIn(draft)]);
  return spans;
}

/** Whether a place lies in a part that goes. */
export function isRemoved(spans: ReadonlyMap<string, readonly Span[]>, path: string, place: Span): boolean {
  return (spans.get(path) ?? []).some((span) => place.start >= span.start && place.end <= span.end);
}

function removedIn(draft: TableDraft): Span[] {
  const { model } = draft;
  if (model === undefined) return [];
  if (draft.isDropped) return [model.statement, ...companionsOf(model.file.ast, model.variable)];
  const columns = draft.columns.flatMap((column): Span[] => {
    if (column.origin.kind !== 'listed') return [];
    if (column.isDropped) return [column.origin.column];
    return column.references?.kind === 'remove'
      ? [linkNamed(column, /^references$/)].filter((link) => link !== undefined)
      : [];
  });
  return [...columns, ...droppedEntries(draft)];
}

function droppedEntries(draft: TableDraft): readonly Span[] {
  if (draft.extras === undefined || draft.extras === 'opaque') return [];
  return draft.extras.entries.filter((entry) => draft.droppedExtras.has(entry.index));
}

/** relations() are followed by their own editor. */
function relationSpans(file: SchemaFile): readonly Span[] {
  return readRelations(file).map((block) => block.statement);
}
