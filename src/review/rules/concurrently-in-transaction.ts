import { failedWith } from '../observed.ts';
import { eachOperation, type Rule, type Script } from '../rule.ts';

function isOnlyConcurrent({ statements }: Script): boolean {
  return statements.every(({ operations }) =>
    operations.every((operation) => 'concurrently' in operation && operation.concurrently),
  );
}

export const concurrentlyInTransaction: Rule = {
  name: 'concurrently-in-transaction',
  id: 'IDX-04',
  severity: 'error',
  reason:
    'CONCURRENTLY cannot run inside a transaction block (SQLSTATE 25001): the migration aborts although the statement itself is right.',
  bad: [
    { sql: 'CREATE INDEX CONCURRENTLY i ON t (a);', target: { transaction: 'all' } },
    'BEGIN; DROP INDEX CONCURRENTLY i; COMMIT;',
    { sql: 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;', target: { transaction: 'each' } },
    { sql: 'REINDEX TABLE CONCURRENTLY t;', target: { transaction: 'all' } },
    'DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$;',
  ],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    'BEGIN; COMMIT; DROP INDEX CONCURRENTLY i;',
    { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY m;', target: { transaction: 'all' } },
    { sql: 'CREATE INDEX i ON t (a);', target: { transaction: 'all' } },
  ],
  check: eachOperation(
    ['create-index', 'drop-index', 'reindex', 'detach-partition'],
    ({ concurrently }, statement, script) => {
      const inBlock = statement.operations.some(({ kind }) => kind === 'do-block');
      if (!concurrently || !(inBlock || statement.before.inTransaction)) return undefined;
      if (inBlock) {
        return {
          message: 'CONCURRENTLY fails in a DO block (25001).',
          observed: failedWith(statement, '25001'),
        };
      }
      const { target } = script;
      // A migrator that opens a transaction for each file can be told not to for a file that has nothing else.
      const canStandAlone =
        target.transaction === 'each' && !statement.before.inOwnTransaction && isOnlyConcurrent(script);
      const where = statement.before.inOwnTransaction
        ? 'between BEGIN and COMMIT'
        : target.transaction === 'all'
          ? 'in the transaction that the migrator opens around all pending files'
          : 'in the transaction that the migrator opens around the file';
      return {
        ...(canStandAlone && { severity: 'info' as const }),
        message: `CONCURRENTLY fails ${where} (25001).`,
        fix: `-- outside any transaction: apply it by hand before this migration, or with a runner that opens none\n${statement.text};`,
        observed: failedWith(statement, '25001'),
      };
    },
  ),
};
