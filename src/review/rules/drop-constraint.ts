import { columnsOf, impliesNotNull } from '../expression.ts';
import type { KnownTable } from '../known-tables.ts';
import { lockContext } from '../locks.ts';
import { type OperationOf, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';
import { topic } from '../topics.ts';

export const dropConstraint: Rule = {
  name: 'drop-constraint',
  id: 'CON-15',
  severity: 'warning',
  reason:
    'What the constraint kept out can be written from now on; a foreign key locks the table that it refers to as well.',
  bad: [
    'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;',
    'ALTER TABLE IF EXISTS app."Orders" ADD COLUMN a int, DROP CONSTRAINT IF EXISTS positive CASCADE;',
    'ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX i;',
    // The same name again, but the table at its other end waits too.
    'ALTER TABLE orders DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users ON DELETE CASCADE NOT VALID;',
    'ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users DROP CONSTRAINT d;',
  ],
  good: [
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX i;',
    'BEGIN; ALTER TABLE users DROP CONSTRAINT c; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; COMMIT;',
    // That a run may be repeated.
    'ALTER TABLE users DROP CONSTRAINT IF EXISTS c; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;',
    // The helper of SET NOT NULL.
    'ALTER TABLE users ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER a SET NOT NULL; ALTER TABLE users DROP CONSTRAINT c;',
    'ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER a SET NOT NULL; ALTER TABLE users DROP CONSTRAINT c;',
    'CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); ALTER TABLE t DROP CONSTRAINT c;',
    'ALTER DOMAIN d DROP CONSTRAINT c;',
  ],
  check: eachOperation('drop-constraint', (operation, statement, script) => {
    const { table, name } = operation;
    if (!isExisting(statement, table) || isOfScript(operation, statement, script)) return undefined;
    const known = lockContext(statement, script).tables.get(tableKey(table));
    if (isRedundant(known, name) || isReplaced(operation, statement, script)) return undefined;
    return {
      message: messageOf(operation, known),
      fix: withLockTimeout(statement),
      observed: (statement.facts?.locks.length ?? 0) > 1,
    };
  }),
};

type Drop = OperationOf<'drop-constraint'>;

/** Added by this script, or validated by it to make a column NOT NULL without a scan. */
function isOfScript(drop: Drop, statement: Statement, { timeline }: Script): boolean {
  const { table, name } = drop;
  const place = statement.before.place + statement.operations.indexOf(drop);
  if (timeline.last(topic('add-constraint', table, name), place)) return true;
  return (
    timeline.last(topic('validate-constraint', table, name), place) !== undefined &&
    timeline.last(topic('set-not-null', table), place) !== undefined
  );
}

/** A check that says no more than the column's own NOT NULL. */
function isRedundant(known: KnownTable | undefined, name: string): boolean {
  const expression = known?.checks.named(name)?.expression;
  const [column, ...others] = columnsOf(expression);
  if (column === undefined || others.length > 0 || !expression || !('NullTest' in expression)) return false;
  return impliesNotNull(expression, column) && known?.columns.get(column)?.notNull === true;
}

/** Whether another of the same name takes its place before anybody could write in between. */
function isReplaced(drop: Drop, statement: Statement, { timeline }: Script): boolean {
  const { before, operations } = statement;
  const added = timeline.next(topic('add-constraint', drop.table, drop.name), before.place);
  if (added?.value.kind !== 'add-constraint') return false;
  // IF EXISTS before an ADD is there for runs that are repeated.
  if (drop.ifExists) return true;
  if (added.value.constraint.type === 'foreign-key') return false;
  return (
    operations.includes(added.value) ||
    (before.inTransaction && added.place < timeline.transactionEnd(before.place))
  );
}

function messageOf({ table, name, cascade }: Drop, known: KnownTable | undefined): string {
  const parent = known?.foreignKeys.get(name);
  const constraint = sqlName({ schema: undefined, name });
  if (parent) {
    return `Blocks reads and writes on ${shortName(table)} and ${shortName(parent)} for a moment, and rows of ${shortName(table)} without one in ${shortName(parent)} can be written once ${constraint} is gone.`;
  }
  const also = cascade ? ', with every foreign key that rests on it' : '';
  return `Once ${constraint} is gone${also}, ${shortName(table)} takes rows that it kept out; if it is a foreign key, the table that it refers to is locked as well.`;
}
