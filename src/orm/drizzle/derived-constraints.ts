import type { ForeignKeyDef, UniqueDef } from '../../plan/database-schema.ts';
import type { SnapshotObject } from './snapshot-objects.ts';

/*
 * A derived name follows the renames of a plan, in the plan's changes at once, in a snapshot only with the next one: what
 * a change drops or alters bears another name in the snapshot before it, and is known by its columns.
 */

/** Whether an object of a snapshot is this unique constraint, whatever its derived name is there. */
export function isDerivedUnique(unique: UniqueDef, object: SnapshotObject | undefined): boolean {
  if (unique.named || object?.kind !== 'unique') return false;
  const { columns, nullsNotDistinct } = object.definition;
  return isEqual([columns, nullsNotDistinct], [unique.columns, unique.nullsNotDistinct]);
}

/** Whether an object of a snapshot is this foreign key, whatever its derived name and its actions are there. */
export function isDerivedForeignKey(key: ForeignKeyDef, object: SnapshotObject | undefined): boolean {
  if (key.named || object?.kind !== 'foreign key') return false;
  const { columnsFrom, schemaTo, tableTo, columnsTo } = object.definition;
  const { schema, name, columns } = key.references;
  return isEqual([columnsFrom, schemaTo, tableTo, columnsTo], [key.columns, schema, name, columns]);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
