import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const setDefaultPartialWrites: Rule = {
  name: 'set-default-partial-writes',
  id: 'COL-16',
  severity: 'warning',
  reason: 'Code that still runs may write the old default by itself, or rely on it.',
  bad: ["ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';"],
  good: [
    'ALTER TABLE users ALTER COLUMN state DROP DEFAULT;',
    'ALTER TABLE users ADD COLUMN n int; ALTER TABLE users ALTER COLUMN n SET DEFAULT 5;',
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a SET DEFAULT 5;',
  ],
  check: eachOperation('set-default', ({ table, column }, statement) => {
    if (!isExisting(statement, table) || statement.before.columnAddedHere(table, column)) return undefined;
    return {
      message: `Rows that running code inserts into ${sqlName(table)} get another ${column} from now on: deploy the code that expects it first.`,
    };
  }),
};
