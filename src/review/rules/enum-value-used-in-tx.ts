import { failedWith } from '../observed.ts';
import type { Rule } from '../rule.ts';
import { stringsIn } from '../string-constants.ts';
import { topic } from '../topics.ts';

export const enumValueUsedInTx: Rule = {
  name: 'enum-value-used-in-tx',
  id: 'ENM-01',
  severity: 'error',
  reason: 'A new enum value cannot be used before the transaction that adds it has ended (SQLSTATE 55P04).',
  bad: [
    "BEGIN; ALTER TYPE mood ADD VALUE 'great'; ALTER TABLE users ALTER COLUMN feels SET DEFAULT 'great'; COMMIT;",
    {
      sql: "ALTER TYPE mood ADD VALUE 'great'; INSERT INTO users (feels) VALUES ('great');",
      target: { transaction: 'all' },
    },
    { sql: "ALTER TYPE mood ADD VALUE 'great';", target: { transaction: 'all', postgresVersion: 11 } },
  ],
  good: [
    "ALTER TYPE mood ADD VALUE 'great'; ALTER TABLE users ALTER COLUMN feels SET DEFAULT 'great';",
    {
      sql: "ALTER TYPE mood ADD VALUE 'great'; INSERT INTO users (feels) VALUES ('other');",
      target: { transaction: 'all' },
    },
    {
      sql: "CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood ADD VALUE 'great'; CREATE TABLE t (m mood DEFAULT 'great');",
      target: { transaction: 'all' },
    },
  ],
  *check({ statements, target }) {
    // Values that the open transaction has added to types that were there before it.
    let added = new Set<string>();
    for (const statement of statements) {
      const { before } = statement;
      if (before.isTransactionStart) added = new Set();
      if (!before.inTransaction) continue;
      const own = statement.operations.find((operation) => operation.kind === 'add-enum-value');
      if (own?.kind === 'add-enum-value' && target.postgresVersion < 12) {
        yield {
          statement,
          message: 'Before PostgreSQL 12 ADD VALUE cannot run in a transaction at all.',
          fix: `-- outside any transaction:\n${statement.text};`,
          observed: failedWith(statement, '25001'),
        };
      }
      const used =
        own || added.size === 0 ? undefined : stringsIn(statement.text).find((text) => added.has(text));
      for (const operation of statement.operations) {
        if (operation.kind !== 'add-enum-value') continue;
        if (!before.lastInTransaction(topic('create-enum', operation.type))) added.add(operation.value);
      }
      if (used === undefined) continue;
      yield {
        statement,
        message: `'${used}' is added in the same transaction, and cannot be used before it has ended.`,
        fix: `-- in a migration of its own that is deployed later:\n${statement.text};`,
        observed: failedWith(statement, '55P04'),
      };
    }
  },
};
