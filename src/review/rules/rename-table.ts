import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const renameTable: Rule = {
  name: 'rename-table',
  id: 'TBL-02',
  severity: 'warning',
  reason: 'Code that still runs uses the old name, and fails at once.',
  bad: [
    'ALTER TABLE users RENAME TO people;',
    'ALTER TABLE users SET SCHEMA app;',
    'ALTER SCHEMA app RENAME TO shop;',
  ],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;',
    'BEGIN; ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people; COMMIT;',
    'ALTER INDEX a RENAME TO b;',
  ],
  check: eachOperation(['rename-table', 'set-schema', 'rename-schema'], (operation, statement, script) => {
    if (operation.kind === 'rename-schema') {
      return {
        message: `Everything in ${operation.name} is called ${operation.to}.… from one moment to the next.`,
      };
    }
    const { table, to } = operation;
    if (!isExisting(statement, table)) return undefined;
    const later = script.statements.slice(script.statements.indexOf(statement) + 1);
    const hasView = later.some(({ operations, before }) =>
      operations.some(
        (other) =>
          other.kind === 'create-view' &&
          tableKey(other.view) === tableKey(table) &&
          before.inTransaction &&
          statement.before.inTransaction,
      ),
    );
    if (hasView) return undefined;
    const target =
      operation.kind === 'rename-table'
        ? { schema: table.schema, name: to }
        : { schema: to, name: table.name };
    return {
      message: `${sqlName(table)} is gone for code that still runs: it is called ${sqlName(target)} now.`,
      fix: `BEGIN;\n${statement.text};\nCREATE VIEW ${sqlName(table)} AS SELECT * FROM ${sqlName(target)};\nCOMMIT;`,
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};
