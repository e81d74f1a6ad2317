import { type Operation, tableKey } from '../review/operation.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { readOperations } from '../review/read-operations.ts';
import type { TableRows } from './row-snapshot.ts';

/** What takes values away, or may. */
const LOSSY: ReadonlySet<Operation['kind']> = new Set([
  'alter-type',
  'drop-column',
  'drop-table',
  'update',
  'delete',
  'truncate',
]);

/** Tables that a way up takes values from and that had no rows: nothing is known of whether those come back. */
export function untestedTables(up: readonly string[], before: readonly TableRows[]): string[] {
  const empty = new Set(before.flatMap(({ name, rows }) => (rows.length === 0 ? [name] : [])));
  const operations = up.flatMap((sql) =>
    parseScript(sql).flatMap(({ node }) => (node ? readOperations(node) : [])),
  );
  const affected = operations.flatMap((operation) =>
    LOSSY.has(operation.kind) && 'table' in operation && operation.table ? [tableKey(operation.table)] : [],
  );
  return [...new Set(affected)].filter((table) => empty.has(table));
}
