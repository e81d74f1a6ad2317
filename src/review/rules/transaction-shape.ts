import { failedWith } from '../observed.ts';
import type { Hit, Rule, Script, Statement } from '../rule.ts';

/** Without a statement between them, BEGIN and COMMIT are nothing to lose. */
function hasWork(statements: readonly Statement[]): boolean {
  return statements.some(({ operations }) => operations.some(({ kind }) => kind !== 'transaction'));
}

/** A file that is one transaction from its first statement to its last does not lean on the migrator's. */
function ownsTransaction(statements: readonly Statement[]): boolean {
  const actions = statements.flatMap(({ operations }, index) =>
    operations.flatMap((operation) =>
      operation.kind === 'transaction' && ['begin', 'commit', 'rollback'].includes(operation.action)
        ? [`${operation.action} ${index}`]
        : [],
    ),
  );
  return actions.join() === `begin 0,commit ${statements.length - 1}`;
}

export const transactionShape: Rule = {
  name: 'transaction-shape',
  id: 'TX-07',
  severity: 'warning',
  reason: 'A COMMIT ends the transaction that others count on, and a BEGIN inside one does nothing but warn.',
  bad: [
    { sql: 'BEGIN; ALTER TABLE t ADD a int; COMMIT;', target: { transaction: 'all' } },
    'BEGIN; BEGIN; SELECT 1; COMMIT;',
    'BEGIN; ALTER TABLE t ADD a int;',
    'BEGIN; ALTER TABLE t ADD a int; COMMIT; START TRANSACTION; DROP TABLE u;',
    'SELECT 1; COMMIT;',
    'BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2;',
    { sql: 'ALTER TABLE t ADD a int; COMMIT;', target: { transaction: 'each' } },
    { sql: 'ALTER TABLE t ADD a int; ROLLBACK;', target: { transaction: 'all' } },
    { sql: 'DO $$ BEGIN UPDATE t SET a = 1 WHERE id = 1; COMMIT; END $$;', target: { transaction: 'all' } },
    'BEGIN; DO $$ BEGIN ROLLBACK; END $$; COMMIT;',
    {
      sql: 'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p();',
      target: { transaction: 'each' },
    },
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; SELECT f();',
  ],
  good: [
    'BEGIN; ALTER TABLE t ADD a int; COMMIT;',
    'START TRANSACTION; SELECT 1; ROLLBACK;',
    'BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;',
    'BEGIN; SAVEPOINT s; ROLLBACK TO s; RELEASE s; COMMIT;',
    'BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;',
    { sql: 'ALTER TABLE t ADD a int;', target: { transaction: 'all' } },
    { sql: 'BEGIN; ALTER TABLE t ADD a int; COMMIT;', target: { transaction: 'each' } },
    'BEGIN; BEGIN; COMMIT;',
    'DO $$ BEGIN UPDATE t SET a = 1 WHERE id = 1; COMMIT; END $$;',
    'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p();',
    {
      sql: 'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;',
      target: { transaction: 'all' },
    },
  ],
  *check(script) {
    const { statements, target } = script;
    yield* blockCommits(script);
    if (!hasWork(statements) || (target.transaction === 'each' && ownsTransaction(statements))) return;
    const isWrapped = target.transaction !== 'none';
    let opened: Statement | undefined;
    for (const statement of statements) {
      const { inTransaction, inOwnTransaction } = statement.before;
      const actions = statement.operations.flatMap((operation) =>
        operation.kind === 'transaction' ? [operation.action] : [],
      );
      const [action] = actions;
      if (action === 'begin' && inTransaction) {
        yield {
          statement,
          message:
            isWrapped && !inOwnTransaction
              ? 'The migrator has opened a transaction already: this BEGIN does nothing, and the next COMMIT ends the transaction of the migrator.'
              : 'A transaction is open already: this BEGIN does nothing, and the next COMMIT ends all of it.',
          fix: '-- leave this BEGIN and its COMMIT out',
        };
      }
      if (action === 'commit' || action === 'rollback') {
        if (!inTransaction || !inOwnTransaction) {
          yield {
            statement,
            message: inTransaction
              ? 'This ends the transaction of the migrator: what fails afterwards stays half done.'
              : 'No transaction is open here: this does nothing.',
            fix: '-- leave it out',
          };
        }
        opened = undefined;
      }
      if (actions.includes('begin')) opened = statement;
    }
    // A migrator commits what is open at the end.
    if (!opened || isWrapped) return;
    yield {
      statement: opened,
      message:
        'The transaction is never committed: all that follows this BEGIN is undone when the connection closes.',
      fix: `${opened.text};\n-- and at the end of the file:\nCOMMIT;`,
    };
  },
};

/** Measured: Postgres refuses them (2D000) wherever a transaction is open around the block, and in functions always. */
function* blockCommits({ statements }: Script): Iterable<Hit> {
  for (const statement of statements) {
    const commit = statement.operations.find((operation) => operation.kind === 'block-commit');
    if (commit?.kind !== 'block-commit' || !(commit.isFunction || statement.before.inTransaction)) continue;
    yield {
      statement,
      severity: 'error',
      message: commit.isFunction
        ? 'A function cannot COMMIT or ROLLBACK: the migration fails here (2D000). A procedure can.'
        : 'COMMIT and ROLLBACK in a block fail inside a transaction (2D000), and one is open here.',
      fix: `-- outside any transaction: apply it by hand, or with a runner that opens none\n${statement.text};`,
      observed: failedWith(statement, '2D000'),
    };
  }
}
