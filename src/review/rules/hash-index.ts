import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const hashIndex: Rule = {
  name: 'hash-index',
  id: 'IDX-10',
  severity: 'info',
  reason: 'Before PostgreSQL 10 a hash index is not written to the log: a crash leaves it wrong.',
  bad: [{ sql: 'CREATE INDEX i ON t USING hash (a);', target: { postgresVersion: 9.6 } }],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t USING hash (a);',
    { sql: 'CREATE INDEX i ON t (a);', target: { postgresVersion: 9.6 } },
  ],
  check: eachOperation('create-index', ({ method, table }, statement, { target }) => {
    if (method !== 'hash' || target.postgresVersion >= 10) return undefined;
    return {
      message: `The hash index on ${sqlName(table)} is not crash-safe on PostgreSQL ${target.postgresVersion}.`,
      fix: `${statement.text.replace(/\bUSING\s+hash\b/i, 'USING btree')};`,
    };
  }),
};
