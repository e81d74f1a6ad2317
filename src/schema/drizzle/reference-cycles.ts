import type { ExtraSpec, ReferenceDraft, TableDraft } from './draft.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Editing } from './editing.ts';

/**
 * Finds the new foreign keys that close a cycle of tables, and marks them: TypeScript infers a table's type from its
 * initialiser, so a cycle needs one written type (measured with tsc: `.references()` and `foreignKey()` alike, whether
 * or not they stand in one file). Only a new key is marked; the lines of the others stay as they are.
 */
export function markCycles(editing: Editing, drafts: readonly TableDraft[]): void {
  const live = drafts.filter((draft) => !draft.isDropped);
  const graph = openGraph(editing, live);
  for (const draft of live) markExtras(draft, graph);
  for (const draft of live) markColumns(draft, graph);
}

interface Graph {
  /** Whether a reference from one table to another would close a cycle. */
  closes(from: TableDraft, to: TableDraft): boolean;
  add(from: TableDraft, to: TableDraft): void;
}

function markExtras(draft: TableDraft, graph: Graph): void {
  if (typeof draft.extras === 'object' && draft.extras.signature.isTyped) return;
  const targets = draft.addedExtras.flatMap(foreignTable).filter((target) => target !== draft);
  draft.extrasCloseCycle = targets.some((target) => graph.closes(draft, target));
  if (!draft.extrasCloseCycle) for (const target of targets) graph.add(draft, target);
}

function markColumns(draft: TableDraft, graph: Graph): void {
  for (const column of draft.columns) {
    const { references } = column;
    if (column.isDropped || !isAdded(references)) continue;
    const { table } = references.target;
    if (graph.closes(draft, table)) column.references = { ...references, closesCycle: true };
    else graph.add(draft, table);
  }
}

function openGraph(editing: Editing, live: readonly TableDraft[]): Graph {
  const known = dependenciesOf(editing);
  const added = new Map<string, string[]>();
  const aimedAt = new Set(live.flatMap((draft) => targetsOf(draft).map(idOf)));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(added.get(from) ?? []), ...known(from)].some((next) => reaches(next, to, seen));
  };
  return {
    closes: (from, to) => {
      const isNewToAll = from.model === undefined && !aimedAt.has(idOf(from));
      return !isNewToAll && reaches(idOf(to), idOf(from));
    },
    add: (from, to) => void added.set(idOf(from), [...(added.get(idOf(from)) ?? []), idOf(to)]),
  };
}

/** The tables that the plan lets a table refer to. */
function targetsOf(draft: TableDraft): TableDraft[] {
  const onColumns = draft.columns.flatMap(({ references }) =>
    isAdded(references) ? [references.target.table] : [],
  );
  return [...onColumns, ...draft.addedExtras.flatMap(foreignTable)];
}

function foreignTable(spec: ExtraSpec): TableDraft[] {
  return spec.kind === 'foreignKey' ? [spec.target.table] : [];
}

function isAdded(
  references: ReferenceDraft | undefined,
): references is Extract<ReferenceDraft, { kind: 'add' }> {
  return references?.kind === 'add';
}

/** As `dependenciesOf` names it: by what the source calls it now. */
function idOf({ path, model, variable }: TableDraft): string {
  return `${path}#${model?.variable ?? variable}`;
}
