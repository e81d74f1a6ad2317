import { keptBothWays } from '../column-beside.ts';
import { lockContext } from '../locks.ts';
import { isMadeBefore } from '../made-names.ts';
import { type OperationOf, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Hit, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { typeSql } from '../type-sql.ts';
import { topic } from '../topics.ts';

export const renameColumn: Rule = {
  name: 'rename-column',
  id: 'COL-15',
  severity: 'warning',
  reason: 'Code that still runs uses the old name, and fails at once.',
  bad: [
    'ALTER TABLE users RENAME COLUMN note TO remark;',
    'ALTER TABLE IF EXISTS app."Users" RENAME "Note" TO "Remark";',
    // Between the two there is no `id`.
    'ALTER TABLE users RENAME id TO id_old; ALTER TABLE users RENAME id_new TO id;',
    'ALTER TYPE address RENAME ATTRIBUTE zip TO postcode;',
    'ALTER TYPE app."Address" RENAME ATTRIBUTE "Zip" TO postcode CASCADE;',
    'ALTER VIEW active_users RENAME COLUMN mail TO email;',
    'ALTER MATERIALIZED VIEW totals RENAME n TO total;',
  ],
  good: [
    'CREATE TYPE address AS (zip text); ALTER TYPE address RENAME ATTRIBUTE zip TO postcode;',
    'CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v RENAME COLUMN a TO b;',
    'CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users RENAME COLUMN a TO b;',
    'ALTER TABLE users RENAME CONSTRAINT a TO b;',
    // The new one is in its place when the transaction ends.
    'BEGIN; ALTER TABLE users RENAME id TO id_old; ALTER TABLE users RENAME id_new TO id; COMMIT;',
  ],
  check: eachOperation(['rename-column', 'rename-attribute'], (operation, statement, script) => {
    if (operation.kind === 'rename-attribute') return attributeRenamed(operation, statement, script);
    const { table, column, to } = operation;
    if (!isExisting(statement, table) || statement.before.columnAddedHere(table, column)) return undefined;
    if (isSwapped(operation, statement, script)) return undefined;
    return {
      message: `${sqlName(table)}.${column} is gone for code that still runs: it is called ${to} now.`,
      fix: fixOf(operation, statement, script),
      observed: statement.facts?.locks.some(({ relation }) => relation === tableKey(table)) ?? false,
    };
  }),
};

function attributeRenamed(
  { what, object, name, to }: OperationOf<'rename-attribute'>,
  statement: Statement,
  script: Script,
): Omit<Hit, 'statement'> | undefined {
  if (isMadeBefore(object, statement, script)) return undefined;
  return {
    message: `${sqlName(object)}.${name} is gone for code that still runs: it is called ${to} now.`,
    fix:
      what === 'type'
        ? `-- after code that uses neither name is deployed:\n${statement.text};`
        : `-- a second column with the new name at the end of ${sqlName(object)} lets both codes run (CREATE OR REPLACE VIEW); then:\n${statement.text};`,
  };
}

type Renaming = OperationOf<'rename-column'>;

/** One half of `RENAME a TO a_old; RENAME a_new TO a` in one transaction. */
function isSwapped({ table, column, to }: Renaming, { before }: Statement, { timeline }: Script): boolean {
  if (!before.inTransaction) return false;
  if (before.lastInTransaction(topic('rename-column-from', table, to))) return true;
  const later = timeline.next(topic('rename-column-to', table, column), before.place);
  return later !== undefined && later.place < timeline.transactionEnd(before.place);
}

/** Both names for as long as both codes run; where the type is not known, the name in the code alone. */
function fixOf({ table, column, to }: Renaming, statement: Statement, script: Script): string {
  const type = lockContext(statement, script).tables.get(tableKey(table))?.columns.get(column)?.type;
  if (!type || (typeof type !== 'string' && type.name === '')) {
    return `-- ${sqlName(table)}.${column} keeps its name in the database, and gets that of ${to} in the code that maps it`;
  }
  return keptBothWays({ table, from: column, to, type: typeSql(type) }, script.target).join('\n');
}
