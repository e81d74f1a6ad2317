import { isFreedBefore, isMadeAgain, isMadeBefore, namespaceOf } from '../made-names.ts';
import { type OperationOf, type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Hit, isExisting, type Rule, type Script, type Statement } from '../rule.ts';

export const renameTable: Rule = {
  name: 'rename-table',
  id: 'TBL-02',
  severity: 'warning',
  reason: 'Code that still runs uses the old name, and fails at once.',
  bad: [
    'ALTER TABLE users RENAME TO people;',
    'ALTER TABLE users SET SCHEMA app;',
    'ALTER SCHEMA app RENAME TO shop;',
    'ALTER VIEW active_users RENAME TO live_users;',
    'ALTER MATERIALIZED VIEW app."Totals" RENAME TO sums;',
    'ALTER FOREIGN TABLE orders RENAME TO old_orders;',
    'ALTER TYPE mood RENAME TO feeling;',
    'ALTER DOMAIN app.email RENAME TO mail;',
    'ALTER SEQUENCE order_id_seq RENAME TO orders_seq;',
    'ALTER FUNCTION total(int, int) RENAME TO sum_of;',
    'ALTER PROCEDURE archive() SET SCHEMA app;',
    'ALTER TYPE mood SET SCHEMA app;',
    'ALTER VIEW active_users SET SCHEMA app;',
    'ALTER EXTENSION citext SET SCHEMA extensions;',
    'ALTER ROLE web RENAME TO api;',
    'BEGIN; CREATE VIEW v AS SELECT 1; ROLLBACK; ALTER VIEW v RENAME TO w;',
    // Between the two there is no `users`.
    'ALTER TABLE users RENAME TO users_old; ALTER TABLE users_new RENAME TO users;',
    'CREATE OR REPLACE FUNCTION total() RETURNS int LANGUAGE sql AS $$SELECT 1$$; ALTER FUNCTION total() RENAME TO sum_of;',
  ],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;',
    'CREATE TABLE t (a int); INSERT INTO t SELECT id FROM users; ALTER TABLE t RENAME TO u;',
    'BEGIN; ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people; COMMIT;',
    'ALTER INDEX a RENAME TO b;',
    'CREATE VIEW v AS SELECT 1; ALTER VIEW v RENAME TO w; ALTER VIEW w RENAME TO x;',
    "CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood RENAME TO feeling;",
    'CREATE SEQUENCE s; ALTER SEQUENCE s RENAME TO t;',
    "BEGIN; ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok'); COMMIT;",
    'BEGIN; ALTER TABLE users RENAME TO users_old; ALTER TABLE users_new RENAME TO users; COMMIT;',
    'BEGIN; ALTER FUNCTION f(int) RENAME TO g; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$SELECT 1$$; COMMIT;',
  ],
  check: eachOperation(
    ['rename-table', 'set-schema', 'rename-schema', 'rename-type', 'rename-object'],
    (operation, statement, script) => {
      switch (operation.kind) {
        case 'rename-schema':
          return {
            message: `Everything in ${operation.name} is called ${operation.to}.… from one moment to the next.`,
          };
        case 'rename-type': {
          const to = { schema: operation.type.schema, name: operation.to };
          return renamed('type', operation.type, to, statement, script);
        }
        case 'rename-object':
          return renamed(operation.what, operation.object, operation.to, statement, script);
        default:
          return tableRenamed(operation, statement, script);
      }
    },
  ),
};

type Judgement = Omit<Hit, 'statement'> | undefined;

function tableRenamed(
  operation: OperationOf<'rename-table' | 'set-schema'>,
  statement: Statement,
  script: Script,
): Judgement {
  const { table, kind, to } = operation;
  if (!isExisting(statement, table)) return undefined;
  const target =
    kind === 'rename-table' ? { schema: table.schema, name: to } : { schema: to, name: table.name };
  return renamed('table', table, target, statement, script);
}

function renamed(
  what: string,
  from: TableRef,
  to: TableRef,
  statement: Statement,
  script: Script,
): Judgement {
  const names = namespaceOf(what);
  const isNew = isMadeBefore(from, statement, script, names);
  // In one transaction others see the old name taken by what has followed it: a swap.
  if (isNew || isMadeAgain(from, statement, script, names) || isFreedBefore(to, statement, script)) {
    return undefined;
  }
  const [old, next] = [sqlName(from), sqlName(to)];
  const isRead = ['table', 'view', 'materialized view', 'foreign table'].includes(what);
  return {
    message: `${old} is gone for code that still runs: it is called ${next} now.`,
    fix: isRead
      ? `BEGIN;\n${statement.text};\nCREATE VIEW ${old} AS SELECT * FROM ${next};\nCOMMIT;`
      : `-- after code that uses neither name is deployed:\n${statement.text};`,
    observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(from)) ?? false,
  };
}
