import { concurrentIndexSql, partitionedIndexSql } from '../index-text.ts';
import { isPartitioned } from '../partitioned.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const createIndexBlocking: Rule = {
  name: 'create-index-blocking',
  id: 'IDX-01',
  severity: 'warning',
  reason: 'The build holds a SHARE lock: INSERT, UPDATE and DELETE wait until the whole table has been read.',
  bad: [
    'BEGIN; CREATE TABLE t (a int); ROLLBACK; CREATE INDEX i ON t (a);',
    'BEGIN; SAVEPOINT s; CREATE TABLE t (a int); ROLLBACK TO s; CREATE INDEX i ON t (a); COMMIT;',
    'CREATE TABLE t (a int); DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP INSERT INTO t VALUES (r.id); END LOOP; END $$; CREATE INDEX i ON t (a);',
    'CREATE TABLE t (a int); CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $$ INSERT INTO t SELECT id FROM users $$; SELECT fill(); CREATE INDEX i ON t (a);',
    'CREATE INDEX users_email_idx ON users (email);',
    'CREATE UNIQUE INDEX ON app.users (email);',
    'CREATE INDEX IF NOT EXISTS "Users_idx" ON ONLY_users USING gin (tags) WHERE tags IS NOT NULL;',
    'CREATE TABLE users AS SELECT * FROM old_users; CREATE INDEX i ON users (email);',
    'ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1); CREATE INDEX i ON p (a);',
    'DO $$ BEGIN CREATE INDEX i ON users (email); END $$;',
  ],
  good: [
    'CREATE TABLE t AS SELECT * FROM users WITH NO DATA; CREATE INDEX i ON t (a);',
    'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);',
    'CREATE TABLE users (email text); CREATE INDEX users_email_idx ON users (email);',
    'CREATE INDEX i ON ONLY p (a);',
    'CREATE MATERIALIZED VIEW totals AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON totals (a);',
  ],
  check: eachOperation('create-index', (operation, statement, script) => {
    const { table, concurrently, only } = operation;
    // ON ONLY a partitioned parent builds nothing.
    if (concurrently || only || !isExisting(statement, table)) return undefined;
    // Nobody writes to a materialised view, and nobody reads one yet that has just been made.
    if (statement.before.last(topic('create-view', table))) return undefined;
    const place = statement.before.inTransaction ? '-- in no transaction:\n' : '';
    const concurrent = concurrentIndexSql(statement);
    return {
      message: `Blocks writes to ${sqlName(table)} while the index is built.`,
      fix: isPartitioned(table, script)
        ? partitionedIndexSql(statement, operation)
        : concurrent && `${place}${concurrent}`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'ShareLock') ?? false,
    };
  }),
};
