import { alterText } from '../commands.ts';
import { tableKey, type TableRef } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule, type Statement } from '../rule.ts';

const MERGEABLE = new Set([
  'add-column',
  'drop-column',
  'alter-type',
  'set-default',
  'drop-default',
  'set-not-null',
  'drop-not-null',
  'add-constraint',
  'drop-constraint',
]);

/** The one table of an ALTER TABLE whose commands may stand together with others; NOT VALID must not meet its VALIDATE. */
function alteredTable({ operations }: Statement): TableRef | undefined {
  const [first] = operations;
  if (!first || !operations.every(({ kind }) => MERGEABLE.has(kind))) return undefined;
  if (operations.some((operation) => operation.kind === 'add-constraint' && operation.constraint.notValid))
    return undefined;
  return 'table' in first ? first.table : undefined;
}

export const combineAlters: Rule = {
  name: 'combine-alters',
  id: 'TX-04',
  severity: 'info',
  reason: 'One ALTER TABLE with commas takes the lock once, and reads or rewrites the table once.',
  bad: ['ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;'],
  good: [
    'ALTER TABLE users ADD COLUMN a int, ADD COLUMN b int;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE posts ADD COLUMN b int;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD b int; ALTER TABLE t ADD c int;',
  ],
  *check({ statements }) {
    for (const [index, statement] of statements.entries()) {
      const next = statements[index + 1];
      const table = alteredTable(statement);
      if (!next || !table || !isExisting(statement, table)) continue;
      const other = alteredTable(next);
      if (!other || tableKey(other) !== tableKey(table)) continue;
      const commands = [statement, next].map((one) => alterText(one)?.commands);
      const all = commands.every((list) => list !== undefined) ? commands.flat().join(', ') : undefined;
      yield {
        statement: next,
        message: `Two statements alter ${sqlName(table)} one after the other.`,
        fix: all && `ALTER TABLE ${sqlName(table)} ${all};`,
      };
    }
  },
};
