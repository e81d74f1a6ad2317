import type { Rule, Statement } from '../rule.ts';

function ownsTransaction(statements: readonly Statement[]): boolean {
  const actions = statements.map(({ operations: [operation] }) =>
    operation?.kind === 'transaction' ? operation.action : undefined,
  );
  const others = actions
    .slice(1, -1)
    .filter((action) => action === 'begin' || action === 'commit' || action === 'rollback');
  return actions[0] === 'begin' && actions.at(-1) === 'commit' && others.length === 0;
}

export const transactionShape: Rule = {
  name: 'transaction-shape',
  id: 'TX-07',
  severity: 'warning',
  reason: 'A COMMIT ends the transaction that others count on, and a BEGIN inside one does nothing but warn.',
  bad: [
    { sql: 'BEGIN; ALTER TABLE t ADD a int; COMMIT;', target: { transaction: 'all' } },
    'BEGIN; BEGIN; COMMIT;',
    'BEGIN; ALTER TABLE t ADD a int;',
    'COMMIT;',
    { sql: 'ALTER TABLE t ADD a int; COMMIT;', target: { transaction: 'each' } },
  ],
  good: [
    'BEGIN; ALTER TABLE t ADD a int; COMMIT;',
    'START TRANSACTION; SELECT 1; ROLLBACK;',
    'BEGIN; SAVEPOINT s; RELEASE s; COMMIT;',
    { sql: 'ALTER TABLE t ADD a int;', target: { transaction: 'all' } },
  ],
  *check({ statements, target }) {
    // A file that owns its transaction from the first statement to the last is whole; in a batch it cuts the batch in two.
    const isWrapped =
      target.transaction === 'all' || (target.transaction === 'each' && !ownsTransaction(statements));
    let open: Statement | undefined;
    for (const statement of statements) {
      for (const operation of statement.operations) {
        if (operation.kind !== 'transaction') continue;
        if (operation.action === 'begin') {
          if (open) yield { statement, message: 'A transaction is open already: this BEGIN does nothing.' };
          else if (isWrapped) {
            yield {
              statement,
              message:
                'The migrator has opened a transaction already: this BEGIN does nothing, and the COMMIT ends the one of the migrator.',
              fix: '-- leave BEGIN and COMMIT out',
            };
          }
          open = statement;
        } else if (operation.action === 'commit' || operation.action === 'rollback') {
          if (!open) {
            yield {
              statement,
              message: isWrapped
                ? 'This ends the transaction of the migrator: what fails afterwards stays half done.'
                : 'No transaction is open here.',
              fix: '-- leave it out',
            };
          }
          open = undefined;
        }
      }
    }
    if (open)
      yield {
        statement: open,
        message: 'The transaction is never committed: everything after this BEGIN is lost.',
        fix: 'COMMIT;',
      };
  },
};
