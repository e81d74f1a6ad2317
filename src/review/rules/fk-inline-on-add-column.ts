import { commandText, withCommand } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { columnList, validateSql } from '../not-valid.ts';
import { scanOf } from '../observed.ts';
import type { ConstraintSpec, OperationOf } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const fkInlineOnAddColumn: Rule = {
  name: 'fk-inline-on-add-column',
  id: 'CON-02',
  severity: 'warning',
  reason:
    'REFERENCES at a new column cannot be NOT VALID: both tables are locked at once, and read through where there is a DEFAULT.',
  bad: [
    'ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id);',
    'ALTER TABLE orders ADD COLUMN IF NOT EXISTS user_id int CONSTRAINT fk REFERENCES app.users ON DELETE CASCADE;',
    'ALTER TABLE orders ADD note text, ADD user_id int NOT NULL DEFAULT 1 REFERENCES users (id);',
    'CREATE TABLE users (id int PRIMARY KEY); ALTER TABLE orders ADD COLUMN user_id int DEFAULT 1 REFERENCES users (id);',
  ],
  good: [
    'ALTER TABLE orders ADD COLUMN user_id int;',
    'CREATE TABLE orders (id int); ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id);',
    // Nobody uses the parent yet, and there is no value to look up.
    'CREATE TABLE users (id int PRIMARY KEY); ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id);',
    'ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id) NOT ENFORCED;',
  ],
  check: eachOperation('add-column', (operation, statement, script) => {
    const { table, column } = operation;
    const found = column.constraints.find(({ type }) => type === 'foreign-key');
    if (found?.type !== 'foreign-key' || found.notEnforced || !isExisting(statement, table)) return undefined;
    const hasValue = column.default !== undefined || column.generated !== undefined || column.identity;
    if (!hasValue && !isExisting(statement, found.references)) return undefined;
    const [child, parent] = [shortName(table), shortName(found.references)];
    const scan = scanOf(statement);
    const held = hasValue ? `while the new value of each row is looked up` : 'until both locks are there';
    return {
      message: `Blocks reads and writes on ${child} and writes to ${parent} ${held}.`,
      fix: fixOf(statement, script, operation, found),
      // Short locks, as those of the constraint added afterwards would be.
      severity: scan === 'none' ? 'info' : undefined,
      observed: scan === 'seen',
    };
  }),
};

function fixOf(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-column'>,
  constraint: ConstraintSpec,
): string | undefined {
  const written = commandText(statement, operation);
  if (written === undefined) return undefined;
  const { column, taken } = withoutConstraints(written, 'CONSTR_FOREIGN');
  const name = constraintName(operation.table, constraint);
  const key = `FOREIGN KEY ${columnList([operation.column.name])} ${taken[0] ?? ''}`;
  return [
    withCommand(statement, operation, [column]),
    `ALTER TABLE ${sqlName(operation.table)} ADD CONSTRAINT ${sqlName({ schema: undefined, name })} ${key} NOT VALID;`,
    inLaterTransaction(statement, script),
    validateSql(operation.table, name),
  ].join('\n');
}
