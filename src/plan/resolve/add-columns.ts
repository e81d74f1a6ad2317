import { type ColumnDef, findTable } from '../database-schema.ts';
import { readField } from '../fragments.ts';
import { sameType } from '../../postgres/sql.ts';
import { addCheck, addForeignKey, addUnique, setPrimaryKey } from './add-to-table.ts';
import { conflict, emit, type Resolving, tellDone } from './context.ts';
import { fieldChecks, fieldForeignKey, fieldPlace, fieldUnique, type ReadField } from './fields.ts';
import { needExpressionColumns } from './indexes.ts';
import { emitRaw, needsRaw, rawCollation } from './limits.ts';
import { findColumn, tableNow } from './lookup.ts';
import type { Modifying } from './modify-table.ts';
import { reused } from './renames.ts';
import { columnDifferences } from './same.ts';
import { needKnownType } from './types.ts';

/** The fields under add_columns, read. */
export function readAddedFields({ document, at, table }: Modifying): ReadField[] {
  return (document.changes.add_columns ?? []).map((field, index) => {
    const path = [...at, 'add_columns', index];
    return { field, parts: readField(field, path, table.schema), path };
  });
}

/** Resolves a new column without its constraints. One that is there and means the same is done already. */
export async function addColumn(resolving: Resolving, modifying: Modifying, read: ReadField): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  const { column } = read.parts;
  const at = [...read.path, 'name'];
  needKnownType(resolving, column.type, [...read.path, 'type']);
  const existing = findColumn(table, column.name);
  if (existing) return compareColumn(resolving, read, existing, table.name);
  const before = findTable(resolving.initial, modifying.formerTable);
  if (before && findColumn(before, column.name)) throw reused(resolving, `column ${column.name}`, at);
  needExpressionColumns(
    resolving,
    table,
    column.generated,
    fieldPlace(read, 'constraints', /\bgenerated\b/i),
  );
  emit(resolving, { kind: 'add-column', table: modifying.table, column });
  await addCollation(resolving, modifying, read);
}

function compareColumn(resolving: Resolving, read: ReadField, existing: ColumnDef, table: string): void {
  const differences = columnDifferences(read.parts.column, existing, table);
  if (differences.length === 0) return tellDone(resolving, `column ${existing.name}`, [...read.path, 'name']);
  throw conflict(
    resolving,
    [...read.path, 'name'],
    `column ${table}.${existing.name} exists and differs: ${differences.join('; ')}`,
    {
      hint: sameType(read.parts.column.type, existing.type)
        ? 'To change it, write it under modify_columns.'
        : 'To change it, write it under modify_columns with new_type.',
    },
  );
}

async function addCollation(resolving: Resolving, { table }: Modifying, read: ReadField): Promise<void> {
  const { collate, column } = read.parts;
  if (collate === undefined) return;
  const path = fieldPlace(read, 'constraints', /\bcollate\b/i);
  if (needsRaw(resolving, [{ kind: 'collation', collation: collate }], { raw: read.field.raw, path })) {
    await emitRaw(resolving, rawCollation(table, column, collate), path);
  }
}

/** What a new column's field says about the table: key, uniqueness, reference, checks. */
export async function addColumnConstraints(
  resolving: Resolving,
  modifying: Modifying,
  read: ReadField,
): Promise<void> {
  const { primaryKey } = read.parts;
  if (primaryKey)
    setPrimaryKey(resolving, modifying, {
      columns: [read.field.name],
      name: primaryKey.name,
      path: fieldPlace(read, 'constraints', /\bprimary\b/i),
    });
  const unique = fieldUnique(read);
  if (unique) addUnique(resolving, modifying, unique);
  const key = fieldForeignKey(read);
  if (key) await addForeignKey(resolving, modifying, key);
  for (const check of fieldChecks(read)) addCheck(resolving, modifying, check);
}
