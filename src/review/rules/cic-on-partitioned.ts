import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { failedWith } from '../observed.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const cicOnPartitioned: Rule = {
  name: 'cic-on-partitioned',
  id: 'IDX-09',
  severity: 'error',
  reason: 'CREATE INDEX CONCURRENTLY on a partitioned table is not supported by the server (SQLSTATE 0A000).',
  bad: ['CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX CONCURRENTLY i ON p (a);'],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    'CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX i ON ONLY p (a);',
  ],
  check: eachOperation('create-index', ({ table, concurrently, name }, statement) => {
    if (!concurrently) return undefined;
    const isPartitioned = statement.before.operations.some(
      (operation) =>
        operation.kind === 'create-table' &&
        operation.isPartitioned &&
        tableKey(operation.table) === tableKey(table),
    );
    const failed = failedWith(statement, '0A000');
    if (!isPartitioned && !failed) return undefined;
    const index = name === undefined ? 'the_index' : quoteWhereNeeded(name);
    return {
      message: `${sqlName(table)} is partitioned: its index cannot be built concurrently.`,
      fix: `${statement.text.replace(/\sCONCURRENTLY\b/i, '').replace(/\bON\s+(?!ONLY\b)/i, 'ON ONLY ')};\n-- for each partition: CREATE INDEX CONCURRENTLY … ; ALTER INDEX ${index} ATTACH PARTITION …;`,
      observed: failed,
    };
  }),
};
