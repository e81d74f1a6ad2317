import { alterText } from '../commands.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule, type Statement } from '../rule.ts';

const MERGEABLE = new Set([
  'add-column',
  'drop-column',
  'alter-type',
  'set-default',
  'drop-default',
  'set-not-null',
  'drop-not-null',
  'add-constraint',
  'drop-constraint',
]);

/** The one table of an ALTER TABLE whose commands may stand together with others; NOT VALID must not meet its VALIDATE. */
function alteredTable(statement: Statement): TableRef | undefined {
  const { operations } = statement;
  const [first] = operations;
  if (!first || !('table' in first) || !first.table || !isExisting(statement, first.table)) return undefined;
  const isMergeable = operations.every(
    (operation) =>
      MERGEABLE.has(operation.kind) &&
      !(operation.kind === 'add-constraint' && operation.constraint.notValid),
  );
  return isMergeable ? first.table : undefined;
}

/** Statements that alter one table one right after the other, in runs of two and more. */
function runs(statements: readonly Statement[]): { readonly table: TableRef; readonly run: Statement[] }[] {
  const found: { readonly table: TableRef; readonly run: Statement[] }[] = [];
  let last: string | undefined;
  for (const statement of statements) {
    const table = alteredTable(statement);
    const key = table && tableKey(table);
    if (table && key === last) found.at(-1)?.run.push(statement);
    else if (table) found.push({ table, run: [statement] });
    last = key;
  }
  return found.filter(({ run }) => run.length > 1);
}

export const combineAlters: Rule = {
  name: 'combine-alters',
  id: 'TX-04',
  severity: 'info',
  reason: 'One ALTER TABLE with commas takes the lock once, and reads or rewrites the table once.',
  bad: [
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;',
    'ALTER TABLE "users" ADD COLUMN a int, ADD b int; ALTER TABLE public.users ALTER COLUMN a SET DEFAULT 1;',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN a int, ADD COLUMN b int;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE posts ADD COLUMN b int;',
    'ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1; ALTER TABLE users ALTER a SET NOT NULL;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c;',
    'ALTER TABLE users RENAME TO people; ALTER TABLE users RENAME COLUMN a TO b;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD b int; ALTER TABLE t ADD c int;',
  ],
  *check({ statements }) {
    for (const { table, run } of runs(statements)) {
      const [, second] = run;
      if (!second) continue;
      const parts = run.map(alterText);
      const commands = parts.flatMap((part) => part?.commands ?? []);
      const head = parts[0]?.head;
      yield {
        statement: second,
        message: `${run.length} statements in a row alter ${sqlName(table)}: each waits for its lock anew.`,
        fix: head === undefined || parts.includes(undefined) ? undefined : `${head} ${commands.join(', ')};`,
      };
    }
  },
};
