import { withCommand } from '../commands.ts';
import { type Operation, tableKey } from '../operation.ts';
import { notNullSteps } from '../not-null-steps.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const addColumnPlusNotNull: Rule = {
  name: 'add-column-plus-not-null',
  id: 'COL-17',
  severity: 'warning',
  reason: 'Two risks in one statement: when it fails, or is slow, nobody knows by which.',
  bad: [
    "ALTER TABLE users ALTER COLUMN note SET DEFAULT '', ALTER COLUMN note SET NOT NULL;",
    'ALTER TABLE users ALTER COLUMN n TYPE bigint, ALTER COLUMN n SET NOT NULL;',
    'ALTER TABLE app."Users" ALTER "N" SET NOT NULL, ALTER "N" TYPE text, DROP COLUMN a;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN note SET NOT NULL;',
    "ALTER TABLE users ALTER COLUMN a SET DEFAULT '', ALTER COLUMN b SET NOT NULL;",
    'CREATE TABLE t (a int); ALTER TABLE t ALTER a SET DEFAULT 1, ALTER a SET NOT NULL;',
    // One statement after the other.
    "ALTER TABLE users ALTER COLUMN note SET DEFAULT ''; ALTER TABLE users ALTER COLUMN note SET NOT NULL;",
  ],
  check: eachOperation('set-not-null', (operation, statement, script) => {
    const { table, column } = operation;
    if (!isExisting(statement, table)) return undefined;
    const changes = (other: Operation) =>
      (other.kind === 'alter-type' || other.kind === 'set-default') &&
      other.column === column &&
      tableKey(other.table) === tableKey(table);
    const rest = withCommand(statement, operation, []);
    if (rest === undefined || !statement.operations.some(changes)) return undefined;
    const { commands, later } = notNullSteps(table, column, script.target);
    return {
      message: `${sqlName(table)}.${column} is changed and made NOT NULL in one statement.`,
      fix: [
        rest,
        inLaterTransaction(statement, script),
        `ALTER TABLE ${sqlName(table)} ${commands.join(', ')};`,
        '-- then, in a transaction of its own:',
        ...later,
      ].join('\n'),
    };
  }),
};
