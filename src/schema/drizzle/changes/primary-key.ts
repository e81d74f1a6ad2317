import type { PrimaryKeyDef } from '../../../plan/database-schema.ts';
import type { TableDraft } from '../draft.ts';
import { columnsIn, linkNamed, liveExtras } from '../find.ts';
import { dropAdded } from './index-and-check.ts';
import { canCarry } from './unique.ts';

/** `.primaryKey()` on one column without a name of its own, `primaryKey({ columns })` for the rest; what was there goes. */
export function setPrimaryKey(draft: TableDraft, primaryKey: PrimaryKeyDef): void {
  dropPrimaryKey(draft);
  const columns = columnsIn(draft, primaryKey.columns);
  const [column] = columns;
  if (columns.length === 1 && column !== undefined && !primaryKey.named && canCarry(column)) {
    column.primaryKey = linkNamed(column, /^primaryKey$/) === undefined ? 'add' : undefined;
  } else {
    draft.addedExtras.push({ kind: 'primaryKey', primaryKey, columns });
  }
}

function dropPrimaryKey(draft: TableDraft): void {
  dropAdded(draft, (spec) => spec.kind === 'primaryKey');
  for (const column of draft.columns) {
    column.primaryKey = linkNamed(column, /^primaryKey$/) === undefined ? undefined : 'remove';
  }
  for (const entry of liveExtras(draft))
    if (entry.chain?.root === 'primaryKey') draft.droppedExtras.add(entry.index);
}
