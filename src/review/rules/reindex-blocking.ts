import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { beforeTransaction, withLockTimeout } from '../steps.ts';

export const reindexBlocking: Rule = {
  name: 'reindex-blocking',
  id: 'IDX-03',
  severity: 'warning',
  reason: 'Writes wait for the whole rebuild, and so do reads that use the index.',
  bad: ['REINDEX INDEX users_email_idx;', 'REINDEX TABLE app.users;', 'REINDEX DATABASE shop;'],
  good: [
    'REINDEX INDEX CONCURRENTLY users_email_idx;',
    'REINDEX (CONCURRENTLY) TABLE users;',
    'CREATE TABLE t (a int primary key); REINDEX TABLE t;',
  ],
  check: eachOperation('reindex', ({ what, relation, concurrently }, statement, { target }) => {
    if (concurrently) return undefined;
    if (relation && what === 'table' && !isExisting(statement, relation)) return undefined;
    const name = relation ? ` ${sqlName(relation)}` : '';
    const canBeConcurrent = target.postgresVersion >= 12 && what !== 'system';
    return {
      // The catalogs of the system are small; no table of anybody is rebuilt.
      ...(what === 'system' && { severity: 'info' as const }),
      message: `Rebuilding ${what}${name} blocks writes, and reads that use the index.`,
      fix: canBeConcurrent
        ? `${beforeTransaction(statement)}REINDEX ${what.toUpperCase()} CONCURRENTLY${name};`
        : withLockTimeout(statement),
    };
  }),
};
