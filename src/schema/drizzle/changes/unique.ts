import type { UniqueDef } from '../../../plan/database-schema.ts';
import type { ChangeContext } from '../change-context.ts';
import { drizzleNames } from '../../../plan/naming.ts';
import type { ColumnDraft, TableDraft } from '../draft.ts';
import { columnIn, columnsIn, linkNamed, liveExtras, nameOfExtra } from '../find.ts';
import { literalText } from '../chain.ts';
import { dropAdded, isGoneWithColumn, namesOfExtra, notFound } from './index-and-check.ts';

/** On the column where one column can carry it, else in the third argument. */
export function addUnique(changing: ChangeContext, draft: TableDraft, unique: UniqueDef): void {
  const columns = columnsIn(draft, unique.columns);
  const [column] = columns;
  const isOnColumn =
    columns.length === 1 &&
    column !== undefined &&
    canCarry(column) &&
    changing.conventionOf(draft).unique === 'column';
  if (isOnColumn) column.unique = { kind: 'add', unique };
  else draft.addedExtras.push({ kind: 'unique', unique, columns });
}

/** A builder chain of this table; a spread or a shorthand is shared with other tables. */
export function canCarry(column: ColumnDraft): boolean {
  return (
    column.origin.kind === 'new' ||
    (column.origin.kind === 'listed' && column.origin.column.chain !== undefined)
  );
}

export function dropUnique(draft: TableDraft, unique: UniqueDef): void {
  if (dropAdded(draft, (spec) => spec.kind === 'unique' && spec.unique.name === unique.name)) return;
  const entry = liveExtras(draft).find((each) => {
    if (each.chain?.root !== 'unique') return false;
    const name = nameOfExtra(each);
    return (
      name === unique.name || (name === undefined && isSameList(namesOfExtra(draft, each), unique.columns))
    );
  });
  if (entry !== undefined) return void draft.droppedExtras.add(entry.index);
  if (isGoneWithColumn(draft, unique.columns)) return;
  if (unique.columns.length !== 1 || !dropFromColumn(columnIn(draft, unique.columns[0]!), draft, unique)) {
    throw notFound(draft, `unique constraint ${unique.name}`);
  }
}

function dropFromColumn(column: ColumnDraft, draft: TableDraft, unique: UniqueDef): boolean {
  if (column.unique?.kind === 'add') {
    column.unique = undefined;
    return true;
  }
  const link = linkNamed(column, /^unique$/);
  if (link === undefined) return false;
  const written = literalText(link.call.arguments[0]);
  const derived = drizzleNames.unique(draft.model?.name ?? draft.name.name, [column.before.name]);
  if (unique.name !== (written ?? derived) && unique.named) return false;
  column.unique = { kind: 'remove' };
  return true;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
