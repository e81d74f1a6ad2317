import type { Node } from 'libpg-query';
import { impliesNotNull } from '../expression.ts';
import { foreignKeysOf } from '../foreign-keys.ts';
import type { KnownIndex, KnownTable } from '../known-tables.ts';
import { columnList } from '../not-valid.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { isExisting, type Rule, type Statement } from '../rule.ts';
import { beforeTransaction } from '../steps.ts';

export const fkNoCoveringIndex: Rule = {
  name: 'fk-no-covering-index',
  id: 'CON-12',
  severity: 'warning',
  reason:
    'Postgres gives a foreign key no index: every DELETE or change of key at the other end reads this table through.',
  bad: [
    'ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id);',
    'CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users (id));',
    'CREATE TABLE lines (a int, b int, PRIMARY KEY (a, b), FOREIGN KEY (b) REFERENCES items);',
    'CREATE TABLE orders (user_id int REFERENCES users); CREATE INDEX i ON orders (user_id) WHERE user_id > 100;',
    'CREATE TABLE orders (user_id int REFERENCES users); CREATE INDEX i ON orders (lower(user_id::text), user_id);',
    'CREATE INDEX CONCURRENTLY i ON orders (user_id); DROP INDEX i; ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;',
  ],
  good: [
    'CREATE INDEX CONCURRENTLY i ON orders (user_id, at); ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;',
    'CREATE TABLE orders (user_id int REFERENCES users); CREATE INDEX i ON orders (user_id);',
    'CREATE TABLE orders (user_id int PRIMARY KEY REFERENCES users);',
    'CREATE TABLE orders (user_id int UNIQUE REFERENCES users);',
    'CREATE TABLE lines (a int, b int, c int, UNIQUE (b, a, c), FOREIGN KEY (a, b) REFERENCES items (x, y));',
    // A lookup of a value is never one of NULL.
    'CREATE TABLE orders (user_id int REFERENCES users); CREATE INDEX i ON orders (user_id) WHERE user_id IS NOT NULL;',
    'CREATE TABLE app."Orders" ("userId" int); ALTER TABLE app."Orders" ADD FOREIGN KEY ("userId") REFERENCES app.users; CREATE INDEX ON app."Orders" USING hash ("userId");',
    // Its parent's indexes come with it.
    'CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES IN (1); ALTER TABLE orders_2026 ADD FOREIGN KEY (a) REFERENCES users;',
  ],
  *check(script) {
    const tables = script.tables.at(script.timeline.length);
    for (const statement of script.statements) {
      for (const { table, key } of statement.operations.flatMap(foreignKeysOf)) {
        const known = tables.get(tableKey(table));
        // Dropped or renamed since, or made like another table: its indexes are not to be seen here.
        if (!known || (!known.isComplete && statement.before.isCreatedHere(table))) continue;
        if ([...known.indexes.on(key.columns[0] ?? '')].some((index) => covers(index, key.columns))) continue;
        yield {
          statement,
          message: messageOf(table, key.columns, key.references, known),
          fix: fixOf(statement, table, key.columns),
          observed: false,
        };
      }
    }
  },
};

function messageOf(table: TableRef, columns: readonly string[], parent: TableRef, known: KnownTable): string {
  const unseen = known.isComplete ? '' : ', as far as this script tells';
  const partial = [...known.indexes.on(columns[0] ?? '')].find(
    (index) => index.isPartial && startsWith(index, columns),
  );
  if (partial) {
    return `The index ${partial.name} of ${shortName(table)} is partial, and no other starts with ${columnList(columns)}${unseen}: each DELETE from ${shortName(parent)} reads all of ${shortName(table)}.`;
  }
  return `No index of ${shortName(table)} starts with ${columnList(columns)}${unseen}: each DELETE from ${shortName(parent)} reads all of ${shortName(table)}.`;
}

function fixOf(statement: Statement, table: TableRef, columns: readonly string[]): string {
  const name = sqlName({ schema: undefined, name: [table.name, ...columns, 'idx'].join('_') });
  const target = `${name} ON ${sqlName(table)} ${columnList(columns)};`;
  const isNew =
    !isExisting(statement, table) || statement.operations.some(({ kind }) => kind === 'create-table');
  const isAddedHere = columns.some((column) =>
    statement.operations.some(
      (operation) => operation.kind === 'add-column' && operation.column.name === column,
    ),
  );
  if (isAddedHere)
    return `-- after this migration, outside a transaction:\nCREATE INDEX CONCURRENTLY ${target}`;
  if (isNew) return `-- after this statement:\nCREATE INDEX ${target}`;
  return `${beforeTransaction(statement)}CREATE INDEX CONCURRENTLY ${target}`;
}

/** Whether an index finds rows by these columns, in whatever order. */
function covers(index: KnownIndex, columns: readonly string[]): boolean {
  if (index.method !== 'btree' && !(index.method === 'hash' && columns.length === 1)) return false;
  return startsWith(index, columns) && (!index.isPartial || isNullTest(index.where, columns));
}

function startsWith(index: KnownIndex, columns: readonly string[]): boolean {
  const head = new Set(index.columns.slice(0, columns.length));
  return columns.every((column) => head.has(column));
}

function isNullTest(where: Node | undefined, columns: readonly string[]): boolean {
  if (!where) return false;
  if ('BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR') {
    return (where.BoolExpr.args ?? []).every((part) => isNullTest(part, columns));
  }
  return 'NullTest' in where && columns.some((column) => impliesNotNull(where, column));
}
