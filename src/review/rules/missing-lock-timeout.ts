import type { Operation } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';
import { strongLocks } from '../strong-locks.ts';

/** They end the wait for a lock too, and the statement or transaction with it. A zero switches a limit off. */
const LIMITS = ['lock_timeout', 'statement_timeout', 'transaction_timeout'];

function isLimited({ before, operations }: Statement): boolean {
  if (operations.every((operation) => operation.kind === 'lock-table' && operation.nowait)) return true;
  return LIMITS.some((name) => !/^(?:0\D*)?$/.test(before.setting(name) ?? ''));
}

/** What locks tables without naming them. */
function wholesale(operation: Operation): string | undefined {
  switch (operation.kind) {
    // It is there to wait, for whatever mode it asks.
    case 'lock-table':
      return operation.nowait ? undefined : sqlName(operation.table);
    case 'reindex':
      if (operation.relation || operation.concurrently) return undefined;
      return `every table of the ${operation.what}`;
    case 'vacuum':
      return operation.full && !operation.table ? 'every table of the database' : undefined;
    case 'cluster':
      return operation.table ? undefined : 'every clustered table';
    case 'drop-schema':
      return operation.cascade ? `everything in ${operation.name}` : undefined;
    case 'drop-type':
      return operation.cascade ? `every table that uses ${sqlName(operation.type)}` : undefined;
    case 'drop-object': {
      const { what, object, cascade } = operation;
      if (what === 'owned') return `everything that ${object.name} owns`;
      return cascade ? `every table that uses ${sqlName(object)}` : undefined;
    }
    default:
      return undefined;
  }
}

/** A new table waits for those that it refers to: `create-table-with-fk` speaks of that, and more gently. */
function isAboutNewTables({ operations, before }: Statement): boolean {
  return operations.every(
    (operation) =>
      operation.kind === 'create-table' ||
      (operation.kind === 'add-constraint' && before.isNew(operation.table)),
  );
}

/** What it waits for, in words. */
function awaited(statement: Statement, script: Script): string | undefined {
  if (isAboutNewTables(statement)) return undefined;
  const [lock] = strongLocks(statement, script);
  if (lock) return lock.relation;
  return statement.operations
    .filter((operation) => operation.kind !== 'lock-table' || isExisting(statement, operation.table))
    .map(wholesale)
    .find((words) => words !== undefined);
}

export const missingLockTimeout: Rule = {
  name: 'missing-lock-timeout',
  id: 'TX-01',
  severity: 'warning',
  reason:
    'One idle reader and one waiting strong lock are a total outage: everybody queues behind the one who waits.',
  bad: [
    'ALTER TABLE users ADD COLUMN note text;',
    'SET lock_timeout = 0; ALTER TABLE users ADD COLUMN note text;',
    'SET statement_timeout = 0; ALTER TABLE users ADD COLUMN note text;',
    "SET idle_in_transaction_session_timeout = '5s'; ALTER TABLE users ADD COLUMN note text;",
    "SET lock_timeout = '2s'; RESET ALL; DROP TABLE users;",
    'CREATE INDEX i ON users (email);',
    "BEGIN; SET LOCAL lock_timeout = '2s'; COMMIT; ALTER TABLE users ADD COLUMN note text;",
    "BEGIN; SET lock_timeout = '2s'; ROLLBACK; ALTER TABLE users ADD COLUMN note text;",
    "BEGIN; SAVEPOINT s; SET LOCAL lock_timeout = '2s'; ROLLBACK TO SAVEPOINT s; ALTER TABLE users ADD COLUMN note text; COMMIT;",
    {
      sql: "SAVEPOINT a; SAVEPOINT b; SET lock_timeout = '2s'; RELEASE b; ROLLBACK TO a; DROP TABLE users;",
      target: { transaction: 'each' },
    },
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN note text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;',
    'LOCK TABLE users IN SHARE MODE;',
    'LOCK TABLE users IN ACCESS SHARE MODE;',
    'LOCK TABLE app.users IN ROW EXCLUSIVE MODE;',
    'REINDEX SCHEMA app;',
    'DROP TYPE mood CASCADE;',
    'DROP OWNED BY web;',
    'CREATE TABLE t AS SELECT * FROM users; ALTER TABLE t ADD COLUMN a int; DROP VIEW active_users;',
  ],
  good: [
    "SET lock_timeout = '2s'; ALTER TABLE users ADD COLUMN note text;",
    "SET statement_timeout = '5s'; ALTER TABLE users ADD COLUMN note text;",
    "BEGIN; SET LOCAL transaction_timeout = '1min'; ALTER TABLE users ADD COLUMN note text; COMMIT;",
    'CREATE TEMP TABLE t AS SELECT 1 AS a; CREATE INDEX i ON t (a); TRUNCATE t; DROP TABLE t;',
    'SET search_path = app; CREATE TABLE t (a int); ALTER TABLE app.t ADD b int;',
    { sql: 'ALTER TABLE users ADD COLUMN note text;', target: { assumeTimeouts: true } },
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int; CREATE INDEX i ON t (a); DROP INDEX i;',
    'CREATE INDEX CONCURRENTLY i ON users (email);',
    "SELECT set_config('lock_timeout', '2s', false); ALTER TABLE users ADD COLUMN note text;",
    "BEGIN; SET LOCAL lock_timeout = '2s'; ALTER TABLE users ADD COLUMN note text; COMMIT;",
    'ALTER TABLE users VALIDATE CONSTRAINT c;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES users;',
    "BEGIN; SET lock_timeout = '2s'; SAVEPOINT s; SET lock_timeout = 0; ROLLBACK TO s; ALTER TABLE users ADD a int; COMMIT;",
    "SET lock_timeout = '2s'; BEGIN; SET lock_timeout = 0; ROLLBACK; ALTER TABLE users ADD a int;",
    "BEGIN; SAVEPOINT s; SET lock_timeout = '2s'; RELEASE s; COMMIT; ALTER TABLE users ADD a int;",
    'LOCK TABLE users NOWAIT;',
    'CREATE TABLE t (a int); LOCK TABLE t IN ACCESS SHARE MODE;',
    "INSERT INTO users (id) VALUES (1); UPDATE users SET a = 1; CREATE TYPE mood AS ENUM ('ok'); SELECT 1;",
    'CREATE VIEW v AS SELECT 1; DROP VIEW v;',
  ],
  *check(script) {
    if (script.target.assumeTimeouts) return;
    // Said once: the header that mends the first statement mends them all.
    for (const statement of script.statements) {
      const relation = isLimited(statement) ? undefined : awaited(statement, script);
      if (relation === undefined) continue;
      yield {
        statement,
        message: `It waits without limit for its lock on ${relation}, and behind it every query of that table waits too.`,
        fix: withLockTimeout(statement),
        observed: statement.facts !== undefined,
      };
      return;
    }
  },
};
