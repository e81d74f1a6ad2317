import { type CheckDef, displayName, type IndexDef } from '../../../plan/database-schema.ts';
import { columnsOf } from '../../../postgres/sql.ts';
import type { ColumnDraft, TableDraft } from '../draft.ts';
import { columnIn, keysOfExtra, liveExtras, nameOfExtra, refuse } from '../find.ts';
import type { ExtraModel } from '../model.ts';
import { drizzleNames } from '../../../plan/naming.ts';

export function addIndex(draft: TableDraft, index: IndexDef): void {
  const columns = index.columns
    .filter((column) => !column.isExpression)
    .map((column) => columnIn(draft, column.expression));
  draft.addedExtras.push({ kind: 'index', index, columns });
}

export function addCheck(draft: TableDraft, check: CheckDef): void {
  const names = new Set(columnsOf(check.expression));
  const columns = draft.columns.filter((column) => !column.isDropped && names.has(column.def.name));
  draft.addedExtras.push({ kind: 'check', check, columns });
}

export function dropIndex(draft: TableDraft, index: IndexDef): void {
  if (dropAdded(draft, (spec) => spec.kind === 'index' && spec.index.name === index.name)) return;
  const names = index.columns.map((column) => column.expression);
  const entry = liveExtras(draft).find((each) => {
    if (!/^(uniqueIndex|index)$/.test(each.chain?.root ?? '')) return false;
    return (
      (nameOfExtra(each) ?? drizzleNames.index(draft.name.name, namesOfExtra(draft, each))) === index.name
    );
  });
  if (entry !== undefined) draft.droppedExtras.add(entry.index);
  else if (!isGoneWithColumn(draft, names)) throw notFound(draft, `index ${index.name}`);
}

export function dropCheck(draft: TableDraft, check: CheckDef): void {
  if (dropAdded(draft, (spec) => spec.kind === 'check' && spec.check.name === check.name)) return;
  const entry = liveExtras(draft).find(
    (each) => each.chain?.root === 'check' && nameOfExtra(each) === check.name,
  );
  if (entry !== undefined) draft.droppedExtras.add(entry.index);
  else if (!isGoneWithColumn(draft, columnsOf(check.expression)))
    throw notFound(draft, `check ${check.name}`);
}

/** An entry that the same plan adds is simply not written. */
export function dropAdded(
  draft: TableDraft,
  matches: (spec: TableDraft['addedExtras'][number]) => boolean,
): boolean {
  const at = draft.addedExtras.findIndex(matches);
  if (at !== -1) draft.addedExtras.splice(at, 1);
  return at !== -1;
}

/** The names in the database of the columns that an entry is about. */
export function namesOfExtra(draft: TableDraft, entry: ExtraModel): string[] {
  return keysOfExtra(draft, entry).map((key) => keyOwner(draft, key)?.before.name ?? key);
}

/** The column whose key the source has: keys may have been renamed since. */
function keyOwner(draft: TableDraft, key: string): ColumnDraft | undefined {
  return draft.columns.find(
    (column) => (column.origin.kind === 'listed' ? column.origin.column.key : column.key) === key,
  );
}

/** Dropping a column has dropped what was made of it already. */
export function isGoneWithColumn(draft: TableDraft, names: readonly string[]): boolean {
  return names.some((name) =>
    draft.columns.some((column) => column.isDropped && column.before.name === name),
  );
}

export function notFound(draft: TableDraft, what: string): Error {
  const where =
    draft.extras === 'opaque'
      ? 'its third argument is no literal that can be edited'
      : 'it is not written there as a call with that name';
  return refuse(
    draft,
    `the ${what} was not found in the declaration of ${displayName(draft.name)}: ${where}`,
    'Remove it from the source by hand and run again, or write it as drizzle-kit documents it.',
  );
}
