import { inBatches } from '../batches.ts';
import { effectsOf } from '../locks.ts';
import { type Operation, type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';

/** Table whose rows an operation writes. */
function written(operation: Operation): TableRef | undefined {
  if (operation.kind === 'update' || operation.kind === 'delete') return operation.table;
  return operation.kind === 'insert' && !operation.hasValues ? operation.table : undefined;
}

/** The tables that a statement locks against readers. */
function lockedBy(statement: Statement, script: Script): string[] {
  return effectsOf(statement, script).flatMap(({ locks }, index) =>
    statement.operations[index]?.kind === 'lock-table'
      ? []
      : locks.flatMap(({ table, mode }) => (mode === 'AccessExclusiveLock' ? [tableKey(table)] : [])),
  );
}

export const ddlPlusBackfillSameTx: Rule = {
  name: 'ddl-plus-backfill-same-tx',
  id: 'TX-05',
  severity: 'warning',
  reason:
    'The lock of the ALTER TABLE is held until the last row has been written: the outage lasts as long as the backfill.',
  bad: [
    'BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1 WHERE id < 10; COMMIT;',
    { sql: 'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1;', target: { transaction: 'all' } },
    {
      sql: 'ALTER TABLE "users" ADD COLUMN a int; INSERT INTO public.users (a) SELECT b FROM old_users;',
      target: { transaction: 'each' },
    },
    {
      sql: 'ALTER TABLE app.users DROP COLUMN a; WITH x AS (DELETE FROM app.users RETURNING *) INSERT INTO kept SELECT * FROM x;',
      target: { transaction: 'each' },
    },
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1 WHERE id < 10; END $$;',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1 WHERE id < 10;',
    'BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE posts SET a = 1 WHERE id = 1; COMMIT;',
    'BEGIN; CREATE TABLE t (a int); ALTER TABLE t ADD b int; UPDATE t SET b = 1; COMMIT;',
    'BEGIN; ALTER TABLE users ADD COLUMN a int; COMMIT; BEGIN; UPDATE users SET a = 1 WHERE id < 10; COMMIT;',
    {
      sql: 'UPDATE users SET a = 1 WHERE a IS NULL; ALTER TABLE users ADD b int;',
      target: { transaction: 'each' },
    },
    {
      sql: 'ALTER TABLE users ADD a int; INSERT INTO users (a) VALUES (1);',
      target: { transaction: 'each' },
    },
    {
      sql: 'ALTER TABLE users ADD a int; COMMIT; UPDATE users SET a = 1 WHERE id < 10;',
      target: { transaction: 'each' },
    },
  ],
  *check(script) {
    let locked = new Set<string>();
    for (const statement of script.statements) {
      if (statement.before.isTransactionStart) locked = new Set();
      const altered = new Set<string>();
      for (const operation of statement.operations) {
        if (operation.kind === 'add-column') altered.add(tableKey(operation.table));
        const table = written(operation);
        if (!table || !isExisting(statement, table)) continue;
        const inBlock = altered.has(tableKey(table));
        if (!inBlock && !locked.has(tableKey(table))) continue;
        const backfill = inBatches(statement) ?? `${statement.text};`;
        yield {
          statement,
          message: `${sqlName(table)} stays locked against readers and writers while its rows are written.`,
          fix: inBlock
            ? undefined
            : `-- after this transaction is committed${statement.before.inOwnTransaction ? '' : ' (in a migration that is deployed later)'}:\n${backfill}`,
          observed:
            statement.before.inTransaction &&
            statement.facts !== undefined &&
            statement.facts.sqlstate === undefined,
        };
      }
      if (statement.before.inTransaction) for (const key of lockedBy(statement, script)) locked.add(key);
    }
  },
};
