import { notValidFix } from '../not-valid.ts';
import { scanOf } from '../observed.ts';
import { shortName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const checkValidating: Rule = {
  name: 'check-validating',
  id: 'CON-03',
  severity: 'warning',
  reason: 'A check that is tried on all rows as it is added blocks reads and writes until they are read.',
  bad: [
    'CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p ATTACH PARTITION old DEFAULT; ALTER TABLE p ADD CHECK (a > 0);',
    'SELECT * INTO copy FROM accounts; ALTER TABLE copy ADD CHECK (balance >= 0);',
    'ALTER TABLE accounts ADD CONSTRAINT positive_balance CHECK (balance >= 0);',
    'ALTER TABLE app."Accounts" ADD CHECK ("balance" >= 0), ADD COLUMN note text;',
    'CREATE TABLE copy AS SELECT * FROM accounts; ALTER TABLE copy ADD CHECK (balance >= 0);',
    'ALTER TABLE IF EXISTS ONLY accounts ADD CONSTRAINT c CHECK (balance >= 0) NO INHERIT;',
  ],
  good: [
    'ALTER TABLE accounts ADD CONSTRAINT positive_balance CHECK (balance >= 0) NOT VALID;',
    'ALTER TABLE accounts ADD CONSTRAINT positive_balance CHECK (balance >= 0) NOT ENFORCED;',
    'CREATE TABLE accounts (balance int); ALTER TABLE accounts ADD CHECK (balance >= 0);',
    'CREATE TABLE accounts (balance int CHECK (balance >= 0));',
  ],
  check: eachOperation('add-constraint', (operation, statement, script) => {
    const { table, constraint } = operation;
    if (constraint.type !== 'check' || constraint.notValid || constraint.notEnforced) return undefined;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    return {
      message: `Blocks reads and writes on ${shortName(table)} while the check is tried on every row.`,
      fix: notValidFix(statement, script, operation),
      observed: scan === 'seen',
    };
  }),
};
