import { type TableRef, tableKey, tableOfKey } from './operation.ts';
import { readScript } from './script.ts';

/**
 * The tables that are new when a script has run in one transaction with what comes after it: those that were before, and
 * those that it makes and does not fill. Needs `loadSqlParser`.
 */
export function newTablesAfter(sql: string, newTables: readonly string[]): string[] {
  const { statements, end } = readScript(
    sql,
    { postgresVersion: 18, transaction: 'all', assumeTimeouts: true },
    { newTables },
  );
  if (statements.length === 0) return [...newTables];
  const made = statements.flatMap(({ operations }) =>
    operations.flatMap((operation): TableRef[] => {
      if (operation.kind === 'create-table') return [operation.table];
      if (operation.kind === 'rename-table') return [{ schema: operation.table.schema, name: operation.to }];
      return operation.kind === 'set-schema' ? [{ schema: operation.to, name: operation.table.name }] : [];
    }),
  );
  // What stands in `newTables` is a key already.
  const candidates = [...newTables.map(tableOfKey), ...made];
  return [...new Set(candidates.filter((table) => end.isNew(table)).map(tableKey))];
}
