import { lockContext } from '../locks.ts';
import { isMadeAgain, isMadeBefore, isMadeLater } from '../made-names.ts';
import { type OperationOf, type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { strongLocks } from '../strong-locks.ts';
import { eachOperation, type Hit, isExisting, type Rule, type Script, type Statement } from '../rule.ts';

export const dropTable: Rule = {
  name: 'drop-table',
  id: 'TBL-01',
  severity: 'error',
  reason: 'The rows are gone, running code fails, and every table that it refers to is locked too.',
  bad: [
    'DROP TABLE users;',
    'DROP TABLE IF EXISTS app.users, app.posts CASCADE;',
    'DROP MATERIALIZED VIEW totals;',
    'DROP MATERIALIZED VIEW IF EXISTS app."Totals", sums;',
    // It is there again, and computed while nobody can read it.
    'BEGIN; DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1; COMMIT;',
    'DROP VIEW active_users;',
    'DROP FOREIGN TABLE orders;',
    'DROP OWNED BY web;',
    'DROP OWNED BY web, api CASCADE;',
  ],
  good: [
    'CREATE TABLE t (a int); DROP TABLE t;',
    'CREATE TEMP TABLE t (a int); DROP TABLE t;',
    'CREATE MATERIALIZED VIEW m AS SELECT 1; DROP MATERIALIZED VIEW m;',
    'DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1;',
    'BEGIN; DROP VIEW v; CREATE VIEW v AS SELECT 1; COMMIT;',
  ],
  check: eachOperation(['drop-table', 'drop-view', 'drop-object'], (operation, statement, script) => {
    switch (operation.kind) {
      case 'drop-table':
        return tableDropped(operation.table, statement, script);
      case 'drop-view':
        return viewDropped(operation, statement, script);
      case 'drop-object':
        if (operation.what === 'owned') return ownedDropped(operation);
        return operation.what === 'foreign table' ? notRead(operation.object, statement, script) : undefined;
    }
  }),
};

type Judgement = Omit<Hit, 'statement'> | undefined;

function tableDropped(table: TableRef, statement: Statement, script: Script): Judgement {
  if (statement.before.isCreatedHere(table) || !isExisting(statement, table)) return undefined;
  const { tables } = lockContext(statement, script);
  const others = strongLocks(statement, script).flatMap(({ relation }) =>
    relation !== tableKey(table) && tables.has(relation) ? [relation] : [],
  );
  const also = others.length > 0 ? ` Locked with it: ${others.join(', ')}.` : '';
  return {
    message: `All rows of ${sqlName(table)} are lost.${also}`,
    fix: `-- first, in a release of its own: no code uses it any more. Then see that it is empty or kept elsewhere:\nSELECT count(*) FROM ${sqlName(table)};`,
    observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
  };
}

/** A materialised view has rows, which take as long to compute again as they took before. */
function viewDropped(
  { view, isMaterialized }: OperationOf<'drop-view'>,
  statement: Statement,
  script: Script,
): Judgement {
  if (!isMaterialized)
    return isMadeLater(view, statement, script) ? undefined : notRead(view, statement, script);
  if (!isMadeAgain(view, statement, script)) return notRead(view, statement, script);
  if (isMadeBefore(view, statement, script)) return undefined;
  return {
    severity: 'warning',
    message: `${sqlName(view)} cannot be read until it has been computed again and the transaction ends.`,
    fix: `-- under another name before this migration, then in one short transaction with the DROP:\nALTER MATERIALIZED VIEW ${sqlName({ schema: view.schema, name: `${view.name}_new` })} RENAME TO ${sqlName({ schema: undefined, name: view.name })};`,
  };
}

function notRead(object: TableRef, statement: Statement, script: Script): Judgement {
  if (isMadeBefore(object, statement, script)) return undefined;
  return {
    severity: 'warning',
    message: `Code that still reads ${sqlName(object)} fails.`,
    fix: `-- after code that does not read it is deployed:\n${statement.text};`,
  };
}

function ownedDropped({ object, cascade }: OperationOf<'drop-object'>): Judgement {
  return {
    message: `Every table, view and type that belongs to ${object.name} in this database is dropped${cascade ? ', and what depends on them' : ''}.`,
    fix: `-- what belongs to the role goes to another one, and nothing is lost:\nREASSIGN OWNED BY ${sqlName(object)} TO CURRENT_USER;`,
  };
}
