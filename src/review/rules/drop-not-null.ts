import { lockContext } from '../locks.ts';
import { tableKey } from '../operation.ts';
import { shortName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

export const dropNotNull: Rule = {
  name: 'drop-not-null',
  id: 'CON-10',
  severity: 'info',
  reason: 'Code that reads the column may rely on a value being there, and the rollback needs a scan.',
  bad: [
    'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;',
    'ALTER TABLE app."Users" ADD COLUMN a int, ALTER "Email" DROP NOT NULL;',
  ],
  good: [
    'CREATE TABLE users (email text NOT NULL); ALTER TABLE users ALTER email DROP NOT NULL;',
    // Nobody has seen it NOT NULL.
    'ALTER TABLE users ADD COLUMN a int NOT NULL DEFAULT 1; ALTER TABLE users ALTER a DROP NOT NULL;',
  ],
  check: eachOperation(['drop-not-null', 'set-not-null'], ({ kind, table, column }, statement, script) => {
    if (
      kind !== 'drop-not-null' ||
      !isExisting(statement, table) ||
      statement.before.columnAddedHere(table, column)
    )
      return undefined;
    const known = lockContext(statement, script).tables.get(tableKey(table));
    if (known?.isComplete && known.columns.get(column)?.notNull === false) return undefined;
    return {
      message: `From here on ${column} of ${shortName(table)} may be NULL, and code that is deployed already may not expect it.`,
      fix: `-- after code that takes NULL is deployed:\n${withLockTimeout(statement)}`,
      observed: false,
    };
  }),
};
