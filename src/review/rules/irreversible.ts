import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const irreversible: Rule = {
  name: 'irreversible',
  id: 'REV-02',
  severity: 'warning',
  reason: 'The way down can bring the schema back, and not what was stored.',
  bad: [
    'ALTER TABLE users DROP COLUMN note;',
    'DROP TABLE users;',
    'TRUNCATE users;',
    'UPDATE users SET note = NULL WHERE id = 1;',
    "ALTER TYPE mood ADD VALUE 'x';",
  ],
  good: [
    'ALTER TABLE users ADD COLUMN note text;',
    'CREATE TABLE t (a int); DROP TABLE t;',
    'INSERT INTO users (id) VALUES (1);',
  ],
  check: eachOperation(
    ['drop-column', 'drop-table', 'truncate', 'update', 'delete', 'add-enum-value'],
    (operation, statement) => {
      if (operation.kind === 'add-enum-value') {
        return {
          severity: 'info',
          message: `Postgres cannot take '${operation.value}' out of ${sqlName(operation.type)} again: a way down has to rebuild the type.`,
        };
      }
      const { table } = operation;
      if (!isExisting(statement, table) || statement.before.isCreatedHere(table)) return undefined;
      if (operation.kind === 'drop-column' && statement.before.columnAddedHere(table, operation.column))
        return undefined;
      const copy = `CREATE TABLE ${sqlName({ schema: table.schema, name: `${table.name}_kept` })} AS SELECT * FROM ${sqlName(table)};`;
      return {
        message: `What ${sqlName(table)} had stored there does not come back.`,
        fix: `-- a copy, where it may be needed again:\n${copy}`,
      };
    },
  ),
};
