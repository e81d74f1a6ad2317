import { alterText } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { foreignKeysOf } from '../foreign-keys.ts';
import { blocksWrites, effectsOf } from '../locks.ts';
import { foreignKeySql } from '../not-valid.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';

/** What a transaction has locked against writers so far. */
class Hot {
  /** Tables that it has changed. */
  readonly changed = new Set<string>();
  /** The tables with writers that its foreign keys refer to. */
  readonly parents = new Set<string>();
  /** Those that get such a foreign key. */
  readonly children = new Set<string>();

  get names(): string[] {
    return [...new Set([...this.changed, ...this.parents])];
  }

  /** One foreign key locks two tables, and cannot lock fewer: a changed table and the only parent it gets are one matter. */
  get isTooHot(): boolean {
    const { changed, parents, children } = this;
    if (this.names.length < 2) return false;
    return !(changed.size === 1 && parents.size === 1 && [...changed].some((table) => children.has(table)));
  }
}

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
    let hot = new Hot();
    let isSaid = false;
    for (const statement of script.statements) {
      if (statement.before.isTransactionStart) [hot, isSaid] = [new Hot(), false];
      if (isSaid || !heat(hot, statement, script) || !hot.isTooHot) continue;
      isSaid = true;
      const alone = new Hot();
      heat(alone, statement, script);
      yield {
        statement,
        message: `One transaction holds locks against writes of ${hot.names.join(', ')} until it ends.`,
        fix: fixOf(statement, alone.isTooHot),
        observed: (statement.facts?.locks.length ?? 0) > 1,
      };
    }
  },
};

/** Adds what a statement locks; whether there is anything. */
function heat(hot: Hot, statement: Statement, script: Script): boolean {
  const { operations, facts } = statement;
  if (facts && facts.sqlstate === undefined && facts.locks.length === 0) return false;
  const tables = changedTables(statement, script);
  const links = operations
    .flatMap(foreignKeysOf)
    .filter(
      ({ table, key }) =>
        isExisting(statement, key.references) && tableKey(key.references) !== tableKey(table),
    );
  for (const table of tables) hot.changed.add(shortName(table));
  for (const { table, key } of links) {
    hot.children.add(shortName(table));
    hot.parents.add(shortName(key.references));
  }
  return tables.length > 0 || links.length > 0;
}

/** The tables that a change of their definition locks. What is dropped or emptied has no writers to wait for it. */
function changedTables(statement: Statement, script: Script): TableRef[] {
  const effects = effectsOf(statement, script);
  return statement.operations.flatMap((operation, index) => {
    if (['create-table', 'drop-table', 'truncate'].includes(operation.kind)) return [];
    if (!('table' in operation) || !operation.table || !isExisting(statement, operation.table)) return [];
    const { table } = operation;
    const isLocked = effects[index]?.locks.some(
      (lock) => tableKey(lock.table) === tableKey(table) && blocksWrites(lock.mode),
    );
    return isLocked ? [table] : [];
  });
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
