import { commandText } from '../commands.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const setDefaultPartialWrites: Rule = {
  name: 'set-default-partial-writes',
  id: 'COL-16',
  severity: 'warning',
  reason: 'Code that still runs may write the old default by itself, or rely on it.',
  bad: [
    "ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';",
    'ALTER TABLE app."Users" ALTER "At" SET DEFAULT now(), ADD COLUMN a int;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN state DROP DEFAULT;',
    'ALTER TABLE users ADD COLUMN n int; ALTER TABLE users ALTER COLUMN n SET DEFAULT 5;',
    'ALTER TABLE users ADD COLUMN n int, ALTER COLUMN n SET DEFAULT 5;',
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a SET DEFAULT 5;',
    'ALTER VIEW active_users ALTER COLUMN state SET DEFAULT 1;',
  ],
  check: eachOperation('set-default', (operation, statement) => {
    const { table, column } = operation;
    const isNew =
      statement.before.columnAddedHere(table, column) !== undefined ||
      statement.operations.some((other) => other.kind === 'add-column' && other.column.name === column);
    if (!isExisting(statement, table) || isNew) return undefined;
    const command = commandText(statement, operation);
    return {
      message: `Rows that running code inserts into ${sqlName(table)} without ${column} get another value from now on, and code that writes the old default goes on doing so.`,
      fix: command && `-- after code that expects it is deployed:\nALTER TABLE ${sqlName(table)} ${command};`,
    };
  }),
};
