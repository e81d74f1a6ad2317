import { eachOperation, type Rule } from '../rule.ts';

export const indexCorruption14: Rule = {
  name: 'index-corruption-14',
  id: 'IDX-06',
  severity: 'error',
  reason: 'PostgreSQL 14.0 to 14.3 can build a corrupt index concurrently and say nothing.',
  bad: [
    { sql: 'CREATE INDEX CONCURRENTLY i ON t (a);', target: { postgresVersion: 14.2 } },
    { sql: 'REINDEX TABLE CONCURRENTLY t;', target: { postgresVersion: 14.3 } },
  ],
  good: [
    { sql: 'CREATE INDEX CONCURRENTLY i ON t (a);', target: { postgresVersion: 14.4 } },
    { sql: 'CREATE INDEX i ON t (a);', target: { postgresVersion: 14.2 } },
    'CREATE INDEX CONCURRENTLY i ON t (a);',
  ],
  check: eachOperation(
    ['create-index', 'reindex'],
    ({ concurrently }, _statement, { target: { postgresVersion } }) => {
      // A bare 14 is the major version: which minor one runs is not known.
      const isAffected = postgresVersion > 14 && postgresVersion < 14.4;
      if (!concurrently || !isAffected) return undefined;
      return {
        message: `PostgreSQL ${postgresVersion} may leave the index corrupt.`,
        fix: '-- upgrade the server to 14.4 or later first',
      };
    },
  ),
};
