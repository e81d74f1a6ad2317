import { type ColumnDef, displayName, type ForeignKeyDef, type TableDef } from '../database-schema.ts';
import { toSnakeCase } from '../migration-name.ts';
import type { PlanPath } from '../plan.ts';
import { type Resolving, tell } from './context.ts';
import { columnList } from './lookup.ts';

/** What a new table lacks: a written plan is taken at its word, this is told only. What the review of its SQL tells is left to it. */
export function tellTableAdvice(resolving: Resolving, table: TableDef, path: PlanPath): void {
  const name = displayName(table);
  const at = [...path, 'table_name'];
  if (hasTimestamps(table)) return;
  // A project whose tables have none does not want them, or keeps them elsewhere.
  const without = resolving.initial.tables.filter((other) => !hasTimestamps(other)).length;
  if (without * 2 > resolving.initial.tables.length) return;
  tell(resolving, 'no-timestamps', `${name} has no created_at and updated_at`, at);
}

/** `created_at`, `createdDate`, `inserted`, `date_updated`: when a row was made or changed. */
function hasTimestamps({ columns }: TableDef): boolean {
  return columns.some(({ name, type }) => {
    const isTime = /^(timestamp|date|time)/i.test(type);
    const says = /(^|_)(created?|updated?|inserted|modified|changed)($|_?(at|on|date|time|timestamp)$)/i;
    return /^(created|updated)_?(at|on)$/i.test(name) || (isTime && says.test(toSnakeCase(name)));
  });
}

/** Warns of a foreign key whose action writes NULL into a column that is NOT NULL: Postgres finds out at the first delete. */
export function tellNulls(resolving: Resolving, table: TableDef, key: ForeignKeyDef, path: PlanPath): void {
  const isNotNull = (column: ColumnDef): boolean =>
    column.notNull || (table.primaryKey?.columns.includes(column.name) ?? false);
  const columns = table.columns.filter((column) => key.columns.includes(column.name) && isNotNull(column));
  for (const [event, action] of [
    ['DELETE', key.onDelete],
    ['UPDATE', key.onUpdate],
  ] as const) {
    const filled = columns.filter(
      (column) => action === 'set null' || (action === 'set default' && column.default === undefined),
    );
    if (filled.length === 0) continue;
    const names = columnList(filled.map(({ name }) => name));
    const message = `ON ${event} ${action.toUpperCase()} of ${key.name} writes NULL into ${displayName(table)}.${names}, which is NOT NULL: such a ${event} will fail`;
    tell(resolving, 'set-null-on-not-null', message, path, 'warning');
  }
}
