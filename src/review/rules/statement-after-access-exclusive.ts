import { takesLong } from '../long-work.ts';
import type { Rule, Script, Statement } from '../rule.ts';
import { type StrongLock, strongLocks } from '../strong-locks.ts';

interface Held {
  readonly relations: readonly string[];
  readonly line: number;
}

/** Rows written to the very table are `ddl-plus-backfill-same-tx`, a VALIDATE is `validate-in-same-tx`. */
function isOfOtherRule({ operations }: Statement): boolean {
  return operations.every(({ kind }) => ['update', 'delete', 'validate-constraint'].includes(kind));
}

/** What keeps the transaction from ending: work, or the wait for another table. */
function delay(
  statement: Statement,
  script: Script,
  held: Held,
  locks: readonly StrongLock[],
): string | undefined {
  if (isOfOtherRule(statement)) return undefined;
  if (takesLong(statement, script)) return 'for as long as this takes';
  const other = locks.find(({ relation }) => !held.relations.includes(relation));
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
    {
      sql: 'ALTER TABLE users ADD COLUMN note text; CREATE INDEX i ON orders (a);',
      target: { transaction: 'all' },
    },
    { sql: 'ALTER TABLE users ADD a int; ALTER TABLE orders ADD a int;', target: { transaction: 'each' } },
    {
      sql: 'ALTER TABLE users ADD a int; INSERT INTO log SELECT id FROM users;',
      target: { transaction: 'each' },
    },
    { sql: 'DROP TABLE old; ALTER TABLE users ALTER COLUMN a SET NOT NULL;', target: { transaction: 'all' } },
  ],
  good: [
    'ALTER TABLE users ADD COLUMN note text; SELECT count(*) FROM users;',
    {
      sql: 'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users ADD COLUMN more text;',
      target: { transaction: 'all' },
    },
    'BEGIN; CREATE TABLE t (a int); CREATE INDEX i ON t (a); COMMIT;',
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
      if (!before.inTransaction || before.inThisTransaction.length === 0) [held, isSaid] = [undefined, false];
      if (operations.some(({ kind }) => kind === 'transaction')) continue;
      const locks = strongLocks(statement, script);
      const words = held && !isSaid ? delay(statement, script, held, locks) : undefined;
      if (held && words !== undefined) {
        yield {
          statement,
          message: `${held.relations.join(', ')} stays locked against readers and writers (since line ${held.line}) ${words}.`,
          fix: `${before.inOwnTransaction ? '-- in a transaction of its own:' : '-- in a migration that is deployed by itself:'}\n${statement.text};`,
          observed: facts !== undefined,
        };
        isSaid = true;
      }
      const exclusive = locks.filter(({ mode }) => mode === 'AccessExclusiveLock');
      if (exclusive.length > 0 && before.inTransaction) {
        held = {
          relations: [...new Set([...(held?.relations ?? []), ...exclusive.map(({ relation }) => relation)])],
          line: held?.line ?? statement.line,
        };
      }
    }
  },
};
