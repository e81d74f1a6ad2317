import type { Rule } from '../rule.ts';

export const batchTransaction: Rule = {
  name: 'batch-transaction',
  id: 'ORM-04',
  severity: 'info',
  reason:
    'All pending files run in one transaction: steps that are only safe apart from each other need deploys of their own.',
  bad: [
    { sql: 'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;', target: { transaction: 'all' } },
    { sql: "ALTER TYPE mood ADD VALUE 'x';", target: { transaction: 'all' } },
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;',
    { sql: 'ALTER TABLE users ADD a int;', target: { transaction: 'all' } },
  ],
  *check({ statements, target }) {
    if (target.transaction !== 'all') return;
    const step = statements.find(({ operations }) =>
      operations.some(
        (operation) =>
          operation.kind === 'add-enum-value' ||
          (operation.kind === 'add-constraint' && operation.constraint.notValid),
      ),
    );
    if (!step) return;
    yield {
      statement: step,
      message:
        'What follows on this must be deployed later: a next file that is pending too runs in the same transaction.',
    };
  },
};
