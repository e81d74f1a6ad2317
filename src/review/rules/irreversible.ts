import { isGenerated } from '../generated-columns.ts';
import { losesValues } from '../lossy-type.ts';
import { lockContext } from '../locks.ts';
import { isMadeBefore } from '../made-names.ts';
import { impliesNull } from '../expression.ts';
import { type Operation, type OperationOf, type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { droppedWithMore } from './drop-cascade.ts';
import { eachOperation, type Hit, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { topic } from '../topics.ts';

type Judgement = Omit<Hit, 'statement'> | undefined;

/** `users_note_kept`: the rows as they are now, in a table beside it. */
function copy(table: TableRef, columns: readonly string[], script: Script): string {
  const key = script.schema?.tables.find((known) => tableKey(known) === tableKey(table))?.primaryKey?.columns;
  const chosen = key && columns.length > 0 ? [...new Set([...key, ...columns])] : [];
  const list =
    chosen.length > 0 ? chosen.map((name) => sqlName({ schema: undefined, name })).join(', ') : '*';
  const name = [table.name, ...columns, 'kept'].join('_');
  return `CREATE TABLE ${sqlName({ schema: table.schema, name })} AS SELECT ${list} FROM ${sqlName(table)};`;
}

function lost(
  table: TableRef,
  what: string,
  columns: readonly string[],
  statement: Statement,
  script: Script,
) {
  return {
    message: `${what} cannot be restored by any rollback.`,
    fix: `${copy(table, columns, script)}\n${statement.text};`,
  };
}

/** Values that the script itself has put there, or that were not there, are no loss. */
function overwrites(
  { table, columns, where }: OperationOf<'update' | 'delete'>,
  statement: Statement,
): boolean {
  return columns.some(
    (column) => !statement.before.columnAddedHere(table, column) && !impliesNull(where, column),
  );
}

const KINDS = [
  'drop-column',
  'drop-table',
  'truncate',
  'update',
  'delete',
  'alter-type',
  'add-enum-value',
  'drop-schema',
  'drop-database',
  'drop-type',
  'drop-object',
] as const satisfies readonly Operation['kind'][];

function judge(
  operation: OperationOf<(typeof KINDS)[number]>,
  statement: Statement,
  script: Script,
): Judgement {
  switch (operation.kind) {
    case 'drop-schema':
      return operation.cascade
        ? {
            message: `Everything that is stored in ${operation.name} is gone, and no rollback restores it.`,
          }
        : undefined;
    case 'drop-database':
      return {
        message: `Everything that is stored in ${operation.name} is gone, and no rollback restores it.`,
      };
    case 'drop-type':
    case 'drop-object':
      return dropped(operation, statement, script);
    case 'add-enum-value':
      return isNewType(operation.type, statement)
        ? undefined
        : {
            severity: 'info',
            message: `Postgres cannot take '${operation.value}' out of ${sqlName(operation.type)} again: a rollback has to rebuild the type.`,
          };
    default:
      return judgeTable(operation, statement, script);
  }
}

/** The columns that CASCADE takes along, and the tables of a role. */
function dropped(
  operation: OperationOf<'drop-type' | 'drop-object'>,
  statement: Statement,
  script: Script,
): Judgement {
  if (operation.kind === 'drop-object' && operation.what === 'owned') {
    return { message: `No rollback restores the rows of what ${operation.object.name} owns.` };
  }
  const more = droppedWithMore(operation);
  if (!more?.losesValues || isMadeBefore(more.object, statement, script)) return undefined;
  return {
    message: `The values of the columns that go with ${sqlName(more.object)} cannot be restored by any rollback.`,
  };
}

function judgeTable(
  operation: OperationOf<'drop-column' | 'drop-table' | 'truncate' | 'update' | 'delete' | 'alter-type'>,
  statement: Statement,
  script: Script,
): Judgement {
  const { table } = operation;
  const { before } = statement;
  if (!isExisting(statement, table) || before.isCreatedHere(table)) return undefined;
  switch (operation.kind) {
    case 'drop-column':
      return before.columnAddedHere(table, operation.column) || isGenerated(table, operation.column, script)
        ? undefined
        : lost(
            table,
            `What ${sqlName(table)}.${sqlName({ schema: undefined, name: operation.column })} holds`,
            [operation.column],
            statement,
            script,
          );
    case 'drop-table':
    case 'truncate':
    case 'delete':
      return lost(table, `The rows of ${sqlName(table)}`, [], statement, script);
    case 'update':
      return overwrites(operation, statement)
        ? lost(
            table,
            `The values of ${sqlName(table)} that it overwrites`,
            operation.columns,
            statement,
            script,
          )
        : undefined;
    case 'alter-type': {
      const { column, type, using } = operation;
      if (before.columnAddedHere(table, column)) return undefined;
      const from = lockContext(statement, script).tables.get(tableKey(table))?.columns.get(column)?.type;
      return losesValues(from, type, using)
        ? lost(
            table,
            `What the new type cuts off ${sqlName(table)}.${sqlName({ schema: undefined, name: column })}`,
            [column],
            statement,
            script,
          )
        : undefined;
    }
  }
}

function isNewType(type: TableRef, { before }: Statement): boolean {
  return before.last(topic('create-enum', type)) !== undefined;
}

export const irreversible: Rule = {
  name: 'irreversible',
  id: 'REV-02',
  severity: 'warning',
  reason: 'A rollback can restore the schema, but not what was stored.',
  bad: [
    'ALTER TABLE users DROP COLUMN note;',
    'ALTER TABLE app."Users" ADD a int, DROP COLUMN IF EXISTS "Note" CASCADE;',
    'DROP TABLE users, app.orders;',
    'TRUNCATE users;',
    'DELETE FROM users WHERE id = 1;',
    'UPDATE users SET note = NULL WHERE id = 1;',
    "ALTER TYPE mood ADD VALUE 'x';",
    'DROP SCHEMA app CASCADE;',
    'DROP TYPE mood CASCADE;',
    'DROP EXTENSION citext CASCADE;',
    'DROP OWNED BY web;',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users DROP COLUMN note;',
    'ALTER TABLE users ADD COLUMN note text; UPDATE users SET note = name WHERE id > 5;',
    'UPDATE users SET note = name WHERE note IS NULL;',
    'CREATE TABLE t (a int); DROP TABLE t;',
    'CREATE TABLE t AS SELECT * FROM users; DELETE FROM t;',
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'x';",
    'INSERT INTO users (id) VALUES (1);',
    'ALTER TABLE users ADD a numeric(10, 4); ALTER TABLE users ALTER a TYPE numeric(10, 2);',
    'ALTER TABLE users ALTER a TYPE text;',
    'DROP SCHEMA app;',
    'DROP VIEW v; DROP INDEX i;',
    'DROP TYPE mood; DROP FUNCTION f() CASCADE;',
  ],
  check: eachOperation(KINDS, judge),
};
