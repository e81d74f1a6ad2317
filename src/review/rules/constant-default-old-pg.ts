import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withDefaultLater } from './volatile-default.ts';

export const constantDefaultOldPg: Rule = {
  name: 'constant-default-old-pg',
  id: 'COL-03',
  severity: 'warning',
  reason: 'Before PostgreSQL 11 any default makes the server write the whole table anew.',
  bad: [
    { sql: 'ALTER TABLE users ADD COLUMN n int DEFAULT 5;', target: { postgresVersion: 10 } },
    { sql: 'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now();', target: { postgresVersion: 9.6 } },
    {
      sql: 'ALTER TABLE users ADD COLUMN a int, ADD COLUMN b boolean NOT NULL DEFAULT false;',
      target: { postgresVersion: 10 },
    },
  ],
  good: [
    'ALTER TABLE users ADD COLUMN n int DEFAULT 5;',
    { sql: 'ALTER TABLE users ADD COLUMN n int DEFAULT 5;', target: { postgresVersion: 11 } },
    { sql: 'ALTER TABLE users ADD COLUMN n int DEFAULT NULL;', target: { postgresVersion: 10 } },
    { sql: 'ALTER TABLE users ALTER COLUMN n SET DEFAULT 5;', target: { postgresVersion: 10 } },
    {
      sql: 'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN n int DEFAULT 5;',
      target: { postgresVersion: 10 },
    },
  ],
  check: eachOperation('add-column', (operation, statement, script) => {
    const { postgresVersion } = script.target;
    if (postgresVersion >= 11 || operation.column.default === undefined) return undefined;
    if (!isExisting(statement, operation.table)) return undefined;
    return {
      message: `PostgreSQL ${postgresVersion} writes ${sqlName(operation.table)} anew for the default of ${operation.column.name}, and nobody can read it meanwhile.`,
      fix: withDefaultLater(statement, script, operation),
    };
  }),
};
