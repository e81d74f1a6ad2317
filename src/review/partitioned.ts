import type { TableRef } from './operation.ts';
import type { Script } from './rule.ts';
import { topic } from './topics.ts';

/** Whether some statement of the script, before or after, shows that a table is partitioned. */
export function isPartitioned(table: TableRef, { timeline }: Script): boolean {
  return timeline.next(topic('partitioned', table), 0) !== undefined;
}
