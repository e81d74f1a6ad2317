import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const renameColumn: Rule = {
  name: 'rename-column',
  id: 'COL-15',
  severity: 'warning',
  reason: 'Code that still runs uses the old name, and fails at once.',
  bad: ['ALTER TABLE users RENAME COLUMN note TO remark;'],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users RENAME COLUMN a TO b;',
    'ALTER TABLE users RENAME CONSTRAINT a TO b;',
  ],
  check: eachOperation('rename-column', ({ table, column, to }, statement) => {
    if (!isExisting(statement, table) || statement.before.columnAddedHere(table, column)) return undefined;
    return {
      message: `${sqlName(table)}.${column} is gone for code that still runs: it is called ${to} now.`,
      fix: `-- keep the name in the database and rename in the ORM only; or: ADD COLUMN ${quoteWhereNeeded(to)}, a trigger that writes both, fill it in batches, deploy, DROP COLUMN ${quoteWhereNeeded(column)}`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};
