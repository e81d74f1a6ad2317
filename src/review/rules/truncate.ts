import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const truncateTable: Rule = {
  name: 'truncate',
  id: 'TBL-03',
  severity: 'error',
  reason: 'All rows are gone, with CASCADE those of every referencing table too.',
  bad: [
    'TRUNCATE users;',
    'TRUNCATE TABLE a, b CASCADE;',
    'DO $$ BEGIN TRUNCATE t; CREATE TEMP TABLE t (a int); END $$;',
    'SET search_path = app; CREATE TABLE t (a int); TRUNCATE public.t;',
  ],
  good: [
    'CREATE TABLE t (a int); TRUNCATE t;',
    'CREATE TEMP TABLE t AS SELECT * FROM users; TRUNCATE pg_temp.t;',
    'DO $$ BEGIN CREATE TEMP TABLE t AS SELECT 1 AS a; TRUNCATE t; END $$;',
    'SET search_path = app; CREATE TABLE t (a int); TRUNCATE app.t;',
    'CREATE TABLE app.t (a int); SET search_path = app, public; TRUNCATE t;',
    'DELETE FROM users WHERE id = 1;',
  ],
  check: eachOperation('truncate', ({ table, cascade }, statement) => {
    if (statement.before.isCreatedHere(table) || !isExisting(statement, table)) return undefined;
    return {
      message: `All rows of ${sqlName(table)}${cascade ? ' and of the tables that refer to it' : ''} are lost.`,
      fix: `-- ${cascade ? 'first the same for the tables that refer to it; then ' : ''}what has to go, in batches:\nDELETE FROM ${sqlName(table)} WHERE ctid IN (SELECT ctid FROM ${sqlName(table)} LIMIT 1000);`,
    };
  }),
};
