import { ts } from '../../compiler.cjs';
import { displayName, type ForeignKeyDef } from '../../../plan/database-schema.ts';
import type { ChangeContext } from '../change-context.ts';
import type { ColumnDraft, KeyTarget, ReferentialActions, TableDraft } from '../draft.ts';
import { columnsIn, linkNamed, liveExtras, nameOfExtra, optionOf, owners, refuse } from '../find.ts';
import type { ExtraModel } from '../model.ts';
import { keysUsed } from '../read-extras.ts';
import { dropAdded, isGoneWithColumn, notFound } from './index-and-check.ts';
import { canCarry } from './unique.ts';

/** `.references()` on one column with the derived name; `foreignKey()` for several columns, a given name, or that convention. */
export function addForeignKey(changing: ChangeContext, draft: TableDraft, foreignKey: ForeignKeyDef): void {
  const columns = columnsIn(draft, foreignKey.columns);
  const [column] = columns;
  const target = targetOf(changing, draft, foreignKey);
  const isOnColumn =
    columns.length === 1 &&
    !foreignKey.named &&
    column !== undefined &&
    canCarry(column) &&
    column.references === undefined &&
    changing.conventionOf(draft).foreignKey === 'column';
  if (isOnColumn) column.references = { kind: 'add', foreignKey, target };
  else draft.addedExtras.push({ kind: 'foreignKey', foreignKey, columns, target });
  draft.addedKeys.push({ columns, target });
}

function targetOf(
  { drafts }: ChangeContext,
  draft: TableDraft,
  { name, references }: ForeignKeyDef,
): KeyTarget {
  const table = drafts.find(references);
  if (table !== undefined) return { table, columns: columnsIn(table, references.columns) };
  throw refuse(
    draft,
    `the table ${displayName(references)}, which ${name} refers to, was not found in the schema source`,
    'Declare it in a file that drizzle-kit loads and run again.',
  );
}

export function dropForeignKey(draft: TableDraft, foreignKey: ForeignKeyDef): void {
  forgetAdded(draft, foreignKey);
  if (dropAdded(draft, (spec) => spec.kind === 'foreignKey' && spec.foreignKey.name === foreignKey.name))
    return;
  if (isGoneWithColumn(draft, foreignKey.columns)) return;
  const columns = columnsIn(draft, foreignKey.columns);
  const { references } = foreignKey;
  draft.droppedKeys.push({ columns, target: references, targetColumns: references.columns });
  const entry = entryOf(draft, foreignKey, columns);
  const [column] = columns;
  if (entry !== undefined) draft.droppedExtras.add(entry.index);
  else if (column?.references?.kind === 'add') column.references = undefined;
  else if (columns.length === 1 && column !== undefined && linkNamed(column, /^references$/))
    column.references = { kind: 'remove' };
  else throw notFound(draft, `foreign key ${foreignKey.name}`);
}

/** Other actions for an existing key: written where the key stands. */
export function alterForeignKey(
  draft: TableDraft,
  foreignKey: ForeignKeyDef,
  { onDelete, onUpdate }: ReferentialActions,
): void {
  const columns = columnsIn(draft, foreignKey.columns);
  const entry = entryOf(draft, foreignKey, columns);
  const [column] = columns;
  if (entry !== undefined) {
    draft.changedActions.set(entry.index, { onDelete, onUpdate });
  } else if (column !== undefined && columns.length === 1 && linkNamed(column, /^references$/)) {
    column.references = { kind: 'actions', onDelete, onUpdate };
  } else {
    throw notFound(draft, `foreign key ${foreignKey.name}`);
  }
}

function forgetAdded(draft: TableDraft, foreignKey: ForeignKeyDef): void {
  const at = draft.addedKeys.findIndex(
    (key) => key.columns.map((column) => column.def.name).join() === foreignKey.columns.join(),
  );
  if (at !== -1) draft.addedKeys.splice(at, 1);
}

/** By its name, else by the columns that it lists. */
function entryOf(
  draft: TableDraft,
  foreignKey: ForeignKeyDef,
  columns: readonly ColumnDraft[],
): ExtraModel | undefined {
  const keys = liveExtras(draft).filter((entry) => entry.chain?.root === 'foreignKey');
  const byName = keys.find((entry) => nameOfExtra(entry) === foreignKey.name);
  if (byName !== undefined) return byName;
  const wanted = columns
    .map((column) => (column.origin.kind === 'listed' ? column.origin.column.key : column.key))
    .join();
  return keys.find((entry) => nameOfExtra(entry) === undefined && listedKeys(draft, entry).join() === wanted);
}

function listedKeys(draft: TableDraft, entry: ExtraModel): string[] {
  const [options] = entry.chain?.rootCall.arguments ?? [];
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return [];
  const list = optionOf(options, 'columns');
  return list === undefined ? [] : keysUsed(list, owners(draft));
}
