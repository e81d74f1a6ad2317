import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

export const triggerLocks: Rule = {
  name: 'trigger',
  id: 'TBL-13',
  severity: 'warning',
  reason:
    'Making or switching a trigger blocks writers, dropping one blocks readers too; switched off, foreign keys are not checked.',
  bad: [
    'CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();',
    'DROP TRIGGER g ON users;',
    'ALTER TABLE users DISABLE TRIGGER ALL;',
    'ALTER TABLE app.users DISABLE TRIGGER g, ENABLE ALWAYS TRIGGER h;',
    'CREATE CONSTRAINT TRIGGER g AFTER INSERT ON "Users" FOR EACH ROW EXECUTE FUNCTION f();',
  ],
  good: [
    'CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();',
    'CREATE TRIGGER g INSTEAD OF INSERT ON active_users FOR EACH ROW EXECUTE FUNCTION f();',
    'DROP FUNCTION f();',
  ],
  check: eachOperation(['create-trigger', 'drop-trigger', 'set-trigger'], (operation, statement) => {
    const { table, kind } = operation;
    if (!isExisting(statement, table)) return undefined;
    if (operation.kind === 'create-trigger' && operation.isInsteadOf) return undefined;
    // It keeps a new column in step with an old one, and ADD COLUMN has locked more than it does.
    const isForNewColumn =
      operation.kind === 'create-trigger' &&
      statement.before.operations.some(
        (other) => other.kind === 'add-column' && tableKey(other.table) === tableKey(table),
      );
    const blocked = kind === 'drop-trigger' ? 'Reads and writes' : 'Writes';
    const unchecked =
      operation.kind === 'set-trigger' && !operation.enabled
        ? ' What it checked is not checked meanwhile.'
        : '';
    return {
      ...(isForNewColumn && { severity: 'info' as const }),
      message: `${blocked} of ${sqlName(table)} wait until the lock is there and the transaction ends.${unchecked}`,
      fix: withLockTimeout(statement),
      observed: (statement.facts?.locks.length ?? 0) > 0,
    };
  }),
};
