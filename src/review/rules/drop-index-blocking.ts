import { lockContext } from '../locks.ts';
import { isPartitioned } from '../partitioned.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { beforeTransaction, withLockTimeout } from '../steps.ts';

export const dropIndexBlocking: Rule = {
  name: 'drop-index-blocking',
  id: 'IDX-02',
  severity: 'warning',
  reason: 'The ACCESS EXCLUSIVE lock waits behind every long reader, and everyone else queues behind it.',
  bad: ['DROP INDEX users_email_idx;', 'DROP INDEX IF EXISTS app.a, app.b;'],
  good: [
    'DROP INDEX CONCURRENTLY users_email_idx;',
    'CREATE TABLE t (a int); CREATE INDEX t_a ON t (a); DROP INDEX t_a;',
    'CREATE TEMP TABLE t (a int); CREATE INDEX t_a ON t (a); DROP INDEX IF EXISTS t_a CASCADE;',
  ],
  check: eachOperation('drop-index', ({ index, concurrently, cascade }, statement, script) => {
    const table = lockContext(statement, script).tableOfIndex(index);
    if (concurrently || (table && !isExisting(statement, table))) return undefined;
    // CONCURRENTLY knows no CASCADE (an index that a constraint needs goes with the constraint) and no partitioned table.
    const hasNoForm = cascade || (table !== undefined && isPartitioned(table, script));
    const name = table ? sqlName(table) : 'its table';
    return {
      message: `Dropping ${sqlName(index)} blocks reads and writes of ${name} while it waits for its turn.`,
      fix: hasNoForm
        ? withLockTimeout(statement)
        : `${beforeTransaction(statement)}DROP INDEX CONCURRENTLY IF EXISTS ${sqlName(index)};`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
    };
  }),
};
