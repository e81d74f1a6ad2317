import { type TableRef, tableKey, tableOfKey } from './operation.ts';
import type { Script } from './rule.ts';

/**
 * The tables that are new when a script has run in one transaction with what comes after it: those that were before
 * (`newTables`, keys), and those that it makes and does not fill.
 */
export function newTablesAfter({ statements, end }: Script, newTables: readonly string[]): string[] {
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

/** Names of tables as a reader of scripts looks them up: `public.users` is `users`. */
export function newTableKeys(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.replace(/^public\./, '')));
}
