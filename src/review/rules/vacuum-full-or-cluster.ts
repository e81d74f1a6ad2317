import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const vacuumFullOrCluster: Rule = {
  name: 'vacuum-full-or-cluster',
  id: 'TBL-07',
  severity: 'warning',
  reason: 'The table is rewritten while nobody can read it.',
  bad: [
    'VACUUM FULL users;',
    'VACUUM (FULL, ANALYZE) users;',
    'CLUSTER users USING users_pkey;',
    'VACUUM FULL;',
    'CLUSTER;',
  ],
  good: [
    'VACUUM users;',
    'VACUUM (ANALYZE) users;',
    'VACUUM (FULL false) users;',
    'CREATE TABLE t (a int primary key); CLUSTER t USING t_pkey;',
  ],
  check: eachOperation(['vacuum', 'cluster'], (operation, statement) => {
    if (operation.kind === 'vacuum' && !operation.full) return undefined;
    const { table } = operation;
    if (table && !isExisting(statement, table)) return undefined;
    const name = table ? sqlName(table) : 'Every table';
    return {
      message: `${name} is rewritten under an ACCESS EXCLUSIVE lock.`,
      fix: table
        ? `-- without the lock, outside any migration: pg_repack --table ${sqlName(table)}\nVACUUM ${sqlName(table)};`
        : 'VACUUM;',
    };
  }),
};
