import { checkText, plainDomain } from '../domain-text.ts';
import { domainBefore } from '../known-domains.ts';
import { rewriteOf } from '../observed.ts';
import type { OperationOf, TableRef } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';
import { topic } from '../topics.ts';

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
    'CREATE DOMAIN pos AS int; ALTER DOMAIN pos ADD CHECK (VALUE > 0); ALTER TABLE users ADD COLUMN a pos;',
    'ALTER DOMAIN app.pos ADD CHECK (VALUE > 0) NOT VALID; ALTER TABLE users ADD COLUMN note text, ADD COLUMN a app.pos DEFAULT 1;',
  ],
  good: [
    'ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE $$%@%$$) NOT VALID;',
    'ALTER DOMAIN email VALIDATE CONSTRAINT has_at;',
    'ALTER DOMAIN email DROP CONSTRAINT has_at; ALTER DOMAIN email DROP NOT NULL; ALTER DOMAIN email SET DEFAULT 1;',
    'CREATE DOMAIN email AS text;',
    'CREATE DOMAIN email AS text COLLATE "C" DEFAULT $$$$;',
    'CREATE DOMAIN email AS text; ALTER DOMAIN email ADD CHECK (value <> $$$$);',
    'CREATE DOMAIN pos AS int; ALTER TABLE users ADD COLUMN a pos;',
    // Measured: an array of a domain is not written.
    'CREATE DOMAIN pos AS int; ALTER DOMAIN pos ADD CHECK (VALUE > 0); ALTER TABLE users ADD COLUMN a pos[];',
    'CREATE DOMAIN pos AS int; ALTER DOMAIN pos ADD CHECK (VALUE > 0); CREATE TABLE t (a int); ALTER TABLE t ADD b pos;',
  ],
  check: eachOperation(['alter-domain', 'create-domain', 'add-column'], (operation, statement, script) => {
    if (operation.kind === 'add-column') return columnAdded(operation, statement, script);
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

/** Measured: every row is written, for the value of the new column (NULL too) is tried in each. */
function columnAdded({ table, column }: OperationOf<'add-column'>, statement: Statement, script: Script) {
  if (!domainBefore(column.type, statement, script)?.isConstrained || !isExisting(statement, table)) {
    return undefined;
  }
  const seen = rewriteOf(statement);
  if (seen === 'none') return undefined;
  const domain = shortName({ schema: column.type.schema, name: column.type.name });
  return {
    message: `${shortName(table)} is rewritten, for every row is checked against ${domain}, and cannot be read meanwhile.`,
    fix: `-- a column of the type that ${domain} restricts, and what it checks as a CHECK … NOT VALID of ${sqlName(table)} that is validated later`,
    observed: seen === 'seen',
  };
}

function isCreatedHere(statement: Statement, domain: TableRef): boolean {
  return statement.before.last(topic('create-domain', domain)) !== undefined;
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
