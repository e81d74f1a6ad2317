import { constraintName } from '../constraint-name.ts';
import { validateSql } from '../not-valid.ts';
import { type Operation, type OperationOf, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import type { Rule, Script, Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const notValidLeftBehind: Rule = {
  name: 'not-valid-left-behind',
  id: 'CON-18',
  severity: 'warning',
  reason:
    'Until it is validated nobody knows whether the old rows keep it, and the planner does not count on it.',
  bad: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;',
    'ALTER TABLE app."Orders" ADD FOREIGN KEY (a) REFERENCES users NOT VALID; ALTER TABLE app."Orders" VALIDATE CONSTRAINT other;',
    'ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID; ALTER TABLE b VALIDATE CONSTRAINT c;',
    'ALTER TABLE users ADD CONSTRAINT n NOT NULL email NOT VALID;',
    'ALTER DOMAIN email ADD CONSTRAINT c CHECK (value <> $$$$) NOT VALID;',
    'ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;',
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c;',
    'ALTER TABLE public.orders ADD FOREIGN KEY (a) REFERENCES users NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT orders_a_fkey;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users RENAME CONSTRAINT c TO d; ALTER TABLE users VALIDATE CONSTRAINT d;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users DROP CONSTRAINT c;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT ENFORCED;',
    'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users NOT ENFORCED;',
    'ALTER TABLE users ADD CONSTRAINT n NOT NULL email NOT VALID; ALTER TABLE users ALTER email SET NOT NULL;',
    'ALTER DOMAIN email ADD CONSTRAINT c CHECK (value <> $$$$) NOT VALID; ALTER DOMAIN email VALIDATE CONSTRAINT c;',
    'ALTER TABLE old ADD CONSTRAINT c CHECK (a > 0) NOT VALID; DROP TABLE old;',
  ],
  *check(script) {
    const all = script.statements.flatMap(({ operations }) => operations);
    for (const statement of script.statements) {
      for (const operation of statement.operations) {
        const left = notValidOf(operation);
        if (!left || isSettled(left, all.slice(all.indexOf(operation) + 1))) continue;
        yield {
          statement,
          message: `${sqlName({ schema: undefined, name: left.name })} of ${left.owner} is NOT VALID, and nothing here validates it.`,
          fix: `${inLaterTransaction(statement, script)}\n${left.validate}`,
          severity: severityFor(statement, script),
        };
      }
    }
  },
};

/** Where the migrator holds the transaction, the VALIDATE must not be in this script: a thing to remember. */
function severityFor(statement: Statement, script: Script): 'info' | undefined {
  const isOfMigrator = statement.before.inTransaction && !statement.before.inOwnTransaction;
  return isOfMigrator || script.target.transaction !== 'none' ? 'info' : undefined;
}

interface Left {
  readonly owner: string;
  readonly name: string;
  readonly validate: string;
  /** Whether a later operation validates the constraint of this name or removes it; a new name where it is renamed. */
  settles(operation: Operation, name: string): boolean | string;
}

function notValidOf(operation: Operation): Left | undefined {
  if (operation.kind === 'add-constraint') return ofTable(operation);
  if (operation.kind === 'alter-domain' && operation.notValid) return ofDomain(operation);
  return undefined;
}

function ofTable({ table, constraint }: OperationOf<'add-constraint'>): Left | undefined {
  const isOff = 'notEnforced' in constraint && constraint.notEnforced;
  if (!constraint.notValid || isOff) return undefined;
  const name = constraintName(table, constraint);
  return {
    owner: sqlName(table),
    name,
    validate: validateSql(table, name),
    settles(later, current) {
      if (!('table' in later) || !later.table || tableKey(later.table) !== tableKey(table)) return false;
      if (later.kind === 'rename-constraint' && later.name === current) return later.to;
      if (later.kind === 'set-not-null') {
        return constraint.type === 'not-null' && constraint.columns.includes(later.column);
      }
      if (later.kind === 'drop-table') return true;
      return (
        (later.kind === 'validate-constraint' || later.kind === 'drop-constraint') && later.name === current
      );
    },
  };
}

function ofDomain({ domain, name = `${domain.name}_check` }: OperationOf<'alter-domain'>): Left {
  const constraint = sqlName({ schema: undefined, name });
  return {
    owner: sqlName(domain),
    name,
    validate: `ALTER DOMAIN ${sqlName(domain)} VALIDATE CONSTRAINT ${constraint};`,
    settles: (later, current) =>
      later.kind === 'alter-domain' &&
      tableKey(later.domain) === tableKey(domain) &&
      (later.action === 'validate' || later.action === 'drop-constraint') &&
      later.name === current,
  };
}

function isSettled(left: Left, later: readonly Operation[]): boolean {
  let { name } = left;
  for (const operation of later) {
    const result = left.settles(operation, name);
    if (result === true) return true;
    if (typeof result === 'string') name = result;
  }
  return false;
}
