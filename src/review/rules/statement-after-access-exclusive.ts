import { isSelective } from '../selective.ts';
import { takesLong } from '../long-work.ts';
import type { Rule, Script, Statement } from '../rule.ts';
import { type StrongLock, strongLocks } from '../strong-locks.ts';

interface Held {
  readonly relations: Set<string>;
  readonly line: number;
  /** LOCK TABLE has asked for it. */
  readonly isAskedFor: boolean;
  /** Readers wait, and not only writers. */
  readonly isExclusive: boolean;
}

/**
 * Rows written to the very table are `ddl-plus-backfill-same-tx`, a VALIDATE is `validate-in-same-tx`; what builds, drops or
 * rebuilds an index and cannot run CONCURRENTLY here is `create-index-blocking` and its like, which take it out of the
 * transaction.
 */
function isOfOtherRule({ operations }: Statement, { isAskedFor }: Held): boolean {
  return operations.every((operation) => {
    if (operation.kind === 'validate-constraint') return true;
    if (['create-index', 'drop-index', 'reindex'].includes(operation.kind)) return true;
    if (operation.kind !== 'update' && operation.kind !== 'delete') return false;
    // A few rows by their key are what a table is locked for.
    const namesMayBeVariables = false;
    return !isAskedFor || operation.isBatch || isSelective(operation.where, { namesMayBeVariables });
  });
}

/** What keeps the transaction from ending: work, or the wait for another table. */
function delay(
  statement: Statement,
  script: Script,
  held: Held,
  locks: readonly StrongLock[],
): string | undefined {
  if (isOfOtherRule(statement, held)) return undefined;
  if (takesLong(statement, script)) return 'for as long as this takes';
  const other = locks.find(({ relation }) => !held.relations.has(relation));
  return other && `for as long as this waits for ${other.relation}`;
}

export const statementAfterAccessExclusive: Rule = {
  name: 'statement-after-access-exclusive',
  id: 'TX-03',
  severity: 'warning',
  reason:
    'The lock is held until the transaction ends: what follows is time in which nobody can read the table.',
  bad: [
    'BEGIN; ALTER TABLE users ADD COLUMN note text; SELECT count(*) FROM users; COMMIT;',
    { sql: 'ALTER TABLE users ADD a int; ALTER TABLE orders ADD a int;', target: { transaction: 'each' } },
    {
      sql: 'ALTER TABLE users ADD a int; INSERT INTO log SELECT id FROM users;',
      target: { transaction: 'each' },
    },
    'BEGIN; LOCK TABLE users; UPDATE orders SET a = 1; COMMIT;',
    {
      sql: 'LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE; INSERT INTO log SELECT id FROM users;',
      target: { transaction: 'all' },
    },
    {
      sql: 'LOCK TABLE app.users IN EXCLUSIVE MODE; DELETE FROM app.users;',
      target: { transaction: 'each' },
    },
    { sql: 'DROP TABLE old; ALTER TABLE users ALTER COLUMN a SET NOT NULL;', target: { transaction: 'all' } },
  ],
  good: [
    {
      sql: 'ALTER TABLE users ADD COLUMN note text; CREATE INDEX i ON orders (a); DROP INDEX j; REINDEX TABLE orders;',
      target: { transaction: 'all' },
    },
    'ALTER TABLE users ADD COLUMN note text; SELECT count(*) FROM users;',
    {
      sql: 'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users ADD COLUMN more text;',
      target: { transaction: 'all' },
    },
    'BEGIN; CREATE TABLE t (a int); CREATE INDEX i ON t (a); COMMIT;',
    'BEGIN; LOCK TABLE users; ALTER TABLE users ADD a int; UPDATE users SET a = 1 WHERE id = 5; COMMIT;',
    'BEGIN; LOCK TABLE users IN ROW EXCLUSIVE MODE; SELECT count(*) FROM users; COMMIT;',
    'BEGIN; LOCK TABLE users; COMMIT; BEGIN; SELECT count(*) FROM users; COMMIT;',
    {
      sql: 'ALTER TABLE users ADD a int; CREATE TABLE t (a int); CREATE INDEX i ON t (a);',
      target: { transaction: 'all' },
    },
    { sql: 'CREATE INDEX i ON users (a); SELECT count(*) FROM users;', target: { transaction: 'all' } },
    'BEGIN; ALTER TABLE users ADD a int; COMMIT; BEGIN; SELECT count(*) FROM users; COMMIT;',
    {
      sql: "ALTER TABLE users ADD a int; SELECT setval('s', 10); INSERT INTO log VALUES (1);",
      target: { transaction: 'all' },
    },
  ],
  *check(script) {
    let held: Held | undefined;
    let isSaid = false;
    for (const statement of script.statements) {
      const { before, operations, facts } = statement;
      // A transaction that holds nothing yet: a new one.
      if (before.isTransactionStart) [held, isSaid] = [undefined, false];
      if (isSaid || operations.some(({ kind }) => kind === 'transaction')) continue;
      const locks = strongLocks(statement, script);
      const words = held ? delay(statement, script, held, locks) : undefined;
      if (held && words !== undefined) {
        yield {
          statement,
          message: `${[...held.relations].join(', ')} ${held.relations.size === 1 ? 'stays' : 'stay'} locked against ${held.isExclusive ? 'readers and writers' : 'writers'} (since line ${held.line}) ${words}.`,
          fix: `${before.inOwnTransaction ? '-- in a transaction of its own:' : '-- in a migration that is deployed by itself:'}\n${statement.text};`,
          observed: facts !== undefined,
        };
        isSaid = true;
        continue;
      }
      const isAskedFor = operations.some(({ kind }) => kind === 'lock-table');
      const kept = locks.filter(({ mode }) => isAskedFor || mode === 'AccessExclusiveLock');
      if (kept.length > 0 && before.inTransaction) {
        const relations = held?.relations ?? new Set();
        for (const { relation } of kept) relations.add(relation);
        held = {
          relations,
          line: held?.line ?? statement.line,
          isAskedFor: held?.isAskedFor === true || isAskedFor,
          isExclusive: held?.isExclusive === true || kept.some(({ mode }) => mode === 'AccessExclusiveLock'),
        };
      }
    }
  },
};
