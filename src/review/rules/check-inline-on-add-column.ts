import { commandText, withCommand } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { validateSql } from '../not-valid.ts';
import { scanOf } from '../observed.ts';
import type { OperationOf } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const checkInlineOnAddColumn: Rule = {
  name: 'check-inline-on-add-column',
  id: 'CON-04',
  severity: 'warning',
  reason:
    'A CHECK at a new column makes Postgres read the whole table under the strongest lock, default or not.',
  bad: [
    'ALTER TABLE users ADD COLUMN age int CHECK (age > 0);',
    'ALTER TABLE users ADD COLUMN IF NOT EXISTS age int DEFAULT 1 CONSTRAINT adult CHECK (age > 17) NOT NULL;',
    'ALTER TABLE app."Users" ADD COLUMN note text, ADD COLUMN "Age" int CHECK ("Age" > 0) CHECK ("Age" < 200);',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN age int;',
    'ALTER TABLE users ADD COLUMN age int CHECK (age > 0) NOT ENFORCED;',
    'CREATE TABLE users (id int); ALTER TABLE users ADD COLUMN age int CHECK (age > 0);',
    'CREATE TABLE users (age int CHECK (age > 0));',
  ],
  check: eachOperation('add-column', (operation, statement, script) => {
    const { table, column } = operation;
    if (!column.constraints.some((spec) => spec.type === 'check' && !spec.notEnforced)) return undefined;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    return {
      message: `Blocks reads and writes on ${shortName(table)} while the check of ${column.name} is tried on every row.`,
      fix: fixOf(statement, script, operation),
      observed: scan === 'seen',
    };
  }),
};

function fixOf(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-column'>,
): string | undefined {
  const written = commandText(statement, operation);
  if (written === undefined) return undefined;
  const { table } = operation;
  const { column, taken } = withoutConstraints(written, 'CONSTR_CHECK');
  const checks = operation.column.constraints.filter(({ type }) => type === 'check');
  const names = checks.map((check, index) => `${constraintName(table, check)}${nth(check.name, index)}`);
  const added = taken.map(
    (check, index) =>
      `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${sqlName({ schema: undefined, name: names[index] ?? '' })} ${check} NOT VALID;`,
  );
  const validated = names.map((name) => validateSql(table, name));
  const first = withCommand(statement, operation, [column]);
  return [first, ...added, inLaterTransaction(statement, script), ...validated].join('\n');
}

/** Postgres counts unnamed checks of a column: the second is `users_age_check1`. */
function nth(name: string | undefined, index: number): string {
  return name !== undefined || index === 0 ? '' : String(index);
}
