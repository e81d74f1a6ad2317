import { withCommand } from '../commands.ts';
import { isProvenNotNull, type KnownTable } from '../known-tables.ts';
import { lockContext } from '../locks.ts';
import { notNullSteps } from '../not-null-steps.ts';
import { failedWith, scanOf } from '../observed.ts';
import { type OperationOf, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const setNotNull: Rule = {
  name: 'set-not-null',
  id: 'CON-09',
  severity: 'warning',
  reason: 'Postgres searches the whole table for NULLs while nobody can read or write it.',
  bad: [
    'BEGIN; ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL); ROLLBACK; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    'ALTER TABLE app."Users" ALTER "Email" SET NOT NULL, ADD COLUMN a int;',
    'ALTER TABLE users ADD COLUMN email text; ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL OR phone IS NOT NULL); ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL); ALTER TABLE users DROP CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT n NOT NULL email;',
    // Postgres drops the proof before it looks for one (measured).
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL, DROP CONSTRAINT c;',
    'ALTER TABLE users VALIDATE CONSTRAINT other_chk; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users VALIDATE CONSTRAINT users_phone_check; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users VALIDATE CONSTRAINT users_email_fkey; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (length(email) > 3) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT users_email_check; ALTER TABLE users ALTER email SET NOT NULL;',
    {
      sql: 'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL;',
      target: { postgresVersion: 11 },
    },
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL;',
    // Nobody here has seen it; its name says what it is about.
    'ALTER TABLE users VALIDATE CONSTRAINT users_email_check; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users VALIDATE CONSTRAINT "chk_userEmail_nn"; ALTER TABLE users ALTER user_email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL AND length(email) > 3); ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (NOT email IS NULL); ALTER TABLE users RENAME email TO mail; ALTER TABLE users ALTER mail SET NOT NULL;',
    'CREATE TABLE users (email text); ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER TABLE users ADD COLUMN a int NOT NULL DEFAULT 1; ALTER TABLE users ALTER COLUMN a SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT n NOT NULL email NOT VALID;',
    'ALTER TABLE users ADD CONSTRAINT n NOT NULL email NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT n; ALTER TABLE users ALTER email SET NOT NULL;',
  ],
  check: eachOperation(
    ['set-not-null', 'drop-not-null', 'add-constraint'],
    (operation: Setting, statement, script) => {
      const columns = columnsOf(operation);
      const scan = scanOf(statement);
      const { postgresVersion } = script.target;
      if (columns.length === 0 || !isExisting(statement, operation.table)) return undefined;
      // The rehearsal's Postgres is newer than those that knew no way around the scan.
      if (scan === 'none' && postgresVersion >= 12) return undefined;
      const isOnlyCause = scan === 'seen' && statement.operations.length === 1;
      if (!isOnlyCause && columns.every((column) => isKnown(statement, script, operation, column))) {
        return undefined;
      }
      const isRefused = failedWith(statement, '23502');
      const table = shortName(operation.table);
      return {
        message: isRefused
          ? `Fails where ${columns.join(', ')} of ${table} is NULL, as in the rehearsal.`
          : `Blocks reads and writes on ${table} while ${columns.join(', ')} is searched for NULLs.`,
        fix: fixOf(statement, script, operation, columns[0] ?? ''),
        observed: scan === 'seen' || isRefused,
      };
    },
  ),
};

type Setting = OperationOf<'set-not-null' | 'drop-not-null' | 'add-constraint'>;

function columnsOf(operation: Setting): readonly string[] {
  if (operation.kind !== 'add-constraint') return operation.kind === 'set-not-null' ? [operation.column] : [];
  const { type, notValid, columns } = operation.constraint;
  return type === 'not-null' && !notValid ? columns : [];
}

function isKnown(statement: Statement, script: Script, operation: Setting, column: string): boolean {
  // Whatever their order in the statement, constraints are dropped before columns are changed.
  const dropped = new Set(
    statement.operations.flatMap((other) => (other.kind === 'drop-constraint' ? [other.name] : [])),
  );
  const known = script.tables.at(statement.before.place).get(tableKey(operation.table));
  return isProven(known, column, script, dropped);
}

function isProven(
  known: KnownTable | undefined,
  column: string,
  script: Script,
  dropped?: ReadonlySet<string>,
): boolean {
  if (known?.columns.get(column)?.notNull) return true;
  return script.target.postgresVersion >= 12 && isProvenNotNull(known, column, dropped);
}

function fixOf(statement: Statement, script: Script, operation: Setting, column: string): string {
  const { table } = operation;
  const rest = withCommand(statement, operation, []);
  if (
    rest !== undefined &&
    isProven(lockContext(statement, script).tables.get(tableKey(table)), column, script)
  ) {
    // It is the DROP CONSTRAINT next to it that takes the proof away.
    const name = sqlName({ schema: undefined, name: column });
    return `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${name} SET NOT NULL;\n${rest}`;
  }
  const given = operation.kind === 'add-constraint' ? operation.constraint.name : undefined;
  const { commands, later } = notNullSteps(table, column, script.target, given);
  const alone = `ALTER TABLE ${sqlName(table)} ${commands.join(', ')};`;
  return [
    withCommand(statement, operation, commands) ?? alone,
    inLaterTransaction(statement, script),
    ...later,
  ].join('\n');
}
