import { type ForeignKeyDef, displayName, findTable, type ObjectName } from '../database-schema.ts';
import type { ModifyTableDocument, PlanPath } from '../plan.ts';
import {
  addCheck,
  addForeignKey,
  addIndexes,
  addUnique,
  modifyForeignKey,
  setPrimaryKey,
} from './add-to-table.ts';
import { addColumn, addColumnConstraints, readAddedFields } from './add-columns.ts';
import { conflict, emit, type Resolving } from './context.ts';
import { dropColumn } from './drop-columns.ts';
import { dropCheck, dropForeignKey, dropIndex, dropUnique } from './drops.ts';
import { entryCheck, entryForeignKey, entryUnique } from './fields.ts';
import { formerName } from './former-names.ts';
import { compareTypes } from './foreign-key.ts';
import { findColumn, noSuchTable, tableNow } from './lookup.ts';
import { modifyColumn } from './modify-column.ts';
import { resolveRenameColumn, resolveRenameTable } from './renames.ts';

/** A change plan at work: the table by its name from here on, and by the one that history knows. */
export interface Modifying {
  readonly table: ObjectName;
  readonly formerTable: ObjectName;
  readonly document: ModifyTableDocument;
  /** The path of `changes`. */
  readonly at: PlanPath;
}

/**
 * Resolves the changes of one table in the order in which Postgres can carry them out: renames, drops of what stands
 * in the way, new columns, altered ones, dropped ones, then what is new on them.
 */
export async function resolveModifyTable(
  resolving: Resolving,
  document: ModifyTableDocument,
  path: PlanPath,
): Promise<void> {
  const modifying = await findModified(resolving, document, path);
  await renameColumns(resolving, modifying);
  await dropConstraints(resolving, modifying);
  await changeColumns(resolving, modifying);
  await addConstraints(resolving, modifying);
  const { comment } = document.changes;
  if (comment !== undefined && tableNow(resolving, modifying.table).description !== comment)
    emit(resolving, { kind: 'comment', table: modifying.table, text: comment });
  needComparableKeys(resolving, modifying);
}

async function findModified(
  resolving: Resolving,
  document: ModifyTableDocument,
  path: PlanPath,
): Promise<Modifying> {
  const named = { schema: document.schema ?? 'public', name: document.table_name };
  const formerTable = formerName(resolving, named);
  const at = [...path, 'changes'];
  const { rename_table: to } = document.changes;
  if (to !== undefined) {
    const table = await resolveRenameTable(resolving, {
      table: named,
      to,
      path,
      toPath: [...at, 'rename_table'],
    });
    return { table, formerTable, document, at };
  }
  if (!findTable(resolving.schema, named)) throw noSuchTable(resolving, named, [...path, 'table_name']);
  return { table: named, formerTable, document, at };
}

async function renameColumns(
  resolving: Resolving,
  { table, formerTable, document, at }: Modifying,
): Promise<void> {
  const entries = [
    ...(document.changes.rename_columns ?? []).map(({ from, to, keep_property: keeps }, index) => ({
      from,
      to,
      keepProperty: keeps === true,
      path: [...at, 'rename_columns', index],
      keys: ['from', 'to'] as const,
    })),
    ...(document.changes.modify_columns ?? []).flatMap(({ name: from, rename_to: to }, index) =>
      to === undefined
        ? []
        : [
            {
              from,
              to,
              keepProperty: false,
              path: [...at, 'modify_columns', index],
              keys: ['name', 'rename_to'] as const,
            },
          ],
    ),
  ];
  for (const { from, to, keepProperty, path, keys } of entries) {
    await resolveRenameColumn(resolving, {
      table,
      formerTable,
      from,
      to,
      keepProperty,
      fromPath: [...path, keys[0]],
      toPath: [...path, keys[1]],
    });
  }
}

async function dropConstraints(resolving: Resolving, modifying: Modifying): Promise<void> {
  const { changes } = modifying.document;
  const { at } = modifying;
  for (const [index, name] of (changes.drop_foreign_keys ?? []).entries())
    await dropForeignKey(resolving, modifying, name, [...at, 'drop_foreign_keys', index]);
  for (const [index, name] of (changes.drop_checks ?? []).entries())
    await dropCheck(resolving, modifying, name, [...at, 'drop_checks', index]);
  for (const [index, name] of (changes.drop_unique ?? []).entries())
    await dropUnique(resolving, modifying, name, [...at, 'drop_unique', index]);
  for (const [index, name] of (changes.drop_indexes ?? []).entries())
    await dropIndex(resolving, modifying, name, [...at, 'drop_indexes', index]);
}

