import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { beforeTransaction, withLockTimeout } from '../steps.ts';

export const detachPartition: Rule = {
  name: 'detach-partition',
  id: 'TBL-09',
  severity: 'warning',
  reason: 'The whole partitioned table is locked against readers.',
  bad: ['ALTER TABLE p DETACH PARTITION p1;'],
  good: [
    'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;',
    'CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); ALTER TABLE p DETACH PARTITION p1;',
  ],
  check: eachOperation('detach-partition', ({ table, partition, concurrently }, statement, { target }) => {
    if (concurrently || !isExisting(statement, table)) return undefined;
    return {
      message: `${sqlName(table)} and ${sqlName(partition)} are locked against readers and writers.`,
      fix:
        target.postgresVersion >= 14
          ? `${beforeTransaction(statement)}ALTER TABLE ${sqlName(table)} DETACH PARTITION ${sqlName(partition)} CONCURRENTLY;`
          : withLockTimeout(statement),
      observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
    };
  }),
};
