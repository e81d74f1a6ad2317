import { commandText, withCommand } from './commands.ts';
import { constraintName } from './constraint-name.ts';
import { freeName } from './free-name.ts';
import { withoutName } from './inline-constraints.ts';
import type { ConstraintSpec, OperationOf, TableRef } from './operation.ts';
import { sqlName } from './print.ts';
import type { Script, Statement } from './rule.ts';
import { inLaterTransaction } from './steps.ts';

/** The statement with its constraint NOT VALID, and the VALIDATE after it. */
export function notValidFix(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-constraint'>,
): string | undefined {
  const { table, constraint } = operation;
  const given = constraintName(table, constraint);
  const name = constraint.name === undefined ? freeName(script.schema, table, given) : given;
  const definition = definitionOf(statement, operation);
  if (definition === undefined) return undefined;
  const command = `ADD CONSTRAINT ${sqlName({ schema: undefined, name })} ${definition} NOT VALID`;
  const added = withCommand(statement, operation, [command]) ?? `ALTER TABLE ${sqlName(table)} ${command};`;
  return [added, inLaterTransaction(statement, script), validateSql(table, name)].join('\n');
}

/** `ALTER TABLE app.users VALIDATE CONSTRAINT users_age_check;` */
export function validateSql(table: TableRef, name: string): string {
  return `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${sqlName({ schema: undefined, name })};`;
}

/** What stands behind the name of the constraint. In a DO block only a foreign key can be written out again. */
function definitionOf(statement: Statement, operation: OperationOf<'add-constraint'>): string | undefined {
  const written = commandText(statement, operation);
  if (written === undefined) return foreignKeySql(operation.constraint);
  return withoutName(written.replace(/^add\s+/i, ''));
}

/** `FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`; undefined of other constraints. */
export function foreignKeySql(constraint: ConstraintSpec): string | undefined {
  if (constraint.type !== 'foreign-key') return undefined;
  const { columns, references, refColumns, onDelete, onUpdate, deferrable } = constraint;
  return [
    `FOREIGN KEY ${columnList(columns)} REFERENCES ${sqlName(references)}`,
    ...(refColumns.length > 0 ? [columnList(refColumns)] : []),
    ...(onDelete === 'NO ACTION' ? [] : [`ON DELETE ${onDelete}`]),
    ...(onUpdate === 'NO ACTION' ? [] : [`ON UPDATE ${onUpdate}`]),
    ...(deferrable === '' ? [] : [deferrable]),
  ].join(' ');
}

/** `(user_id, "from")` */
export function columnList(columns: readonly string[]): string {
  return `(${columns.map((name) => sqlName({ schema: undefined, name })).join(', ')})`;
}
