import { isMadeBefore } from '../made-names.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const refreshMatview: Rule = {
  name: 'refresh-matview',
  id: 'TBL-12',
  severity: 'warning',
  reason: 'Nobody can read the view until it has been computed anew.',
  bad: [
    'REFRESH MATERIALIZED VIEW totals;',
    'REFRESH MATERIALIZED VIEW totals WITH NO DATA;',
    'REFRESH MATERIALIZED VIEW app."Totals" WITH DATA;',
  ],
  good: [
    'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    'CREATE MATERIALIZED VIEW totals AS SELECT 1 WITH NO DATA; REFRESH MATERIALIZED VIEW totals;',
  ],
  check: eachOperation('refresh-matview', ({ view, concurrently, withNoData }, statement, script) => {
    if (concurrently || isMadeBefore(view, statement, script)) return undefined;
    if (withNoData) {
      return {
        message: `${sqlName(view)} is emptied: whoever reads it gets an error (55000) until the next REFRESH.`,
        fix: `-- needs a unique index on ${sqlName(view)}\nREFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(view)};`,
        observed: statement.facts !== undefined && statement.facts.sqlstate === undefined,
      };
    }
    return {
      message: `${sqlName(view)} cannot be read while it is computed anew.`,
      fix: `-- needs a unique index on ${sqlName(view)}\nREFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(view)};`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
    };
  }),
};
