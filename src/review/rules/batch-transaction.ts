import { constraintName } from '../constraint-name.ts';
import type { Operation } from '../operation.ts';
import { sqlName } from '../print.ts';
import type { Hit, Rule, Script, Statement } from '../rule.ts';
import { topic } from '../topics.ts';

/** The first step of two, whose second one is not in this file. */
function firstStep(operation: Operation, script: Script): string | undefined {
  if (operation.kind === 'add-enum-value') {
    return `'${operation.value}' of ${sqlName(operation.type)} may be used after a commit only, and the next file has none before it if both are pending`;
  }
  if (operation.kind !== 'add-constraint' || !operation.constraint.notValid) return undefined;
  const { table, constraint } = operation;
  const name = constraintName(table, constraint);
  if (script.timeline.next(topic('validate-constraint', table, name), 0)) return undefined;
  return `VALIDATE ${name} in a later file takes place under the lock of this one if both are pending`;
}

/** The second step of two, whose first one is in an earlier file. */
function secondStep(operation: Operation, { before }: Statement): string | undefined {
  if (operation.kind !== 'validate-constraint') return undefined;
  const { table, name } = operation;
  const isAddedHere = before.last(topic('add-constraint', table, name)) !== undefined;
  return isAddedHere
    ? undefined
    : `the scan for ${name} takes place under the lock of the file that added it if both are pending`;
}

export const batchTransaction: Rule = {
  name: 'batch-transaction',
  id: 'ORM-04',
  severity: 'info',
  reason:
    'All pending files run in one transaction: steps that are only safe apart from each other need deploys of their own.',
  bad: [
    { sql: 'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;', target: { transaction: 'all' } },
    { sql: 'ALTER TABLE users VALIDATE CONSTRAINT c;', target: { transaction: 'all' } },
    { sql: "ALTER TYPE mood ADD VALUE 'x';", target: { transaction: 'all' } },
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;',
    { sql: 'ALTER TABLE users VALIDATE CONSTRAINT c;', target: { transaction: 'each' } },
    { sql: 'ALTER TABLE users ADD a int;', target: { transaction: 'all' } },
    {
      sql: 'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;',
      target: { transaction: 'all' },
    },
    {
      sql: "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'x';",
      target: { transaction: 'all' },
    },
  ],
  *check(script): Iterable<Hit> {
    if (script.target.transaction !== 'all') return;
    for (const statement of script.statements) {
      for (const operation of statement.operations) {
        if (isOfNewObject(operation, statement)) continue;
        const words = firstStep(operation, script) ?? secondStep(operation, statement);
        if (words === undefined) continue;
        // Said once: one deploy apart is apart for the whole file.
        yield {
          statement,
          message: `The migrator runs all pending files in one transaction: ${words}. Deploy them one after the other.`,
        };
        return;
      }
    }
  },
};

function isOfNewObject(operation: Operation, { before }: Statement): boolean {
  if (operation.kind === 'add-enum-value') {
    return before.last(topic('create-enum', operation.type)) !== undefined;
  }
  return 'table' in operation && operation.table !== undefined && before.isNew(operation.table);
}
