import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';
import { typeChangeOf } from '../type-change-of.ts';

export const typeChangeMetadataOnly: Rule = {
  name: 'type-change-metadata-only',
  id: 'COL-09',
  severity: 'info',
  reason:
    'Nothing is rewritten, but prepared statements of open connections fail once ("cached plan must not change result type").',
  bad: [
    { sql: 'CREATE TABLE t (a varchar(50)); ALTER TABLE t ALTER COLUMN a TYPE varchar(100);', target: {} },
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a TYPE bigint;',
  ],
  check: eachOperation('alter-type', (operation, statement, script) => {
    const { effect, observed } = typeChangeOf(operation, statement, script);
    if (effect !== 'metadata') return undefined;
    return {
      message: `The type of ${sqlName(operation.table)}.${operation.column} changes without a rewrite; connections with prepared statements have to be renewed.`,
      fix: withLockTimeout(statement),
      observed,
    };
  }),
};
