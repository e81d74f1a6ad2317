import { type OperationOf } from '../operation.ts';
import { topic } from '../topics.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

const TRIGGERS = ['create-trigger', 'drop-trigger', 'set-trigger'] as const;
const SETTINGS = ['set-variable', 'default-setting'] as const;

/** A replica's session fires no trigger, those that keep foreign keys among them. */
function switchedOff({ kind, name, value }: OperationOf<(typeof SETTINGS)[number]>) {
  if (name.toLowerCase() !== 'session_replication_role' || value?.toLowerCase() !== 'replica')
    return undefined;
  const sessions = kind === 'set-variable' ? 'From here on' : 'In every later session';
  return {
    message: `${sessions} no trigger fires and no foreign key is checked: rows that break them stay, and nobody is told.`,
    fix: '-- leave it out: write rows in an order that the foreign keys allow\nSET session_replication_role = origin;',
  };
}

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
    'SET session_replication_role = replica;',
    "SET LOCAL session_replication_role TO 'replica'; DELETE FROM users WHERE id = 1;",
    "SELECT set_config('session_replication_role', 'replica', false);",
    'ALTER ROLE web SET session_replication_role = replica;',
    'CREATE CONSTRAINT TRIGGER g AFTER INSERT ON "Users" FOR EACH ROW EXECUTE FUNCTION f();',
  ],
  good: [
    'CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();',
    'CREATE TRIGGER g INSTEAD OF INSERT ON active_users FOR EACH ROW EXECUTE FUNCTION f();',
    'DROP FUNCTION f();',
    'SET session_replication_role = origin; RESET session_replication_role;',
  ],
  check: eachOperation([...TRIGGERS, ...SETTINGS], (operation, statement) => {
    if (operation.kind === 'set-variable' || operation.kind === 'default-setting') {
      return switchedOff(operation);
    }
    const { table, kind } = operation;
    if (!isExisting(statement, table)) return undefined;
    if (operation.kind === 'create-trigger' && operation.isInsteadOf) return undefined;
    // It keeps a new column in step with an old one, and ADD COLUMN has locked more than it does.
    const isForNewColumn =
      operation.kind === 'create-trigger' && statement.before.last(topic('add-column', table)) !== undefined;
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
