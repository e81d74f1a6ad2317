import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { lockContext } from '../locks.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { beforeTransaction, withLockTimeout } from '../steps.ts';

export const reindexBlocking: Rule = {
  name: 'reindex-blocking',
  id: 'IDX-03',
  severity: 'warning',
  reason: 'Writes wait for the whole rebuild, and so do reads that use the index.',
  bad: [
    'REINDEX INDEX users_email_idx;',
    'REINDEX TABLE app.users;',
    'REINDEX DATABASE shop;',
    'REINDEX (VERBOSE) SCHEMA "App";',
    'REINDEX (CONCURRENTLY false) TABLE users;',
  ],
  good: [
    'REINDEX INDEX CONCURRENTLY users_email_idx;',
    'REINDEX (CONCURRENTLY) TABLE users;',
    'CREATE TABLE t (a int primary key); REINDEX TABLE t;',
    'CREATE TABLE t (a int); CREATE INDEX i ON t (a); REINDEX INDEX i;',
  ],
  check: eachOperation('reindex', (operation, statement, script) => {
    const { what, relation, concurrently } = operation;
    if (concurrently) return undefined;
    const table =
      relation && what === 'index' ? lockContext(statement, script).tableOfIndex(relation) : relation;
    if (table && !isExisting(statement, table)) return undefined;
    const name = relation ? sqlName(relation) : operation.name && quoteWhereNeeded(operation.name);
    const words = [what, name].filter(Boolean).join(' ');
    return {
      // The catalogs of the system are small; no table of anybody is rebuilt.
      ...(what === 'system' && { severity: 'info' as const }),
      message: `Rebuilding ${words} blocks writes, and reads that use the index.`,
      fix:
        script.target.postgresVersion >= 12 && what !== 'system'
          ? `${beforeTransaction(statement)}REINDEX ${what.toUpperCase()} CONCURRENTLY${name ? ` ${name}` : ''};`
          : withLockTimeout(statement),
    };
  }),
};
