import type { AlterColumn, Change } from '../../../plan/change.ts';
import { displayName } from '../../../plan/database-schema.ts';
import type { ChangeContext } from '../change-context.ts';
import { casedName } from '../../case.ts';
import type { TableDraft } from '../draft.ts';
import { blankColumn } from '../drafts.ts';
import { allKeysOfExtra, editableColumn, liveExtras, refuse } from '../find.ts';
import { columnKey, keyCase, sampleOf } from '../conventions.ts';

export function addColumn(changing: ChangeContext, change: Extract<Change, { kind: 'add-column' }>): void {
  const draft = changing.drafts.open(change.table);
  refuseHiddenColumns(draft);
  const key = keyFor(changing, draft, change.column.name);
  draft.columns.push(blankColumn(key, change.column, { kind: 'new' }));
}

export function alterColumn(changing: ChangeContext, change: AlterColumn): void {
  const draft = changing.drafts.open(change.table);
  const column = editableColumn(draft, change.column.name);
  column.def = {
    ...column.def,
    ...(change.type === undefined ? {} : { type: change.type.to }),
    ...(change.notNull === undefined ? {} : { notNull: change.notNull }),
    ...(change.default === undefined ? {} : { default: change.default.set }),
  };
}

/**
 * A dropped column takes along what Postgres drops with it: every index and constraint of the table that names it.
 * A policy that names it is refused, as Postgres refuses it.
 */
export function dropColumn(changing: ChangeContext, change: Extract<Change, { kind: 'drop-column' }>): void {
  const draft = changing.drafts.open(change.table);
  const column = editableColumn(draft, change.column);
  column.isDropped = true;
  for (const entry of liveExtras(draft)) {
    if (!allKeysOfExtra(draft, entry).includes(column.key)) continue;
    const isKnown = /^(uniqueIndex|index|unique|primaryKey|foreignKey|check)$/.test(entry.chain?.root ?? '');
    if (!isKnown)
      throw refuse(
        draft,
        `the column ${change.column} of ${displayName(draft.name)} is used by ${entry.chain?.root ?? 'an entry'} in its third argument`,
        'Change or remove that entry first.',
        entry.start,
      );
    draft.droppedExtras.add(entry.index);
  }
}

/** The name in the database; the key too when it is the old name's and the plan does not keep it. */
export function renameColumn(
  changing: ChangeContext,
  change: Extract<Change, { kind: 'rename-column' }>,
): void {
  const draft = changing.drafts.open(change.table);
  const column = editableColumn(draft, change.from);
  const oldKey = column.key;
  column.def = { ...column.def, name: change.to };
  if (change.keepProperty !== true && isKeyOf(oldKey, change.from, changing))
    column.key = keyLike(oldKey, change, changing);
}

function isKeyOf(key: string, name: string, { input }: ChangeContext): boolean {
  return (
    key === name || casedName(key, input.casing) === name || columnKey(name, 'camel', input.casing) === key
  );
}

function keyLike(
  oldKey: string,
  { from, to }: { from: string; to: string },
  { input }: ChangeContext,
): string {
  const wasSnake = oldKey === from && /_/.test(from);
  return columnKey(to, wasSnake ? 'snake' : 'camel', input.casing);
}

function keyFor(changing: ChangeContext, draft: TableDraft, name: string): string {
  const own = draft.model === undefined ? [] : [sampleOf(draft.model, changing.input.casing)];
  const hasOwn = own.some((sample) =>
    sample.columns?.columns.some((column) => /[a-z0-9](_[a-z0-9]|[A-Z])/.test(column.key)),
  );
  const wordCase = hasOwn ? keyCase(own) : changing.keyCaseOf(draft.path);
  return columnKey(name, wordCase, changing.input.casing);
}

function refuseHiddenColumns(draft: TableDraft): void {
  if (draft.model === undefined || draft.listed !== undefined) return;
  throw refuse(
    draft,
    `the columns of ${displayName(draft.name)} are not listed in its declaration`,
    'Write them as an object literal in the second argument and run again.',
  );
}
