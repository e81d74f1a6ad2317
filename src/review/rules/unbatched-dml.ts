import { inBatches } from '../batches.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { isSelective } from '../selective.ts';

export const unbatchedDml: Rule = {
  name: 'unbatched-dml',
  id: 'TX-06',
  severity: 'warning',
  reason:
    'Every row stays locked until the last one is written, and all of them go into the log and leave dead rows at once.',
  bad: [
    'UPDATE users SET a = 1;',
    'DELETE FROM app."Users";',
    'UPDATE users SET a = 1 WHERE true;',
    'UPDATE users SET a = 1 WHERE 1 = 1;',
    'UPDATE users SET a = 1 WHERE a IS NULL;',
    'UPDATE users SET full_name = first_name WHERE full_name <> first_name;',
    'DELETE FROM users WHERE NOT false OR id = 1;',
    'UPDATE orders o SET email = u.email FROM users u WHERE o.user_id = u.id;',
    'WITH gone AS (DELETE FROM users RETURNING *) INSERT INTO old_users SELECT * FROM gone;',
    'DO $$ BEGIN UPDATE users SET a = 1; END $$;',
    'DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP UPDATE users SET a = 1 WHERE id = r.id; END LOOP; END $$;',
    'DO $$ BEGIN LOOP DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 1000); EXIT WHEN NOT FOUND; END LOOP; END $$;',
    'DO $$ DECLARE n int := 0; BEGIN WHILE n < 1000000 LOOP UPDATE users SET a = 1 WHERE id > n AND id <= n + 1000; n := n + 1000; END LOOP; END $$;',
    'DO $$ DECLARE r record; BEGIN FOR r IN UPDATE users SET a = 1 RETURNING id LOOP NULL; END LOOP; END $$;',
    "DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'DELETE FROM users RETURNING id' LOOP NULL; END LOOP; END $$;",
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET a = 1; END $$; SELECT f();',
    'CREATE FUNCTION app.f() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM users; END; DO $$ BEGIN PERFORM app.f(); END $$;',
    'CREATE PROCEDURE p(n int) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; END $$; CALL p(5);',
    'CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ DELETE FROM users RETURNING 1 $$; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN n := g(); RETURN n; END $$; SELECT f();',
    'PREPARE q AS UPDATE users SET a = 1; EXECUTE q;',
    'MERGE INTO users u USING staging s ON u.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name;',
    'MERGE INTO users u USING staging s ON u.id = s.id WHEN MATCHED AND s.gone THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id);',
    'WITH s AS (SELECT 1 AS id) MERGE INTO users u USING s ON u.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE;',
    'EXPLAIN ANALYZE UPDATE users SET a = 1;',
    'EXPLAIN (ANALYZE, BUFFERS) DELETE FROM users;',
    'COPY (DELETE FROM users RETURNING *) TO STDOUT;',
    'CREATE TABLE kept AS WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone;',
  ],
  good: [
    'UPDATE users SET a = 1 WHERE id = 5;',
    'UPDATE users SET a = 1 WHERE id BETWEEN 1 AND 1000;',
    'DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 1000);',
    "DELETE FROM users WHERE created_at < now() - interval '1 year' AND id IN (1, 2, 3);",
    'CREATE TABLE t (a int); UPDATE t SET a = 1;',
    'CREATE TABLE t AS SELECT * FROM users; DELETE FROM t;',
    'UPDATE users SET a = 1 WHERE a IS NULL AND id > 10 AND id <= 1010;',
    'WITH batch AS (SELECT id FROM users WHERE a IS NULL ORDER BY id LIMIT 500) UPDATE users u SET a = 1 FROM batch b WHERE u.id = b.id;',
    'DO $$ DECLARE last int := 0; BEGIN UPDATE users SET a = 1 WHERE id > last; END $$;',
    'INSERT INTO users (id) VALUES (1);',
    'DO $$ BEGIN LOOP DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 1000); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;',
    'DO $$ BEGIN FOR i IN 1..10 LOOP UPDATE users SET a = 1 WHERE id = i; END LOOP; END $$;',
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET a = 1; END $$;',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET a = 1; RETURN NEW; END $$; CREATE TRIGGER t AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION f();',
    'PREPARE q AS UPDATE users SET a = 1; DEALLOCATE q;',
    'EXPLAIN UPDATE users SET a = 1; EXPLAIN (ANALYZE false) DELETE FROM users;',
    'MERGE INTO users u USING staging s ON u.id = s.id AND u.id BETWEEN 1 AND 1000 WHEN MATCHED THEN UPDATE SET name = s.name;',
    "MERGE INTO users u USING (VALUES (1, 'a')) s (id, name) ON u.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name;",
    'CREATE TABLE t (a int); MERGE INTO t USING users u ON t.a = u.id WHEN MATCHED THEN DELETE;',
  ],
  check: eachOperation(['update', 'delete'], ({ kind, table, where, isBatch, isRepeated }, statement) => {
    const { before, operations, facts } = statement;
    if (!isExisting(statement, table) || before.isCreatedHere(table)) return undefined;
    const namesMayBeVariables = operations.some((operation) => operation.kind === 'do-block');
    if (isBatch && !isRepeated) return undefined;
    if (!isRepeated && isSelective(where, { namesMayBeVariables })) return undefined;
    const name = sqlName(table);
    const batches = inBatches(statement);
    return {
      message: `One transaction${isRepeated ? ', the whole loop,' : ''} ${kind === 'update' ? 'writes' : 'deletes'} all its rows in ${name}: each of them stays locked until the last is done.`,
      fix: batches && `-- outside a transaction, after this migration:\n${batches}`,
      observed: facts?.scans.includes(table.name) ?? false,
    };
  }),
};
