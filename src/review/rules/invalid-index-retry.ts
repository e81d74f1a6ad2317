import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { eachOperation, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const invalidIndexRetry: Rule = {
  name: 'invalid-index-retry',
  id: 'IDX-05',
  severity: 'error',
  reason:
    'A failed concurrent build leaves an invalid index, and IF NOT EXISTS then skips the retry without a word.',
  bad: ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);'],
  good: [
    'DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);',
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    'CREATE INDEX IF NOT EXISTS i ON t (a);',
  ],
  check: eachOperation('create-index', ({ name, concurrently, ifNotExists }, statement) => {
    if (!concurrently || !ifNotExists || name === undefined) return undefined;
    if (statement.before.last(topic('drop-index', name))) return undefined;
    return {
      // Whether a build has failed is for a database to say; the statement alone only hides it.
      severity: 'info',
      message: `Where an earlier build of ${quoteWhereNeeded(name)} has failed, its invalid rest is taken for the index.`,
      fix: `DROP INDEX CONCURRENTLY IF EXISTS ${quoteWhereNeeded(name)};\n${statement.text};`,
    };
  }),
};
