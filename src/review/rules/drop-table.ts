import { lockContext } from '../locks.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { strongLocks } from '../strong-locks.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const dropTable: Rule = {
  name: 'drop-table',
  id: 'TBL-01',
  severity: 'error',
  reason: 'The rows are gone, running code fails, and every table that it refers to is locked too.',
  bad: ['DROP TABLE users;', 'DROP TABLE IF EXISTS app.users, app.posts CASCADE;'],
  good: [
    'CREATE TABLE t (a int); DROP TABLE t;',
    'CREATE TEMP TABLE t (a int); DROP TABLE t;',
    'DROP VIEW v;',
  ],
  check: eachOperation('drop-table', ({ table }, statement, script) => {
    if (statement.before.isCreatedHere(table) || !isExisting(statement, table)) return undefined;
    const { tables } = lockContext(statement, script);
    const others = strongLocks(statement, script).flatMap(({ relation }) =>
      relation !== tableKey(table) && tables.has(relation) ? [relation] : [],
    );
    const also = others.length > 0 ? ` Locked with it: ${others.join(', ')}.` : '';
    return {
      message: `All rows of ${sqlName(table)} are lost.${also}`,
      fix: `-- first, in a release of its own: no code uses it any more. Then see that it is empty or kept elsewhere:\nSELECT count(*) FROM ${sqlName(table)};`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};
