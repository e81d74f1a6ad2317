import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const dropColumn: Rule = {
  name: 'drop-column',
  id: 'COL-12',
  severity: 'error',
  reason: 'The values are gone, and code that still runs selects the column.',
  bad: [
    'ALTER TABLE users DROP COLUMN note;',
    'ALTER TABLE app.users ADD COLUMN a int, DROP COLUMN IF EXISTS b CASCADE;',
  ],
  good: [
    'CREATE TABLE t (a int, b int); ALTER TABLE t DROP COLUMN b;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users DROP COLUMN a;',
  ],
  check: eachOperation('drop-column', ({ table, column }, statement) => {
    if (!isExisting(statement, table) || statement.before.columnAddedHere(table, column)) return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column)];
    return {
      message: `The values of ${on}.${name} are lost.`,
      fix: `-- first, in a release of its own: no code uses it any more. Then see what would be lost:\nSELECT count(${name}) FROM ${on};`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};
