import { lockContext } from '../locks.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { beforeTransaction } from '../steps.ts';
import { topic } from '../topics.ts';

export const dropColumnWithIndex: Rule = {
  name: 'drop-column-with-index',
  id: 'COL-13',
  severity: 'info',
  reason: 'The index goes with its column, the blocking way.',
  bad: [
    'CREATE INDEX CONCURRENTLY users_note ON users (note); ALTER TABLE users DROP COLUMN note;',
    'CREATE INDEX CONCURRENTLY "Users_both" ON app."Users" (a, "Note"); ALTER TABLE app."Users" DROP "Note";',
    'CREATE INDEX CONCURRENTLY users_name ON users (name) WHERE note IS NULL; ALTER TABLE users DROP COLUMN note;',
    'ALTER TABLE users ADD CONSTRAINT users_note_key UNIQUE (note); ALTER TABLE users DROP COLUMN note;',
  ],
  good: [
    'ALTER TABLE users DROP COLUMN note;',
    'CREATE INDEX CONCURRENTLY users_note ON users (note); ALTER TABLE users DROP COLUMN other;',
    'CREATE INDEX CONCURRENTLY users_note ON users (note); DROP INDEX CONCURRENTLY users_note; ALTER TABLE users DROP COLUMN note;',
    'CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b); ALTER TABLE t DROP COLUMN b;',
  ],
  check: eachOperation('drop-column', ({ table, column }, statement, script) => {
    if (!isExisting(statement, table)) return undefined;
    const known = lockContext(statement, script).tables.get(tableKey(table));
    const [found] = known?.indexes.on(column) ?? [];
    if (!found) return undefined;
    const index = sqlName({ schema: table.schema, name: found.name });
    const others = found.columns.filter((name) => name !== undefined && name !== column);
    return {
      message: `The index ${index} goes with ${column}${others.length > 0 ? `, also for ${others.join(', ')}` : ''}.`,
      fix: isOfConstraint(found.name, table, statement, script)
        ? undefined
        : `${beforeTransaction(statement)}DROP INDEX CONCURRENTLY IF EXISTS ${index};\n${statement.text};`,
      observed:
        statement.facts?.locks.some(
          ({ relation }) => relation === tableKey({ schema: table.schema, name: found.name }),
        ) ?? false,
    };
  }),
};

/** The index of a constraint goes with that, and not by itself. */
function isOfConstraint(index: string, table: TableRef, { before }: Statement, { schema }: Script): boolean {
  const known = schema?.tables.find((candidate) => tableKey(candidate) === tableKey(table));
  const names = [
    ...(known?.uniques ?? []).map(({ name }) => name),
    ...(known?.primaryKey ? [known.primaryKey.name] : []),
  ];
  return names.includes(index) || before.last(topic('add-constraint', table, index)) !== undefined;
}
