import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { sqlName } from '../print.ts';

export const createIndexBlocking: Rule = {
  name: 'create-index-blocking',
  id: 'IDX-01',
  severity: 'warning',
  reason: 'The build holds a SHARE lock: INSERT, UPDATE and DELETE wait until the whole table has been read.',
  bad: ['CREATE INDEX users_email_idx ON users (email);', 'CREATE UNIQUE INDEX ON app.users (email);'],
  good: [
    'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);',
    'CREATE TABLE users (email text); CREATE INDEX users_email_idx ON users (email);',
  ],
  check: eachOperation('create-index', ({ table, concurrently, only }, statement) => {
    // ON ONLY a partitioned parent builds nothing.
    if (concurrently || only || !isExisting(statement, table)) return undefined;
    return {
      message: `Writes to ${sqlName(table)} wait while the index is built.`,
      fix: `${statement.text.replace(/^(\s*CREATE(?:\s+UNIQUE)?\s+INDEX)\b/i, '$1 CONCURRENTLY')};`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'ShareLock') ?? false,
    };
  }),
};
