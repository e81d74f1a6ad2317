import { type TableRef, tableKey } from './operation.ts';
import type { Script } from './rule.ts';

/** Whether a column of the schema is computed from others: what it holds can be computed again. */
export function isGenerated(table: TableRef, column: string, { schema }: Script): boolean {
  const known = schema?.tables.find((candidate) => tableKey(candidate) === tableKey(table));
  return known?.columns.some(({ name, generated }) => name === column && generated !== undefined) ?? false;
}
