import { type TableRef, tableKey } from './operation.ts';
import type { Script } from './rule.ts';

/** Whether some statement of the script, before or after, shows that a table is partitioned. */
export function isPartitioned(table: TableRef, { statements }: Script): boolean {
  const same = (other: TableRef | undefined) => other !== undefined && tableKey(other) === tableKey(table);
  return statements.some(({ operations }) =>
    operations.some((operation) => {
      switch (operation.kind) {
        case 'create-table':
          return same(operation.partitionOf) || (operation.isPartitioned && same(operation.table));
        case 'attach-partition':
        case 'detach-partition':
          return !operation.isIndex && same(operation.table);
        default:
          return false;
      }
    }),
  );
}
