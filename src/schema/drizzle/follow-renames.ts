import { ts } from '../compiler.cjs';
import type { TextEdit } from '../text-edit.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import type { TableModel } from './model.ts';
import { locate, spanOf } from '../parse.ts';
import { droppedSpans } from './removed-spans.ts';
import { type CallWithSql, linkedPolicies, viewsOfSql } from './sql-beyond-table.ts';
import { renameInSql, type SqlRenames } from './sql-names.ts';
import { type Use, usesOf } from './uses.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** Follows renamed tables and columns through every schema file; what cannot be followed becomes a notice. */
export function followRenames(editing: Editing, drafts: Drafts): void {
  const removed = droppedSpans(drafts);
  for (const draft of drafts.all) {
    if (draft.model === undefined || draft.isDropped) continue;
    const keys = renamedKeys(draft);
    const isRenamed = draft.variable !== draft.model.variable;
    if (isRenamed || keys.size > 0) {
      for (const use of usesOf(editing, draft.model))
        followUse(editing, draft, use, keys, (place) => isIn(removed.get(use.file.path), place));
    }
    followSql(editing, draft, draft.model, (place) => isIn(removed.get(draft.path), place));
  }
}

function isIn(spans: readonly Span[] | undefined, place: Span): boolean {
  return (spans ?? []).some((span) => place.start >= span.start && place.end <= span.end);
}

function renamedKeys(draft: TableDraft): ReadonlyMap<string, string> {
  const renamed = draft.columns.flatMap((column) =>
    column.origin.kind === 'listed' && !column.isDropped && column.key !== column.origin.column.key
      ? [[column.origin.column.key, column.key] as const]
      : [],
  );
  return new Map(renamed);
}

function followUse(
  editing: Editing,
  draft: TableDraft,
  use: Use,
  keys: ReadonlyMap<string, string>,
  isGone: (place: Span) => boolean,
): void {
  if (isGone(use.span)) return;
  const { path } = use.file;
  switch (use.kind) {
    case 'listed':
    case 'variable':
      if (use.kind === 'variable' && use.isAliased) return;
      if (draft.variable !== draft.model?.variable) editing.edit(path, { ...use.span, text: draft.variable });
      return;
    case 'key':
    case 'schema-key': {
      const to = keys.get(use.key);
      if (to !== undefined) editing.edit(path, { ...use.span, text: to });
      return;
    }
    case 'binding': {
      const to = keys.get(use.key);
      if (to !== undefined)
        editing.edit(path, { ...use.span, text: use.isRenamed ? to : `${to}: ${use.key}` });
      return;
    }
    case 'text':
      return noticeText(editing, draft, use, keys.get(use.key));
  }
}

/** The old key as a text outside the declaration: it may mean the column, or anything else. */
function noticeText(
  editing: Editing,
  draft: TableDraft,
  use: Use & { kind: 'text' },
  to: string | undefined,
): void {
  const call = draft.model?.call;
  const isOwnName =
    use.file.path === draft.path &&
    call !== undefined &&
    use.span.start >= call.pos &&
    use.span.end <= call.end;
  if (to === undefined || isOwnName) return;
  const { line } = locate(use.file.text, use.span.start);
  editing.notice({
    severity: 'warning',
    rule: 'rename-not-followed',
    message: `'${use.key}' may mean the column that is now ${draft.variable}.${to}: change it by hand if so`,
    file: path(use),
    line,
  });
}

function path(use: Use): string {
  return use.file.path;
}

/** Column names in the sql`…` of the table's own declaration follow too: its checks, partial indexes, generated columns. */
function followSql(
  editing: Editing,
  draft: TableDraft,
  model: TableModel,
  isGone: (place: Span) => boolean,
): void {
  const names = new Map(
    draft.columns.filter(isRenamedColumn).map((column) => [column.before.name, column.def.name]),
  );
  const table = draft.name.name === model.name ? undefined : { from: model.name, to: draft.name.name };
  if (names.size === 0 && table === undefined) return;
  const renames = { columns: names, table };
  for (const { file, edit } of sqlEdits({ file: model.file, call: model.call }, renames))
    if (!isGone(edit)) editing.edit(file.path, edit);
  for (const policy of linkedPolicies(editing, model))
    for (const { file, edit } of sqlEdits(policy, renames)) editing.edit(file.path, edit);
  for (const view of viewsOfSql(editing)) if (namesTable(view, model)) noticeView(editing, view, renames);
}

interface SqlEdit {
  readonly file: SchemaFile;
  readonly edit: TextEdit;
}

/** The edits of the sql`…` in a call. */
function sqlEdits({ file, call }: CallWithSql, renames: SqlRenames): SqlEdit[] {
  const edits: SqlEdit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && isSql(node.tag))
      for (const part of partsOf(node.template)) {
        const span = spanOf(part, file.ast);
        const text = file.text.slice(span.start, span.end);
        const renamed = renameInSql(text, renames);
        if (renamed !== text) edits.push({ file, edit: { ...span, text: renamed } });
      }
    ts.forEachChild(node, visit);
  };
  visit(call);
  return edits;
}

function namesTable({ file, call }: CallWithSql, { name, variable }: TableModel): boolean {
  const words = call.getText(file.ast).split(/[^\w$]+/);
  return words.includes(name) || words.includes(variable);
}

/** A view in SQL of the project's own keeps the names that it gives: Postgres follows in what it has stored, the text stays. */
function noticeView(editing: Editing, view: CallWithSql, renames: SqlRenames): void {
  const { table } = renames;
  const [first] = sqlEdits(view, {
    ...renames,
    columns: new Map([...renames.columns, ...(table ? [[table.from, table.to] as const] : [])]),
  });
  if (first === undefined) return;
  const { file, edit } = first;
  const { line } = locate(file.text, edit.start);
  editing.notice({
    severity: 'warning',
    rule: 'rename-not-followed',
    message: `The view in the database goes on working; its SQL here has the old name: change it by hand with the next change of the view (${edit.text.trim().slice(0, 120)})`,
    file: file.path,
    line,
  });
}

function isRenamedColumn(column: ColumnDraft): boolean {
  return column.origin.kind !== 'new' && column.def.name !== column.before.name;
}

function isSql(tag: ts.Expression): boolean {
  return (
    (ts.isIdentifier(tag) && tag.text === 'sql') ||
    (ts.isPropertyAccessExpression(tag) && tag.name.text === 'sql')
  );
}

function partsOf(template: ts.TemplateLiteral): readonly ts.Node[] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [template];
  return [template.head, ...template.templateSpans.map((span) => span.literal)];
}
