import type { Script, Statement } from './rule.ts';

/** Comment above the SQL that has to run in a transaction after that of a statement. */
export function inLaterTransaction(statement: Statement, script: Script): string {
  if (!statement.before.inTransaction) return '-- then:';
  if (statement.before.inOwnTransaction) return '-- then, after the COMMIT:';
  // All pending files share one transaction: a file of its own is not enough.
  return script.target.transaction === 'all'
    ? '-- then, in a migration that is deployed later:'
    : '-- then, in a migration of its own:';
}

/** Comment above SQL with CONCURRENTLY, which runs before a statement and in no transaction. */
export function beforeTransaction(statement: Statement): string {
  if (!statement.before.inTransaction) return '';
  return statement.before.inOwnTransaction
    ? '-- before the BEGIN:\n'
    : '-- before this migration, outside a transaction:\n';
}

/** The statement with a limit to how long it waits for its lock, for what has no form without the lock. */
export function withLockTimeout(statement: Statement): string {
  const set = statement.before.inTransaction ? 'SET LOCAL' : 'SET';
  return `${set} lock_timeout = '2s';\n${statement.text};`;
}
