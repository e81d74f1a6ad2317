import {
  type DatabaseSchema,
  displayName,
  findTable,
  isSameObject,
  type ObjectName,
} from '../database-schema.ts';
import type { PlanDocument, PlanPath } from '../plan.ts';
import { conflict, emit, type Resolving, tellDone } from './context.ts';
import { noSuchTable } from './lookup.ts';

type DropTableDocument = Extract<PlanDocument, { migration_type: 'drop_table' }>;

/** Resolves a drop. A table that is gone counts as dropped when an earlier state of the schema had it. */
export async function resolveDropTable(
  resolving: Resolving,
  document: DropTableDocument,
  path: PlanPath,
): Promise<void> {
  const name = { schema: document.schema ?? 'public', name: document.table_name };
  const at = [...path, 'table_name'];
  if (!findTable(resolving.schema, name)) {
    if (await resolving.context.hadName({ kind: 'table', name }))
      return tellDone(resolving, `drop of ${displayName(name)}`, at);
    throw noSuchTable(resolving, name, at);
  }
  const keys = keysOfOthersTo(resolving.schema, name);
  if (keys.length > 0) {
    throw conflict(
      resolving,
      at,
      `${displayName(name)} is referred to by ${keys.map(({ key, table }) => `${key} of ${table}`).join(', ')}`,
      {
        hint: 'Drop those foreign keys in the same plan, in a document before this one (modify_existing, drop_foreign_keys), or drop their tables first.',
      },
    );
  }
  emit(resolving, { kind: 'drop-table', table: name });
}

/** Foreign keys of other tables that refer to this one. */
function keysOfOthersTo(schema: DatabaseSchema, name: ObjectName): { key: string; table: string }[] {
  return schema.tables
    .filter((table) => !isSameObject(table, name))
    .flatMap((table) =>
      table.foreignKeys
        .filter((key) => isSameObject(key.references, name))
        .map((key) => ({ key: key.name, table: displayName(table) })),
    );
}
