import { type ColumnDef, displayName, type ForeignKeyDef, type TableDef } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { type Resolving, tell } from './context.ts';
import { columnList } from './lookup.ts';

/** What a new table lacks: a written plan is taken at its word, this is told only. */
export function tellTableAdvice(resolving: Resolving, table: TableDef, path: PlanPath): void {
  const name = displayName(table);
  const at = [...path, 'table_name'];
  if (!table.primaryKey) tell(resolving, 'no-primary-key', `${name} has no primary key`, at);
  if (!table.columns.some((column) => /^(created|updated)_?(at|on)$/i.test(column.name))) {
    tell(resolving, 'no-timestamps', `${name} has no created_at and updated_at`, at);
  }
  for (const key of table.foreignKeys) tellUnindexed(resolving, table, key.columns, at);
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

/** Tells of a foreign key whose columns no index starts with: deletes in the other table scan this one. */
export function tellUnindexed(
  resolving: Resolving,
  table: TableDef,
  columns: readonly string[],
  path: PlanPath,
): void {
  if (
    indexedLists(table).some((list) =>
      columns.every((column) => list.slice(0, columns.length).includes(column)),
    )
  )
    return;
  tell(
    resolving,
    'foreign-key-without-index',
    `the foreign key on ${columnList(columns)} of ${displayName(table)} has no index: deletes in the other table will scan this one`,
    path,
  );
}

function indexedLists(table: TableDef): (readonly string[])[] {
  const whole = table.indexes.filter((index) => index.where === undefined && index.using === 'btree');
  return [
    ...(table.primaryKey ? [table.primaryKey.columns] : []),
    ...table.uniques.map((unique) => unique.columns),
    ...whole.map((index) => index.columns.map((column) => (column.isExpression ? '' : column.expression))),
  ];
}
