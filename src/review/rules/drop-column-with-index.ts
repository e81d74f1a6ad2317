import { lockContext } from '../locks.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { beforeTransaction } from '../steps.ts';

export const dropColumnWithIndex: Rule = {
  name: 'drop-column-with-index',
  id: 'COL-13',
  severity: 'info',
  reason: 'The index goes with its column, the blocking way.',
  bad: ['CREATE INDEX CONCURRENTLY users_note ON users (note); ALTER TABLE users DROP COLUMN note;'],
  good: [
    'ALTER TABLE users DROP COLUMN note;',
    'CREATE INDEX CONCURRENTLY users_note ON users (note); ALTER TABLE users DROP COLUMN other;',
    'CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b); ALTER TABLE t DROP COLUMN b;',
  ],
  check: eachOperation('drop-column', ({ table, column }, statement, script) => {
    if (!isExisting(statement, table)) return undefined;
    const indexes = lockContext(statement, script).tables.get(tableKey(table))?.indexes ?? [];
    const found = indexes.find(({ columns }) => columns.includes(column));
    if (!found) return undefined;
    const index = { schema: table.schema, name: found.name };
    return {
      message: `The index ${sqlName(index)} goes with ${column}.`,
      fix: `${beforeTransaction(statement)}DROP INDEX CONCURRENTLY IF EXISTS ${sqlName(index)};`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(index)) ?? false,
    };
  }),
};
