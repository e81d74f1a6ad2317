import { strongLocks } from '../strong-locks.ts';
import { takesLong } from '../long-work.ts';
import type { Rule, Statement } from '../rule.ts';

function endsTransaction({ operations }: Statement): boolean {
  return operations.some(
    (operation) => operation.kind === 'transaction' && ['commit', 'rollback'].includes(operation.action),
  );
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
  ],
  good: [
    'ALTER TABLE users ADD COLUMN note text; SELECT count(*) FROM users;',
    {
      sql: 'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users ADD COLUMN more text;',
      target: { transaction: 'all' },
    },
    'BEGIN; CREATE TABLE t (a int); CREATE INDEX i ON t (a); COMMIT;',
  ],
  *check(script) {
    let held: { readonly relation: string; readonly statement: Statement } | undefined;
    for (const statement of script.statements) {
      if (!statement.before.inTransaction || endsTransaction(statement)) held = undefined;
      if (held && takesLong(statement, script)) {
        yield {
          statement,
          message: `${held.relation} stays locked against readers (since line ${held.statement.line}) for as long as this takes.`,
          fix: `-- in a transaction of its own${statement.before.inOwnTransaction ? '' : ', in a migration that is deployed by itself'}:\n${statement.text};`,
          observed: statement.facts !== undefined,
        };
        return;
      }
      const lock = strongLocks(statement, script).find(({ mode }) => mode === 'AccessExclusiveLock');
      if (lock && statement.before.inTransaction && !held) held = { relation: lock.relation, statement };
    }
  },
};