async function changeColumns(resolving: Resolving, modifying: Modifying): Promise<void> {
  const { changes } = modifying.document;
  const { at } = modifying;
  const before = tableNow(resolving, modifying.table);
  const dropped = (changes.drop_columns ?? []).map((name, index) => ({
    name,
    path: [...at, 'drop_columns', index],
    isGenerated: findColumn(before, name)?.generated !== undefined,
  }));
  // What a generated column is computed from gets no other type while it is there.
  for (const { name, path, isGenerated } of dropped)
    if (isGenerated) await dropColumn(resolving, modifying, name, path);
  for (const read of readAddedFields(modifying)) await addColumn(resolving, modifying, read);
  for (const [index, column] of (changes.modify_columns ?? []).entries())
    modifyColumn(resolving, modifying, column, [...at, 'modify_columns', index]);
  if (changes.primary_key)
    setPrimaryKey(resolving, modifying, { columns: changes.primary_key, path: [...at, 'primary_key'] });
  for (const { name, path, isGenerated } of dropped)
    if (!isGenerated) await dropColumn(resolving, modifying, name, path);
}

async function addConstraints(resolving: Resolving, modifying: Modifying): Promise<void> {
  const { changes } = modifying.document;
  const { at, table } = modifying;
  await addIndexes(resolving, modifying);
  for (const read of readAddedFields(modifying)) await addColumnConstraints(resolving, modifying, read);
  for (const [index, unique] of (changes.add_unique ?? []).entries())
    addUnique(resolving, modifying, entryUnique(unique, [...at, 'add_unique', index]));
  for (const [index, key] of (changes.add_foreign_keys ?? []).entries()) {
    await addForeignKey(
      resolving,
      modifying,
      entryForeignKey(key, [...at, 'add_foreign_keys', index], table.schema),
    );
  }
  for (const [index, key] of (changes.modify_foreign_keys ?? []).entries())
    modifyForeignKey(resolving, modifying, key, [...at, 'modify_foreign_keys', index]);
  for (const [index, check] of (changes.add_checks ?? []).entries())
    addCheck(resolving, modifying, entryCheck(check, [...at, 'add_checks', index]));
}

/** A type change must leave every foreign key of the table, and every one that refers to it, with types that compare. */
function needComparableKeys(resolving: Resolving, { table, document, at }: Modifying): void {
  const newTypes = (document.changes.modify_columns ?? []).flatMap((column, index) =>
    column.new_type === undefined ? [] : [{ names: [column.name, column.rename_to], index }],
  );
  for (const { names, index } of newTypes) {
    for (const { owner, key } of keysAbout(resolving, table, names))
      needComparable(resolving, owner, key, [...at, 'modify_columns', index, 'new_type']);
  }
}

function keysAbout(
  resolving: Resolving,
  table: ObjectName,
  names: readonly (string | undefined)[],
): { owner: ObjectName; key: ForeignKeyDef }[] {
  const same = (name: ObjectName) => displayName(name) === displayName(table);
  return resolving.schema.tables.flatMap((owner) =>
    owner.foreignKeys
      .filter(
        (key) =>
          (same(owner) && key.columns.some((column) => names.includes(column))) ||
          (same(key.references) && key.references.columns.some((column) => names.includes(column))),
      )
      .map((key) => ({ owner, key })),
  );
}

function needComparable(resolving: Resolving, owner: ObjectName, key: ForeignKeyDef, path: PlanPath): void {
  const [from, to] = [tableNow(resolving, owner), tableNow(resolving, key.references)];
  key.columns.forEach((name, position) => {
    const [column, target] = [findColumn(from, name), findColumn(to, key.references.columns[position] ?? '')];
    if (!column || !target || compareTypes(column.type, target.type) !== 'different') return;
    const message = `${displayName(from)}.${name} would be ${column.type} and ${displayName(to)}.${target.name} ${target.type}: the foreign key ${key.name} needs the same type on both sides`;
    throw conflict(resolving, path, message, {
      hint: 'Change both columns: drop the foreign key first, and add it again in a plan of its own.',
    });
  });
}
