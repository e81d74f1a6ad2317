import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

export const storageChange: Rule = {
  name: 'storage-change',
  id: 'TBL-06',
  severity: 'warning',
  reason: 'The table is rewritten while nobody can read it.',
  bad: [
    'ALTER TABLE users SET UNLOGGED;',
    'ALTER TABLE users SET LOGGED;',
    'ALTER TABLE users SET TABLESPACE fast;',
    'ALTER TABLE users SET ACCESS METHOD heap;',
  ],
  good: ['CREATE TABLE t (a int); ALTER TABLE t SET UNLOGGED;', 'ALTER TABLE users SET (fillfactor = 70);'],
  check: eachOperation('storage', ({ table, action }, statement) => {
    if (!isExisting(statement, table)) return undefined;
    const { facts } = statement;
    // Measured: what is there already is not written again.
    if (facts && facts.sqlstate === undefined && facts.rewrites.length === 0) return undefined;
    return {
      message: `SET ${action.replace('-', ' ').toUpperCase()} rewrites ${sqlName(table)} under an ACCESS EXCLUSIVE lock.`,
      fix: withLockTimeout(statement),
      observed: (facts?.rewrites.length ?? 0) > 0,
    };
  }),
};
