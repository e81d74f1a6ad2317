import { constraintName } from '../constraint-name.ts';
import { validateSql } from '../not-valid.ts';
import type { Operation, OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import type { Rule, Script, Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';
import type { Timeline } from '../timeline.ts';
import { type Topic, topic } from '../topics.ts';

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
    for (const statement of script.statements) {
      for (const [index, operation] of statement.operations.entries()) {
        const left = notValidOf(operation);
        if (!left || isSettled(left, script.timeline, statement.before.place + index + 1)) continue;
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
  /** What validates or removes the constraint while it has a name, and what gives it another one. */
  settledBy(name: string): readonly Topic[];
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
    settledBy: (current) => [
      topic('validate-constraint', table, current),
      topic('drop-constraint', table, current),
      topic('rename-constraint', table, current),
      topic('drop-table', table),
      ...(constraint.type === 'not-null'
        ? constraint.columns.map((column) => topic('set-not-null', table, column))
        : []),
    ],
  };
}

function ofDomain({ domain, name = `${domain.name}_check` }: OperationOf<'alter-domain'>): Left {
  const constraint = sqlName({ schema: undefined, name });
  return {
    owner: sqlName(domain),
    name,
    validate: `ALTER DOMAIN ${sqlName(domain)} VALIDATE CONSTRAINT ${constraint};`,
    settledBy: (current) => [
      topic('validate-of-domain', domain, current),
      topic('drop-constraint-of-domain', domain, current),
    ],
  };
}

function isSettled(left: Left, timeline: Timeline, from: number): boolean {
  let [name, place] = [left.name, from];
  for (;;) {
    const next = left
      .settledBy(name)
      .flatMap((each) => timeline.next(each, place) ?? [])
      .toSorted((a, b) => a.place - b.place)[0];
    if (next?.value.kind !== 'rename-constraint') return next !== undefined;
    [name, place] = [next.value.to, next.place + 1];
  }
}
