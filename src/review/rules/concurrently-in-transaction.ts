import { failedWith } from '../observed.ts';
import type { Operation } from '../operation.ts';
import { refusedInTransaction } from '../outside-transaction.ts';
import type { Hit, Rule, Script, Statement } from '../rule.ts';

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
    'CONCURRENTLY, VACUUM and what concerns whole databases cannot run inside a transaction block (SQLSTATE 25001): the migration aborts although the statement itself is right.',
  bad: [
    { sql: 'CREATE INDEX CONCURRENTLY i ON t (a);', target: { transaction: 'all' } },
    'BEGIN; DROP INDEX CONCURRENTLY i; COMMIT;',
    { sql: 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;', target: { transaction: 'each' } },
    { sql: 'REINDEX TABLE CONCURRENTLY t;', target: { transaction: 'all' } },
    'DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$;',
    { sql: 'VACUUM users;', target: { transaction: 'all' } },
    'BEGIN; VACUUM (ANALYZE) users; COMMIT;',
    'DO $$ BEGIN VACUUM users; END $$;',
    { sql: 'CREATE TABLE t (a int); CREATE DATABASE shop;', target: { transaction: 'each' } },
    { sql: 'DROP DATABASE shop;', target: { transaction: 'all' } },
    { sql: "CREATE TABLESPACE fast LOCATION '/fast';", target: { transaction: 'all' } },
    { sql: "ALTER SYSTEM SET work_mem = '1GB';", target: { transaction: 'all' } },
    { sql: 'REINDEX SCHEMA app;', target: { transaction: 'all' } },
    { sql: 'CLUSTER;', target: { transaction: 'all' } },
    { sql: "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;", target: { transaction: 'all' } },
    { sql: 'ALTER DATABASE shop SET TABLESPACE fast;', target: { transaction: 'all' } },
    { sql: 'DISCARD ALL;', target: { transaction: 'all' } },
  ],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    'BEGIN; COMMIT; DROP INDEX CONCURRENTLY i;',
    { sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY m;', target: { transaction: 'all' } },
    { sql: 'CREATE INDEX i ON t (a);', target: { transaction: 'all' } },
    'VACUUM users; CREATE DATABASE shop; REINDEX SCHEMA app;',
    { sql: 'ANALYZE users; REINDEX TABLE users; CLUSTER users;', target: { transaction: 'all' } },
    {
      sql: "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false);",
      target: { transaction: 'all' },
    },
    { sql: 'COMMIT; VACUUM users;', target: { transaction: 'all' } },
    { sql: 'ALTER DATABASE shop SET work_mem = 1; DISCARD PLANS;', target: { transaction: 'all' } },
  ],
  *check(script) {
    const mayStandAlone = script.target.transaction === 'each' && isOnlyConcurrent(script);
    for (const statement of script.statements) {
      const inBlock = statement.operations.some(({ kind }) => kind === 'do-block');
      if (!inBlock && !statement.before.inTransaction) continue;
      for (const operation of statement.operations) {
        const hit = judge(operation, statement, script, { inBlock, mayStandAlone });
        if (hit) yield hit;
      }
    }
  },
};

function judge(
  operation: Operation,
  statement: Statement,
  { target }: Script,
  { inBlock, mayStandAlone }: { inBlock: boolean; mayStandAlone: boolean },
): Hit | undefined {
  const command = refusedInTransaction(operation);
  if (command === undefined) return undefined;
  const observed = failedWith(statement, '25001');
  if (inBlock) return { statement, message: `${command} fails in a DO block or function (25001).`, observed };
  const where = statement.before.inOwnTransaction
    ? 'between BEGIN and COMMIT'
    : target.transaction === 'all'
      ? 'in the transaction that the migrator opens around all pending files'
      : 'in the transaction that the migrator opens around the file';
  return {
    statement,
    // A migrator that opens a transaction for each file can be told not to for a file that has nothing else.
    ...(mayStandAlone && !statement.before.inOwnTransaction && { severity: 'info' as const }),
    message: `${command} fails ${where} (25001).`,
    fix: `-- outside any transaction: apply it by hand before this migration, or with a runner that opens none\n${statement.text};`,
    observed,
  };
}
