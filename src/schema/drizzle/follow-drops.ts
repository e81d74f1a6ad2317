import { displayName } from '../../plan/database-schema.ts';
import { companionsOf } from './companions.ts';
import type { TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import { removeItems } from '../list-edit.ts';
import type { TableModel } from './model.ts';
import { locate, notEditable } from '../parse.ts';
import { readRelations, type RelationsBlock } from './relations-model.ts';
import { isRemoved, removedSpans } from './removed-spans.ts';
import { removeStatements } from '../statement-removal.ts';
import { type Use, usesOf } from './uses.ts';
import type { SchemaFile, Span } from '../source-file.ts';

type ExistingDraft = TableDraft & { readonly model: TableModel };

/** Takes dropped tables out of their files, and whatever still means a dropped table or column out of the others. */
export function followDrops(editing: Editing, drafts: Drafts): void {
  const existing = drafts.all.filter((draft): draft is ExistingDraft => draft.model !== undefined);
  const dropped = existing.filter((draft) => draft.isDropped);
  const changed = existing.filter(
    (draft) => !draft.isDropped && draft.columns.some((column) => column.isDropped),
  );
  if (dropped.length + changed.length === 0) return;
  const removed = removedSpans(editing, drafts);
  for (const draft of dropped)
    followUses(
      editing,
      drafts,
      draft,
      (use) => use.kind === 'variable' && !isRemoved(removed, use.file.path, use.span),
    );
  for (const draft of changed)
    followUses(
      editing,
      drafts,
      draft,
      (use) => !isRemoved(removed, use.file.path, use.span) && isDroppedKey(draft, use),
    );
  for (const path of new Set(dropped.map((draft) => draft.path)))
    removeTables(
      editing,
      dropped.filter((draft) => draft.path === path),
    );
}

function isDroppedKey(draft: TableDraft, use: Use): boolean {
  if (!('key' in use)) return false;
  return draft.columns.some(
    (column) => column.isDropped && column.origin.kind === 'listed' && column.origin.column.key === use.key,
  );
}

function followUses(
  editing: Editing,
  drafts: Drafts,
  draft: ExistingDraft,
  isLeft: (use: Use) => boolean,
): void {
  const handled = new Map<string, Set<number>>();
  for (const use of usesOf(editing, draft.model).filter(isLeft)) {
    if (use.kind === 'listed' || use.kind === 'text') continue;
    const table =
      editing.model.tables.find(
        (each) => each.file.path === use.file.path && contains(each.statement, use.span),
      ) ?? tableAround(drafts, use);
    if (use.kind === 'schema-key') removeKey(editing, use, handled);
    else if (table !== undefined) throw stillUsed(draft, use, table.variable);
    else if (isPassedOn(use)) continue;
    else if (draft.isDropped && use.kind === 'variable' && !use.isType)
      throw stillUsed(draft, use, 'code outside of the tables');
    else noticeUse(editing, draft, use);
  }
}

function tableAround(drafts: Drafts, use: Use): TableModel | undefined {
  return drafts.all.find(
    (each) =>
      each.model !== undefined && each.path === use.file.path && contains(each.model.statement, use.span),
  )?.model;
}

function contains(outer: Span, inner: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** Lists and objects of a barrel are its own editor's. */
function isPassedOn({ file, span }: Use): boolean {
  const around = file.text.slice(0, span.start).trimEnd().at(-1);
  const behind = file.text.slice(span.end).trimStart()[0];
  return /[{,]/.test(around ?? '') && /[,}]/.test(behind ?? '');
}

function removeKey(
  editing: Editing,
  use: Use & { kind: 'schema-key' },
  handled: Map<string, Set<number>>,
): void {
  const id = `${use.file.path}#${use.list.open}`;
  const done = handled.get(id) ?? new Set();
  handled.set(id, done.add(use.index));
  for (const edit of removeItems(use.file.text, use.list, [use.index])) editing.edit(use.file.path, edit);
}

function stillUsed(draft: ExistingDraft, use: Use, by: string): Error {
  const what =
    'key' in use && !draft.isDropped
      ? `the column ${use.key} of ${displayName(draft.name)}`
      : `the table ${displayName(draft.name)}`;
  return notEditable(
    `${what} is still used by ${by}`,
    { file: use.file, offset: use.span.start },
    'Drop what uses it in the same plan, or change that by hand first, and run again.',
  );
}

function noticeUse(editing: Editing, draft: ExistingDraft, use: Use): void {
  const { line } = locate(use.file.text, use.span.start);
  const what = 'key' in use && !draft.isDropped ? `${draft.variable}.${use.key}` : draft.variable;
  editing.notice({
    severity: 'warning',
    rule: 'drop-not-followed',
    message: `${what} is dropped but still used here: change it by hand`,
    file: use.file.path,
    line,
  });
}

/** The declarations of one file with their row types, schemas and relations; the names leave the barrels. */
function removeTables(editing: Editing, drafts: readonly ExistingDraft[]): void {
  const [first] = drafts;
  if (first === undefined) return;
  const { file } = first.model;
  const companions = drafts.flatMap((draft) => companionsOf(file.ast, draft.model.variable));
  const gone = [...drafts.map((draft) => draft.model.statement), ...companions];
  for (const edit of removeStatements(file.text, gone)) editing.edit(file.path, edit);
  const blocks = drafts.flatMap((draft) => relationsOf(editing, draft.model));
  const values = [
    ...drafts.map((draft) => draft.model.variable),
    ...companions.filter((each) => each.kind === 'value').map((each) => each.name),
  ];
  const own = blocks.filter((block) => block.file.path === file.path);
  const isEmpty = isEmptyWithout(file, [...gone, ...own.map((block) => block.statement)]);
  const types = companions.filter((each) => each.kind === 'type').map((each) => each.name);
  editing.unregister(
    file.path,
    { values: [...values, ...own.map((block) => block.variable)], types },
    { isEmpty },
  );
  for (const block of blocks)
    if (block.file.path !== file.path)
      editing.unregister(
        block.file.path,
        { values: [block.variable], types: [] },
        { isEmpty: isEmptyWithout(block.file, [block.statement]) },
      );
}

function relationsOf(editing: Editing, table: TableModel): RelationsBlock[] {
  return editing
    .filesWith('relations')
    .flatMap(readRelations)
    .filter((block) => block.table === table.variable);
}

function isEmptyWithout(file: SchemaFile, gone: readonly Span[]): boolean {
  const starts = new Set(gone.map((span) => span.start));
  return file.ast.statements.every(
    (statement) => starts.has(statement.getStart(file.ast)) || /^import\b/.test(statement.getText(file.ast)),
  );
}
