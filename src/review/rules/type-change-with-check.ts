import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { columnsOf } from '../expression.ts';
import { lockContext } from '../locks.ts';
import { scanOf } from '../observed.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const typeChangeWithCheck: Rule = {
  name: 'type-change-with-check',
  id: 'COL-10',
  severity: 'warning',
  reason: 'The CHECK is tried on every row again, under the lock of the type change.',
  bad: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10) NOT VALID; ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(other) < 10) NOT VALID; ALTER TABLE users ALTER COLUMN note TYPE text;',
    'CREATE TABLE t (a varchar(5) CHECK (length(a) > 1)); ALTER TABLE t ALTER COLUMN a TYPE text;',
  ],
  check: eachOperation('alter-type', ({ table, column }, statement, script) => {
    if (!isExisting(statement, table) || scanOf(statement) === 'none') return undefined;
    const checks = lockContext(statement, script).tables.get(tableKey(table))?.checks ?? new Map();
    const found = [...checks].find(([, { expression }]) => columnsOf(expression).includes(column));
    if (!found) return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(found[0])];
    return {
      message: `The check ${name} on ${column} is tried on every row of ${on} while it is locked.`,
      fix: `ALTER TABLE ${on} DROP CONSTRAINT ${name};\n${statement.text};\n-- the same check again with NOT VALID; then, in a transaction of its own:\nALTER TABLE ${on} VALIDATE CONSTRAINT ${name};`,
      observed: scanOf(statement) === 'seen',
    };
  }),
};
