import { commandText, withCommand } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { failedWith, scanOf } from '../observed.ts';
import type { OperationOf } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { beforeTransaction, inLaterTransaction } from '../steps.ts';
import { uniqueIndexSql, usingIndexCommand } from '../unique-index.ts';

export const uniqueInline: Rule = {
  name: 'unique-inline',
  id: 'CON-05',
  severity: 'warning',
  reason: 'The index of a unique constraint is built while nobody can read or write the table.',
  bad: [
    'CREATE TABLE t (a int); INSERT INTO t SELECT id FROM users; ALTER TABLE t ADD UNIQUE (a);',
    "CREATE TABLE t (a int); COPY t FROM '/tmp/t.csv'; ALTER TABLE t ADD UNIQUE (a);",
    'CREATE TABLE t (a int); MERGE INTO t USING users u ON t.a = u.id WHEN NOT MATCHED THEN INSERT VALUES (u.id); ALTER TABLE t ADD UNIQUE (a);',
    'CREATE TABLE "app.users" (email text); ALTER TABLE app.users ADD UNIQUE (email);',
    'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);',
    'ALTER TABLE app."Users" ADD UNIQUE NULLS NOT DISTINCT ("Email", tenant) DEFERRABLE;',
    'ALTER TABLE users ADD COLUMN email text UNIQUE;',
    'ALTER TABLE users ADD COLUMN a int, ADD COLUMN IF NOT EXISTS email text CONSTRAINT one UNIQUE NOT NULL;',
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
    'CREATE TABLE users (email text); ALTER TABLE users ADD UNIQUE (email);',
    'CREATE TABLE users (email text UNIQUE);',
    'CREATE TEMP TABLE t (a int); ALTER TABLE t ADD COLUMN b int UNIQUE;',
  ],
  check: eachOperation(['add-constraint', 'add-column'], (operation, statement, script) => {
    const constraint = uniqueOf(operation);
    if (!constraint || constraint.usingIndex !== undefined) return undefined;
    const { table } = operation;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    const isRefused = failedWith(statement, '23505');
    return {
      message: isRefused
        ? `Fails where ${shortName(table)} has the same (${constraint.columns.join(', ')}) twice, as in the rehearsal.`
        : `Blocks reads and writes on ${shortName(table)} while the index of ${constraint.columns.join(', ')} is built.`,
      fix:
        operation.kind === 'add-column'
          ? fixOfColumn(statement, script, operation, constraint)
          : fixOfConstraint(statement, script, operation, constraint),
      observed: scan === 'seen' || isRefused,
    };
  }),
};

type Unique = Extract<OperationOf<'add-constraint'>['constraint'], { type: 'unique' | 'primary-key' }>;

function uniqueOf(operation: OperationOf<'add-constraint' | 'add-column'>): Unique | undefined {
  const constraints = operation.kind === 'add-column' ? operation.column.constraints : [operation.constraint];
  for (const constraint of constraints) if (constraint.type === 'unique') return constraint;
  return undefined;
}

function fixOfConstraint(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-constraint'>,
  constraint: Unique,
): string | undefined {
  const { table } = operation;
  const name = constraintName(table, constraint);
  const index = uniqueIndexSql(table, name, constraint);
  if (index === undefined) return undefined;
  const command = usingIndexCommand(name, constraint);
  const alone = `ALTER TABLE ${sqlName(table)} ${command};`;
  const isOfNewColumns = constraint.columns.some(
    (column) => statement.before.inTransaction && statement.before.columnAddedHere(table, column),
  );
  if (!isOfNewColumns) {
    return [
      `${beforeTransaction(statement)}${index}`,
      withCommand(statement, operation, [command]) ?? alone,
    ].join('\n');
  }
  const rest = withCommand(statement, operation, []);
  return [...(rest === undefined ? [] : [rest]), inLaterTransaction(statement, script), index, alone].join(
    '\n',
  );
}

function fixOfColumn(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-column'>,
  constraint: Unique,
): string | undefined {
  const written = commandText(statement, operation);
  const name = constraintName(operation.table, constraint);
  const index = uniqueIndexSql(operation.table, name, constraint);
  if (written === undefined || index === undefined) return undefined;
  return [
    withCommand(statement, operation, [withoutConstraints(written, 'CONSTR_UNIQUE').column]),
    inLaterTransaction(statement, script),
    index,
    `ALTER TABLE ${sqlName(operation.table)} ${usingIndexCommand(name, constraint)};`,
  ].join('\n');
}
