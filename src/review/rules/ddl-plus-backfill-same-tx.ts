import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule } from '../rule.ts';

const LOCKING = new Set([
  'add-column',
  'drop-column',
  'rename-column',
  'alter-type',
  'set-default',
  'drop-default',
  'set-not-null',
  'drop-not-null',
  'add-constraint',
  'drop-constraint',
]);

export const ddlPlusBackfillSameTx: Rule = {
  name: 'ddl-plus-backfill-same-tx',
  id: 'TX-05',
  severity: 'warning',
  reason:
    'The lock of the ALTER TABLE is held until the last row has been written: the outage lasts as long as the backfill.',
  bad: [
    'BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1 WHERE id < 10; COMMIT;',
    { sql: 'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1;', target: { transaction: 'all' } },
  ],
  good: [
    'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1 WHERE id < 10;',
    'BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE posts SET a = 1 WHERE id = 1; COMMIT;',
    'BEGIN; CREATE TABLE t (a int); ALTER TABLE t ADD b int; UPDATE t SET b = 1; COMMIT;',
  ],
  *check({ statements }) {
    for (const statement of statements) {
      if (!statement.before.inTransaction) continue;
      for (const operation of statement.operations) {
        if (operation.kind !== 'update' && operation.kind !== 'delete') continue;
        const { table } = operation;
        const altered = statement.before.inThisTransaction.some(
          (earlier) =>
            LOCKING.has(earlier.kind) &&
            'table' in earlier &&
            earlier.table !== undefined &&
            tableKey(earlier.table) === tableKey(table),
        );
        if (!altered || !isExisting(statement, table)) continue;
        yield {
          statement,
          message: `${sqlName(table)} stays locked against readers while its rows are written.`,
          fix: `-- in a migration of its own that is deployed later, in batches:\n${statement.text};`,
        };
      }
    }
  },
};
