import { isSelective } from '../selective.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const unbatchedDml: Rule = {
  name: 'unbatched-dml',
  id: 'TX-06',
  severity: 'warning',
  reason:
    'Every row is locked until the end, and written into the log and the dead space of the table at once.',
  bad: [
    'UPDATE users SET a = 1;',
    'DELETE FROM users;',
    'UPDATE users SET a = 1 WHERE true;',
    'UPDATE users SET a = 1 WHERE a IS NULL;',
    'DELETE FROM users WHERE NOT false OR id = 1;',
  ],
  good: [
    'UPDATE users SET a = 1 WHERE id = 5;',
    'UPDATE users SET a = 1 WHERE id BETWEEN 1 AND 1000;',
    'DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 1000);',
    'CREATE TABLE t (a int); UPDATE t SET a = 1;',
    'UPDATE users SET a = 1 WHERE a IS NULL AND id > 10 AND id <= 1010;',
  ],
  check: eachOperation(['update', 'delete'], ({ kind, table, where }, statement) => {
    if (!isExisting(statement, table) || isSelective(where)) return undefined;
    const name = sqlName(table);
    return {
      message: `${kind === 'update' ? 'All' : 'All the'} rows that it ${kind === 'update' ? 'changes' : 'deletes'} in ${name} are locked and rewritten in one go.`,
      fix: `-- repeat until no row is left, with a pause in between:\nWITH batch AS (SELECT ctid FROM ${name} WHERE /* not done yet */ LIMIT 1000 FOR UPDATE SKIP LOCKED)\n${kind === 'update' ? `UPDATE ${name} SET … WHERE` : `DELETE FROM ${name} WHERE`} ctid IN (SELECT ctid FROM batch);`,
    };
  }),
};
