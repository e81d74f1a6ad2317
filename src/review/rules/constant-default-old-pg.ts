import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const constantDefaultOldPg: Rule = {
  name: 'constant-default-old-pg',
  id: 'COL-03',
  severity: 'warning',
  reason: 'Before PostgreSQL 11 any default makes the server write the whole table anew.',
  bad: [
    { sql: 'ALTER TABLE users ADD COLUMN n int DEFAULT 5;', target: { postgresVersion: 10 } },
    { sql: 'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now();', target: { postgresVersion: 9.6 } },
  ],
  good: [
    'ALTER TABLE users ADD COLUMN n int DEFAULT 5;',
    { sql: 'ALTER TABLE users ADD COLUMN n int;', target: { postgresVersion: 10 } },
    {
      sql: 'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN n int DEFAULT 5;',
      target: { postgresVersion: 10 },
    },
  ],
  check: eachOperation('add-column', ({ table, column }, statement, { target }) => {
    if (target.postgresVersion >= 11 || column.default === undefined || !isExisting(statement, table))
      return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column.name)];
    return {
      message: `PostgreSQL ${target.postgresVersion} writes ${on} anew for the default.`,
      fix: `-- ADD COLUMN ${name} without the default, then:\nALTER TABLE ${on} ALTER COLUMN ${name} SET DEFAULT …;\n-- then fill the rows that are there in batches`,
    };
  }),
};
