import { scanOf } from '../observed.ts';
import type { OperationOf } from '../operation.ts';
import { validateSql } from '../not-valid.ts';
import { withCommand } from '../commands.ts';
import { shortName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';
import { type StrongLock, strongLocks } from '../strong-locks.ts';

interface Held extends StrongLock {
  readonly line: number;
}

export const validateInSameTx: Rule = {
  name: 'validate-in-same-tx',
  id: 'CON-11',
  severity: 'warning',
  reason:
    'Locks are held to the end of the transaction: through the very scan that NOT VALID was to keep out of it.',
  bad: [
    'BEGIN; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; COMMIT;',
    {
      sql: 'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES p NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT orders_a_fkey;',
      target: { transaction: 'all' },
    },
    {
      sql: 'ALTER TABLE items ADD COLUMN a int; ALTER TABLE orders VALIDATE CONSTRAINT c;',
      target: { transaction: 'each' },
    },
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID, VALIDATE CONSTRAINT c;',
    'BEGIN; ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES p NOT VALID; SELECT 1; ALTER TABLE orders VALIDATE CONSTRAINT f; COMMIT;',
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c;',
    'BEGIN; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; COMMIT; BEGIN; ALTER TABLE users VALIDATE CONSTRAINT c; COMMIT;',
    {
      sql: 'ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER age SET NOT NULL;',
      target: { transaction: 'all' },
    },
    {
      sql: 'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;',
      target: { transaction: 'all' },
    },
    {
      sql: 'CREATE TABLE t (a int); UPDATE users SET age = 1 WHERE id = 1; ALTER TABLE users VALIDATE CONSTRAINT c;',
      target: { transaction: 'all' },
    },
  ],
  *check(script) {
    let held = new HeldLocks();
    for (const statement of script.statements) {
      const { before, operations } = statement;
      if (before.isTransactionStart) held = new HeldLocks();
      for (const lock of strongLocks(statement, script)) held.add({ ...lock, line: statement.line });
      for (const operation of operations) {
        if (operation.kind !== 'validate-constraint') continue;
        const lock = held.worst(shortName(operation.table));
        if (!lock || !isExisting(statement, operation.table) || scanOf(statement) === 'none') continue;
        yield {
          statement,
          message: `${lock.relation} stays locked against ${lock.mode === 'AccessExclusiveLock' ? 'reads and writes' : 'writes'} (since line ${lock.line}) while every row of ${shortName(operation.table)} is checked.`,
          fix: fixOf(statement, script, operation),
          observed: scanOf(statement) === 'seen',
        };
      }
    }
  },
};

/** The locks of a transaction, as far as one of them is to be named. */
class HeldLocks {
  readonly #byRelation = new Map<string, Held>();
  #any: Held | undefined;

  add(lock: Held): void {
    const relation = lock.relation.replace(/^public\./, '');
    this.#byRelation.set(relation, worse(this.#byRelation.get(relation), lock));
    this.#any = worse(this.#any, lock);
  }

  /** That of the table itself before others, the one that stops readers before others. */
  worst(table: string): Held | undefined {
    return this.#byRelation.get(table) ?? this.#any;
  }
}

function worse(known: Held | undefined, lock: Held): Held {
  const isWorse = known?.mode !== 'AccessExclusiveLock' && lock.mode === 'AccessExclusiveLock';
  return known === undefined || isWorse ? lock : known;
}

function fixOf(statement: Statement, script: Script, operation: OperationOf<'validate-constraint'>): string {
  const rest = statement.operations.length > 1 ? withCommand(statement, operation, []) : undefined;
  const validate = validateSql(operation.table, operation.name);
  if (!statement.before.inTransaction) return [...(rest ? [rest] : []), validate].join('\n');
  if (statement.before.inOwnTransaction && rest === undefined) return `COMMIT;\n${validate}`;
  return [...(rest ? [rest] : []), inLaterTransaction(statement, script), validate].join('\n');
}
