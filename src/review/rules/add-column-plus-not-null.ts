import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { withCommand } from '../commands.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

const inSeparateStep = '-- then, in a migration of its own:';

export const addColumnPlusNotNull: Rule = {
  name: 'add-column-plus-not-null',
  id: 'COL-17',
  severity: 'warning',
  reason: 'Two risks in one statement: when it fails, or is slow, nobody knows by which.',
  bad: [
    "ALTER TABLE users ALTER COLUMN note SET DEFAULT '', ALTER COLUMN note SET NOT NULL;",
    'ALTER TABLE users ALTER COLUMN n TYPE bigint, ALTER COLUMN n SET NOT NULL;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN note SET NOT NULL;',
    "ALTER TABLE users ALTER COLUMN a SET DEFAULT '', ALTER COLUMN b SET NOT NULL;",
    'CREATE TABLE t (a int); ALTER TABLE t ALTER a SET DEFAULT 1, ALTER a SET NOT NULL;',
  ],
  check: eachOperation('set-not-null', (operation, statement) => {
    const { table, column } = operation;
    if (!isExisting(statement, table)) return undefined;
    const isChanged = statement.operations.some(
      (other) => (other.kind === 'alter-type' || other.kind === 'set-default') && other.column === column,
    );
    if (!isChanged) return undefined;
    return {
      message: `${sqlName(table)}.${column} is changed and made NOT NULL in one statement.`,
      fix:
        withCommand(statement, operation, []) &&
        `${withCommand(statement, operation, [])}\n${inSeparateStep}\nALTER TABLE ${sqlName(table)} ALTER COLUMN ${quoteWhereNeeded(column)} SET NOT NULL;`,
    };
  }),
};
