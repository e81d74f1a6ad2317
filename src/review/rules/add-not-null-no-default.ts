import { commandText, withCommand } from '../commands.ts';
import { bareColumn, whenFilled } from '../fill-column.ts';
import { domainBefore } from '../known-domains.ts';
import { isMendedLater } from '../later-defaults.ts';
import { lockContext } from '../locks.ts';
import { failedWith } from '../observed.ts';
import { type Operation, type OperationOf, type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Hit, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { isSerial } from '../type-names.ts';
import { topic } from '../topics.ts';

export const addNotNullNoDefault: Rule = {
  name: 'add-not-null-no-default',
  id: 'COL-01',
  severity: 'error',
  reason: 'It passes on an empty test database, and fails on a table that has rows (SQLSTATE 23502).',
  bad: [
    'ALTER TABLE users ADD COLUMN must text NOT NULL;',
    'ALTER TABLE users ADD COLUMN must int NOT NULL DEFAULT NULL;',
    'ALTER TABLE app.users ADD COLUMN a int, ADD COLUMN b text NOT NULL;',
    'ALTER TABLE users ADD COLUMN key uuid PRIMARY KEY;',
    // A default that comes later is for later rows.
    'ALTER TABLE users ADD COLUMN n int NOT NULL, ALTER COLUMN n SET DEFAULT 5;',
    'ALTER TABLE users ADD COLUMN n int, ALTER COLUMN n SET NOT NULL;',
    'ALTER TABLE users ADD COLUMN n int, ADD PRIMARY KEY (n);',
    'ALTER TABLE users ADD COLUMN IF NOT EXISTS "From" text NOT NULL;',
    'CREATE TABLE copy AS SELECT * FROM users; ALTER TABLE copy ADD COLUMN must text NOT NULL;',
    // The rows that are there get the default; those that running code inserts afterwards do not.
    'ALTER TABLE users ADD COLUMN n int NOT NULL DEFAULT 1; ALTER TABLE users ALTER COLUMN n DROP DEFAULT;',
    'ALTER TABLE app."Users" ADD "N" int DEFAULT 1; ALTER TABLE app."Users" ALTER "N" SET NOT NULL; ALTER TABLE app."Users" ALTER "N" SET DEFAULT NULL;',
    'CREATE DOMAIN required AS text NOT NULL; ALTER TABLE users ADD COLUMN must required;',
    'DELETE FROM users WHERE id = 1; ALTER TABLE users ADD COLUMN b int NOT NULL;',
    'DELETE FROM users; INSERT INTO users SELECT * FROM old; ALTER TABLE users ADD COLUMN b int NOT NULL;',
    'DELETE FROM users USING gone; ALTER TABLE users ADD COLUMN b int NOT NULL;',
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN n int; ALTER TABLE users ALTER COLUMN n SET NOT NULL; END $$;',
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN n int; UPDATE users SET m = 1; UPDATE other SET n = 1; ALTER TABLE users ALTER COLUMN n SET NOT NULL; END $$;',
  ],
  good: [
    "ALTER TABLE users ADD COLUMN must text NOT NULL DEFAULT '';",
    'ALTER TABLE users ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;',
    'ALTER TABLE users ADD COLUMN n serial NOT NULL;',
    'ALTER TABLE users ADD COLUMN n int NOT NULL GENERATED ALWAYS AS (1) STORED;',
    'ALTER TABLE users ADD COLUMN n int DEFAULT 5, ALTER COLUMN n SET NOT NULL;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int NOT NULL;',
    // There is no row that could be without a value.
    'TRUNCATE users; ALTER TABLE users ADD COLUMN b int NOT NULL;',
    'DELETE FROM users; ALTER TABLE users ADD COLUMN b int NOT NULL;',
    'DO $$ BEGIN DELETE FROM app.users; ALTER TABLE app.users ADD COLUMN b int NOT NULL; END $$;',
    // A block gives every row its value, or deletes those that have none, before it asks for one.
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN n int; UPDATE users SET n = 1; ALTER TABLE users ALTER COLUMN n SET NOT NULL; END $$;',
    'DO $$ BEGIN IF true THEN ALTER TABLE users ADD COLUMN n int; DELETE FROM users WHERE n IS NULL; ALTER TABLE users ADD PRIMARY KEY (n); END IF; END $$;',
    'ALTER TABLE users ADD COLUMN n int DEFAULT 1; ALTER TABLE users ALTER n DROP DEFAULT;',
    'ALTER TABLE users ADD n int NOT NULL DEFAULT 1; ALTER TABLE users ALTER n DROP DEFAULT; ALTER TABLE users ALTER n SET DEFAULT 2;',
    'ALTER TABLE users ADD n int NOT NULL DEFAULT 1; ALTER TABLE users ALTER n DROP DEFAULT; ALTER TABLE users ALTER n DROP NOT NULL;',
    'CREATE TABLE t (a int NOT NULL DEFAULT 1); ALTER TABLE t ALTER a DROP DEFAULT;',
    'ALTER TABLE users ALTER COLUMN n DROP DEFAULT;',
  ],
  check: eachOperation(['add-column', 'drop-default'], (operation, statement, script) => {
    if (operation.kind === 'drop-default') return defaultDropped(operation, statement, script);
    const { table, column } = operation;
    const isFilled =
      column.default !== undefined ||
      column.identity ||
      column.generated !== undefined ||
      isSerial(column.type);
    if (isFilled || !isRequired(operation, statement, script) || !isExisting(statement, table))
      return undefined;
    if (isEmptied(statement, operation) || isThere(statement, script, operation)) return undefined;
    // The rehearsal's tables have rows, unless there was nothing to invent them from.
    return {
      message: `${sqlName(table)} has rows in production, and none of them has a value for ${column.name}: the statement fails.`,
      fix: fixOf(statement, script, operation),
      observed: failedWith(statement, '23502'),
    };
  }),
};

type Adding = OperationOf<'add-column'>;

/** The migration passes; what fails is the code that runs while it is deployed. */
function defaultDropped(
  { table, column }: OperationOf<'drop-default'>,
  statement: Statement,
  script: Script,
): Omit<Hit, 'statement'> | undefined {
  const added = statement.before.columnAddedHere(table, column);
  if (!added || !isExisting(statement, table) || isMendedLater(table, column, statement, script)) {
    return undefined;
  }
  const now = lockContext(statement, script).tables.get(tableKey(table))?.columns.get(column);
  if (!now?.notNull) return undefined;
  return {
    severity: 'warning',
    message: `Code that still runs inserts into ${sqlName(table)} without ${column}, which is NOT NULL and has no default any more: it fails (23502).`,
    fix: `-- after code that writes ${column} is deployed:\n${statement.text};`,
  };
}

/** NOT NULL, or part of a primary key; said with the column, or by another command of the statement. */
function isRequired({ table, column }: Adding, statement: Statement, script: Script): boolean {
  const { operations } = statement;
  if (domainBefore(column.type, statement, script)?.isNotNull) return true;
  if (column.notNull || column.constraints.some(({ type }) => type === 'primary-key')) return true;
  const added = operations.findIndex((other) => isAdding(other, table, column.name));
  const filled = operations.findIndex(
    (other, place) => place > added && isFilling(other, table, column.name),
  );
  // What a block does to the rows in between may be all that they need.
  return operations.slice(0, filled < 0 ? undefined : filled).some((other) => {
    if (other.kind === 'set-not-null') {
      return tableKey(other.table) === tableKey(table) && other.column === column.name;
    }
    if (other.kind !== 'add-constraint' || tableKey(other.table) !== tableKey(table)) return false;
    const { type, columns, notValid } = other.constraint;
    return (type === 'primary-key' || (type === 'not-null' && !notValid)) && columns.includes(column.name);
  });
}

function isAdding(operation: Operation, table: TableRef, column: string): boolean {
  return (
    operation.kind === 'add-column' &&
    operation.column.name === column &&
    tableKey(operation.table) === tableKey(table)
  );
}

/** Rows get a value for the column, or those without one go. */
function isFilling(operation: Operation, table: TableRef, column: string): boolean {
  if (!('table' in operation) || !operation.table || tableKey(operation.table) !== tableKey(table))
    return false;
  if (operation.kind === 'update') return operation.columns.includes(column);
  return operation.kind === 'delete' || operation.kind === 'truncate';
}

/** Whether the script, or the block that adds the column, has just emptied the table. */
function isEmptied({ before, operations }: Statement, { table, column }: Adding): boolean {
  const added = operations.findIndex((other) => isAdding(other, table, column.name));
  const last =
    operations
      .slice(0, added)
      .findLast((other) => 'table' in other && other.table && isOfRows(other, table)) ??
    before.last(...ROWS.map((kind) => topic(kind, table)));
  return last?.kind === 'truncate' || (last?.kind === 'delete' && last.isOfAll);
}

/** What changes which rows there are. */
const ROWS = ['truncate', 'delete', 'insert', 'update'] as const;

function isOfRows(operation: Operation, table: TableRef): boolean {
  return ROWS.some((kind) => kind === operation.kind && tableKey(operation.table) === tableKey(table));
}

/** IF NOT EXISTS, and it does. */
function isThere(statement: Statement, script: Script, { table, column, ifNotExists }: Adding): boolean {
  return (
    ifNotExists &&
    lockContext(statement, script).tables.get(tableKey(table))?.columns.has(column.name) === true
  );
}

function fixOf(statement: Statement, { target }: Script, operation: Adding): string | undefined {
  const { table, column } = operation;
  const written = commandText(statement, operation);
  // Another command of the statement that says NOT NULL would have to go as well.
  const isSaidHere = column.notNull || column.constraints.some(({ type }) => type === 'primary-key');
  if (written === undefined || !isSaidHere) return undefined;
  return [
    withCommand(statement, operation, [bareColumn(written)]),
    `-- then give every row a value for ${column.name}, in batches;`,
    ...whenFilled(table, column, target),
  ].join('\n');
}
