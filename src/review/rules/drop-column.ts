import { isGenerated } from '../generated-columns.ts';
import { lockContext } from '../locks.ts';
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
    'ALTER TABLE "Users" DROP "Note";',
    'ALTER TABLE users RENAME COLUMN note TO gone; ALTER TABLE users DROP COLUMN gone;',
    'CREATE TABLE copy AS SELECT * FROM users; ALTER TABLE copy DROP COLUMN note;',
  ],
  good: [
    'CREATE TABLE t (a int, b int); ALTER TABLE t DROP COLUMN b;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users DROP COLUMN a;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users RENAME COLUMN a TO b; ALTER TABLE users RENAME TO people; ALTER TABLE people DROP COLUMN b;',
    'ALTER TYPE address DROP ATTRIBUTE zip;',
  ],
  check: eachOperation('drop-column', ({ table, column, ifExists }, statement, script) => {
    if (!isExisting(statement, table) || statement.before.columnAddedHere(table, column)) return undefined;
    const known = lockContext(statement, script).tables.get(tableKey(table));
    // IF EXISTS, and it does not.
    if (ifExists && known?.isComplete && !known.columns.has(column)) return undefined;
    const generated = isGenerated(table, column, script);
    const [on, name] = [sqlName(table), sqlName({ schema: undefined, name: column })];
    if (generated) {
      return {
        severity: 'warning',
        message: `Code that still selects ${on}.${name} fails; its values come from other columns, and are not lost.`,
        observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
      };
    }
    return {
      message: `The values of ${on}.${name} are lost, and code that still selects it fails.`,
      fix: `-- first, in a release of its own: no code uses ${name} any more. Then see what would be lost:\nSELECT count(${name}) FROM ${on};`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};
