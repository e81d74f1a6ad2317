import type { Change } from '../../../plan/change.ts';
import { displayName, type TableDef } from '../../../plan/database-schema.ts';
import { columnKey } from '../conventions.ts';
import type { ChangeContext } from '../change-context.ts';
import type { ColumnDraft, TableDraft } from '../draft.ts';
import { blankColumn } from '../drafts.ts';
import { refuse } from '../find.ts';
import { wordsOf } from '../../case.ts';
import { mapName } from '../../word-names.ts';
import { addForeignKey } from './foreign-key.ts';
import { addCheck, addIndex } from './index-and-check.ts';
import { setPrimaryKey } from './primary-key.ts';
import { addUnique } from './unique.ts';

/** A new table: a draft without a model. Its file and variable are decided from the neighbours. */
export function createTable(
  changing: ChangeContext,
  change: Extract<Change, { kind: 'create-table' }>,
): void {
  const { table } = change;
  const place = changing.placeTable(change);
  const draft: TableDraft = {
    name: { schema: table.schema, name: table.name },
    variable: place.variable,
    path: place.path,
    model: undefined,
    listed: undefined,
    extras: undefined,
    columns: newColumns(changing, table, place.path),
    droppedExtras: new Set(),
    addedExtras: [],
    changedActions: new Map(),
    addedKeys: [],
    droppedKeys: [],
    comment: table.description,
    isDropped: false,
  };
  changing.drafts.add(draft);
  if (table.primaryKey) setPrimaryKey(draft, table.primaryKey);
  for (const unique of table.uniques) addUnique(changing, draft, unique);
  for (const index of table.indexes) addIndex(draft, index);
  for (const foreignKey of table.foreignKeys) addForeignKey(changing, draft, foreignKey);
  for (const check of table.checks) addCheck(draft, check);
}

function newColumns(changing: ChangeContext, table: TableDef, path: string): ColumnDraft[] {
  const wordCase = changing.keyCaseOf(path);
  return table.columns.map((column) =>
    blankColumn(columnKey(column.name, wordCase, changing.input.casing), column, { kind: 'new' }),
  );
}

/** The name in the database; the variable too where it is made of the old name. */
export function renameTable(
  changing: ChangeContext,
  change: Extract<Change, { kind: 'rename-table' }>,
): void {
  const draft = changing.drafts.open(change.table);
  if (draft.model !== undefined && draft.model.nameLiteral === undefined) {
    throw refuse(
      draft,
      `the name of the table ${displayName(draft.name)} is held by a variable`,
      'Change that variable by hand, and leave the rename to drizzle-kit.',
    );
  }
  const variable = renamedVariable(draft.variable, change.table.name, change.to, changing);
  draft.name = { schema: draft.name.schema, name: change.to };
  draft.variable = variable;
}

/** `orderItems` of order_items becomes `lineItems` of line_items; a variable of another origin stays. */
function renamedVariable(variable: string, from: string, to: string, { prefixOf }: ChangeContext): string {
  const prefix = prefixOf(from);
  const [bareFrom, bareTo] = [
    from.slice(prefix.length),
    to.startsWith(prefix) ? to.slice(prefix.length) : to,
  ];
  const isDerived = wordsOf(bareFrom).every((word) =>
    variable.toLowerCase().includes(word.replace(/(ies|es|s)$/, '')),
  );
  if (!isDerived) return variable;
  const camel = (name: string) => columnKey(name, 'camel', undefined);
  return mapName(variable, { from: camel(bareFrom), to: camel(bareTo) }) ?? variable;
}

export function dropTable(changing: ChangeContext, change: Extract<Change, { kind: 'drop-table' }>): void {
  changing.drafts.open(change.table).isDropped = true;
}

/** A table's description becomes a comment in the source: Drizzle has no other place for it. */
export function commentTable(changing: ChangeContext, change: Extract<Change, { kind: 'comment' }>): void {
  changing.drafts.open(change.table).comment = change.text;
}
