import { checkText, plainDomain } from '../domain-text.ts';
import type { OperationOf, TableRef } from '../operation.ts';
import { tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';

export const domainConstraint: Rule = {
  name: 'domain-constraint',
  id: 'CON-16',
  severity: 'warning',
  reason:
    'A constraint of a domain is checked in every table that uses it, and those are locked against writes meanwhile.',
  bad: [
    'ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE $$%@%$$);',
    'ALTER DOMAIN app."Email" SET NOT NULL;',
    'ALTER DOMAIN email ADD CHECK (value <> $$$$);',
    'CREATE DOMAIN positive AS numeric(15, 5) CHECK (value > 0);',
    'CREATE DOMAIN name AS text NOT NULL;',
  ],
  good: [
    'ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE $$%@%$$) NOT VALID;',
    'ALTER DOMAIN email VALIDATE CONSTRAINT has_at;',
    'ALTER DOMAIN email DROP CONSTRAINT has_at; ALTER DOMAIN email DROP NOT NULL; ALTER DOMAIN email SET DEFAULT 1;',
    'CREATE DOMAIN email AS text;',
    'CREATE DOMAIN email AS text COLLATE "C" DEFAULT $$$$;',
    'CREATE DOMAIN email AS text; ALTER DOMAIN email ADD CHECK (value <> $$$$);',
  ],
  check: eachOperation(['alter-domain', 'create-domain'], (operation, statement, script) => {
    const { domain } = operation;
    if (operation.kind === 'create-domain') {
      if (operation.constraints.length === 0) return undefined;
      return {
        message: `Every later change of what ${shortName(domain)} allows is checked in all tables that use it, which are locked against writes meanwhile.`,
        fix: `-- without its constraints; those as CHECKs of the tables that use it:\n${plainDomain(statement.text)};`,
      };
    }
    const isStrict = operation.action === 'set-not-null' || operation.action === 'add-constraint';
    if (!isStrict || operation.notValid || isCreatedHere(statement, domain)) return undefined;
    const { facts } = statement;
    const isSeen = facts !== undefined && facts.sqlstate === undefined;
    if (isSeen && facts.locks.length === 0 && facts.scans.length === 0) return undefined;
    const users = isSeen ? [...new Set(facts.locks.map(({ relation }) => relation))].join(', ') : '';
    return {
      message: `Writes to ${users || 'every table'} with a column of type ${shortName(domain)} wait while all their rows are checked.`,
      fix: fixOf(statement, script, operation),
      observed: isSeen,
    };
  }),
};

function isCreatedHere(statement: Statement, domain: TableRef): boolean {
  return statement.before.operations.some(
    (operation) => operation.kind === 'create-domain' && tableKey(operation.domain) === tableKey(domain),
  );
}

function fixOf(statement: Statement, script: Script, operation: OperationOf<'alter-domain'>): string {
  const { domain, constraint } = operation;
  const alter = `ALTER DOMAIN ${sqlName(domain)}`;
  const isCheck = constraint?.type === 'check';
  const name = sqlName({
    schema: undefined,
    name: operation.name ?? `${domain.name}_${isCheck ? 'check' : 'not_null'}`,
  });
  // NOT NULL itself cannot be NOT VALID.
  const check = isCheck ? checkText(statement.text) : 'CHECK (VALUE IS NOT NULL)';
  return [
    `${alter} ADD CONSTRAINT ${name} ${check} NOT VALID;`,
    inLaterTransaction(statement, script),
    `${alter} VALIDATE CONSTRAINT ${name};`,
  ].join('\n');
}
