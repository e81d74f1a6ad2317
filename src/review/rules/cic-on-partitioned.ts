import { partitionedIndexSql } from '../index-text.ts';
import { failedWith } from '../observed.ts';
import { isPartitioned } from '../partitioned.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const cicOnPartitioned: Rule = {
  name: 'cic-on-partitioned',
  id: 'IDX-09',
  severity: 'error',
  reason: 'CREATE INDEX CONCURRENTLY on a partitioned table is not supported by the server (SQLSTATE 0A000).',
  bad: [
    'CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX CONCURRENTLY i ON p (a);',
    'CREATE INDEX CONCURRENTLY ON app.p (a); CREATE TABLE p9 PARTITION OF app.p DEFAULT;',
    'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY; CREATE UNIQUE INDEX CONCURRENTLY i ON p (a);',
  ],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    'CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX i ON ONLY p (a);',
    'CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE INDEX CONCURRENTLY i ON p1 (a);',
    'ALTER INDEX p_a ATTACH PARTITION p1_a; CREATE INDEX CONCURRENTLY i ON p_a2 (a);',
  ],
  check: eachOperation('create-index', (operation, statement, script) => {
    const { table, concurrently } = operation;
    if (!concurrently) return undefined;
    const failed = failedWith(statement, '0A000');
    if (!failed && !isPartitioned(table, script)) return undefined;
    return {
      message: `${sqlName(table)} is partitioned: its index cannot be built concurrently.`,
      fix: partitionedIndexSql(statement, operation),
      observed: failed,
    };
  }),
};
