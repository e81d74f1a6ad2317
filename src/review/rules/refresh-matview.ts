import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const refreshMatview: Rule = {
  name: 'refresh-matview',
  id: 'TBL-12',
  severity: 'warning',
  reason: 'Nobody can read the view until it has been computed anew.',
  bad: ['REFRESH MATERIALIZED VIEW totals;'],
  good: [
    'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    'CREATE MATERIALIZED VIEW totals AS SELECT 1 WITH NO DATA; REFRESH MATERIALIZED VIEW totals;',
  ],
  check: eachOperation('refresh-matview', ({ view, concurrently }, statement) => {
    const isMadeHere = statement.before.operations.some(
      (operation) => operation.kind === 'create-view' && tableKey(operation.view) === tableKey(view),
    );
    if (concurrently || isMadeHere) return undefined;
    return {
      message: `${sqlName(view)} cannot be read while it is computed anew.`,
      fix: `-- needs a unique index on ${sqlName(view)}\nREFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(view)};`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
    };
  }),
};
