import type { UniqueDef } from '../../plan/database-schema.ts';
import { drizzleNames } from '../../plan/naming.ts';
import type { ColumnDraft } from './draft.ts';
import type { Casing } from './read-columns.ts';

/**
 * Whether a unique constraint gets this very name when none is written. Under `casing` drizzle-orm 0.45 derives it from
 * the keys where columns have no name of their own (`orders_userId_unique`), so only keys that are the names are safe.
 */
export function isDerivedUnique(
  table: string,
  unique: UniqueDef,
  columns: readonly ColumnDraft[],
  casing: Casing,
): boolean {
  if (unique.named || unique.name !== drizzleNames.unique(table, unique.columns)) return false;
  return casing === undefined || columns.every((column) => column.key === column.def.name);
}
