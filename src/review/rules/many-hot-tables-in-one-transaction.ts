import { alterText } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { foreignKeysOf } from '../foreign-keys.ts';
import { blocksWrites, effectOf, type LockContext, lockContext } from '../locks.ts';
import { foreignKeySql } from '../not-valid.ts';
import { type Operation, type TableRef, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';

/** What a transaction has locked against writers so far. */
interface Hot {
  /** Tables that it has changed. */
  readonly changed: ReadonlySet<string>;
  /** Its foreign keys that refer to tables with writers. */
  readonly links: readonly { readonly child: string; readonly parent: string }[];
}

const COLD: Hot = { changed: new Set(), links: [] };

export const manyHotTablesInOneTransaction: Rule = {
  name: 'many-hot-tables-in-one-transaction',
  id: 'CON-13',
  severity: 'warning',
  reason:
    'Every table stays locked until the last one is done, and two transactions that lock them in other orders deadlock.',
  bad: [
    'BEGIN; ALTER TABLE users ADD COLUMN a int; ALTER TABLE orders ADD COLUMN a int; COMMIT;',
    {
      sql: 'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users NOT VALID; ALTER TABLE orders ADD FOREIGN KEY (b) REFERENCES shops NOT VALID;',
      target: { transaction: 'all' },
    },
    'CREATE TABLE members (user_id int REFERENCES users, shop_id int REFERENCES shops);',
    'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users NOT VALID, ADD FOREIGN KEY (b) REFERENCES shops NOT VALID;',
    { sql: 'CREATE INDEX i ON users (a); CREATE INDEX j ON app.users (a);', target: { transaction: 'each' } },
    {
      sql: 'CREATE TABLE t (a int REFERENCES users); CREATE TRIGGER g AFTER INSERT ON orders EXECUTE FUNCTION f();',
      target: { transaction: 'all' },
    },
  ],
  good: [
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE orders ADD COLUMN a int;',
    {
      sql: 'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;',
      target: { transaction: 'all' },
    },
    // One foreign key locks two tables, and cannot lock fewer.
    {
      sql: 'ALTER TABLE orders ADD COLUMN a int; ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users NOT VALID;',
      target: { transaction: 'all' },
    },
    {
      sql: 'CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (a int REFERENCES users); ALTER TABLE orders ADD COLUMN b int; ALTER TABLE users ADD COLUMN b int;',
      target: { transaction: 'all' },
    },
    'BEGIN; ALTER TABLE users ADD COLUMN a int; COMMIT; BEGIN; ALTER TABLE orders ADD COLUMN a int; COMMIT;',
    { sql: 'DROP TABLE a; DROP TABLE b;', target: { transaction: 'all' } },
    {
      sql: 'ALTER TABLE a VALIDATE CONSTRAINT c; ALTER TABLE b VALIDATE CONSTRAINT c;',
      target: { transaction: 'all' },
    },
    {
      sql: 'ALTER TABLE users ADD COLUMN a int; UPDATE orders SET a = 1 WHERE id = 1;',
      target: { transaction: 'all' },
    },
  ],
  *check(script) {
    let hot = COLD;
    let isSaid = false;
    for (const statement of script.statements) {
      const { before } = statement;
      if (!before.inTransaction || before.inThisTransaction.length === 0) [hot, isSaid] = [COLD, false];
      const earlier = hot;
      hot = heatedBy(hot, statement, script);
      if (isSaid || !isTooHot(hot) || hot === earlier) continue;
      isSaid = true;
      const names = [...new Set([...hot.changed, ...hot.links.map(({ parent }) => parent)])];
      yield {
        statement,
        message: `One transaction holds locks against writes of ${names.join(', ')} until it ends.`,
        fix: fixOf(statement, isTooHot(heatedBy(COLD, statement, script))),
        observed: (statement.facts?.locks.length ?? 0) > 1,
      };
    }
  },
};

/** One foreign key locks two tables, and cannot lock fewer: a changed table and the only parent it gets are one matter. */
function isTooHot({ changed, links }: Hot): boolean {
  const parents = new Set(links.map(({ parent }) => parent));
  if (new Set([...changed, ...parents]).size < 2) return false;
  const isOnePair = changed.size === 1 && parents.size === 1 && links.some(({ child }) => changed.has(child));
  return !isOnePair;
}

function heatedBy(hot: Hot, statement: Statement, script: Script): Hot {
  const { operations, facts } = statement;
  if (facts && facts.sqlstate === undefined && facts.locks.length === 0) return hot;
  const context = lockContext(statement, script);
  const tables = operations.flatMap((operation) => changedTable(operation, statement, context));
  const links = operations
    .flatMap(foreignKeysOf)
    .flatMap(({ table, key }) =>
      isExisting(statement, key.references) && tableKey(key.references) !== tableKey(table)
        ? [{ child: shortName(table), parent: shortName(key.references) }]
        : [],
    );
  if (tables.length === 0 && links.length === 0) return hot;
  return {
    changed: new Set([...hot.changed, ...tables.map(shortName)]),
    links: [...hot.links, ...links],
  };
}

/** The table that a change of its definition locks. What is dropped or emptied has no writers to wait for it. */
function changedTable(operation: Operation, statement: Statement, context: LockContext): TableRef[] {
  if (operation.kind === 'create-table' || operation.kind === 'drop-table' || operation.kind === 'truncate') {
    return [];
  }
  if (!('table' in operation) || !operation.table || !isExisting(statement, operation.table)) return [];
  const { table } = operation;
  const isLocked = effectOf(operation, context).locks.some(
    (lock) => tableKey(lock.table) === tableKey(table) && blocksWrites(lock.mode),
  );
  return isLocked ? [table] : [];
}

/** Each table in a transaction of its own; a statement that locks several by itself taken apart. */
function fixOf(statement: Statement, isAlone: boolean): string {
  if (!isAlone) return `-- in a transaction of its own:\n${statement.text};`;
  const parts = alterText(statement);
  if (parts) {
    const { head, commands } = parts;
    return ['-- each in a transaction of its own:', ...commands.map((command) => `${head} ${command};`)].join(
      '\n',
    );
  }
  const keys = statement.operations.flatMap(foreignKeysOf).map(({ table, key }) => {
    const name = sqlName({ schema: undefined, name: constraintName(table, key) });
    return `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${foreignKeySql(key) ?? ''};`;
  });
  return ['-- the table without its foreign keys, then each in a transaction of its own:', ...keys].join(
    '\n',
  );
}
