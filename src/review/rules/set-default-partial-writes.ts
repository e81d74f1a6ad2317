import type { ColumnDef } from '../../plan/database-schema.ts';
import { commandText } from '../commands.ts';
import { sameExpressionAs as sameAs } from '../../postgres/expression.ts';
import { isMendedLater } from '../later-defaults.ts';
import { lockContext } from '../locks.ts';
import { type OperationOf, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { topic } from '../topics.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';

export const setDefaultPartialWrites: Rule = {
  name: 'set-default-partial-writes',
  id: 'COL-16',
  severity: 'warning',
  reason: 'Code that still runs may write the old default by itself, or rely on it.',
  bad: [
    "ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';",
    'ALTER TABLE app."Users" ALTER "At" SET DEFAULT now(), ADD COLUMN a int;',
    "ALTER TABLE users ALTER state DROP DEFAULT; ALTER TABLE users ALTER state SET DEFAULT 'new';",
    "ALTER TABLE users ALTER state TYPE text; ALTER TABLE users ALTER state SET DEFAULT 'new';",
    // Its NOT NULL is known, and running code may leave it to the default.
    'ALTER TABLE users ALTER COLUMN state SET NOT NULL; ALTER TABLE users ALTER COLUMN state DROP DEFAULT;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN state DROP DEFAULT;',
    'ALTER TABLE users ALTER state SET NOT NULL; ALTER TABLE users ALTER state DROP DEFAULT; ALTER TABLE users ALTER state DROP NOT NULL;',
    'ALTER TABLE users ADD COLUMN n int; ALTER TABLE users ALTER COLUMN n SET DEFAULT 5;',
    'ALTER TABLE users ADD COLUMN n int, ALTER COLUMN n SET DEFAULT 5;',
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a SET DEFAULT 5;',
    'ALTER VIEW active_users ALTER COLUMN state SET DEFAULT 1;',
    // A type change takes the default away and gives it back.
    "ALTER TABLE users ALTER state DROP DEFAULT; ALTER TABLE users ALTER state TYPE mood USING state::mood; ALTER TABLE users ALTER state SET DEFAULT 'new';",
    "ALTER TABLE users ALTER state DROP DEFAULT, ALTER state TYPE mood USING state::mood; ALTER TABLE users ALTER state SET DEFAULT 'new'::mood;",
  ],
  check: eachOperation(['set-default', 'drop-default'], (operation, statement, script) => {
    const { table, column } = operation;
    const isNew =
      statement.before.columnAddedHere(table, column) !== undefined ||
      statement.operations.some((other) => other.kind === 'add-column' && other.column.name === column);
    if (!isExisting(statement, table) || isNew) return undefined;
    if (operation.kind === 'drop-default') return dropped(operation, statement, script);
    if (isAsBefore(operation, statement, script)) return undefined;
    const old = columnBefore(operation, script);
    const hadNone = old !== undefined && old.default === undefined;
    // Running code that leaves it out fails already.
    if (hadNone && old.notNull) return undefined;
    const command = commandText(statement, operation);
    const inserts = `Rows that running code inserts into ${sqlName(table)} without ${column} get`;
    return {
      message: hadNone
        ? `${inserts} this default instead of NULL from now on.`
        : `${inserts} another value from now on, and code that writes the old default goes on doing so.`,
      fix: command && `-- after code that expects it is deployed:\nALTER TABLE ${sqlName(table)} ${command};`,
    };
  }),
};

/** Where the column may be NULL, rows get NULL; `add-not-null-no-default` has those that the script has added. */
function dropped({ table, column }: OperationOf<'drop-default'>, statement: Statement, script: Script) {
  const known = lockContext(statement, script).tables.get(tableKey(table))?.columns.get(column);
  if (!known?.notNull || isMendedLater(table, column, statement, script)) return undefined;
  return {
    message: `Running code that inserts into ${sqlName(table)} without ${column} fails from now on: it is NOT NULL (23502).`,
    fix: `-- after code that writes ${column} is deployed:\n${statement.text};`,
  };
}

/**
 * Whether the column had this default before the script; where nobody knows, whether the script has only taken it away for
 * the sake of a new type.
 */
function isAsBefore(operation: OperationOf<'set-default'>, { before }: Statement, script: Script): boolean {
  const { table, column, default: value } = operation;
  const old = columnBefore(operation, script);
  if (old) return old.default !== undefined && sameAs(value, old.default, table.name);
  const last = before.last(topic('drop-default', table, column), topic('set-default', table, column));
  return last?.kind === 'drop-default' && before.last(topic('alter-type', table, column)) !== undefined;
}

/** The column before the script; undefined where nobody knows. */
function columnBefore(
  { table, column }: OperationOf<'set-default'>,
  { schema }: Script,
): ColumnDef | undefined {
  const known = schema?.tables.find((each) => tableKey(each) === tableKey(table));
  return known?.columns.find(({ name }) => name === column);
}
