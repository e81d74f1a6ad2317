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
  ],
  good: [
    'CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();',
    'DROP FUNCTION f();',
  ],
  check: eachOperation(['create-trigger', 'drop-trigger', 'set-trigger'], (operation, statement) => {
    const { table, kind } = operation;
    if (!isExisting(statement, table)) return undefined;
    const blocked = kind === 'drop-trigger' ? 'Reads and writes' : 'Writes';
    const unchecked =
      operation.kind === 'set-trigger' && !operation.enabled
        ? ' What it checked is not checked meanwhile.'
        : '';
    return {
      message: `${blocked} of ${sqlName(table)} wait until the lock is there and the transaction ends.${unchecked}`,
      fix: withLockTimeout(statement),
      observed: (statement.facts?.locks.length ?? 0) > 0,
    };
  }),
};
