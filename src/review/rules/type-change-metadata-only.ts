import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';
import { typeChangeOf } from '../type-change-of.ts';

export const typeChangeMetadataOnly: Rule = {
  name: 'type-change-metadata-only',
  id: 'COL-09',
  severity: 'info',
  reason:
    'Nothing is rewritten, but prepared statements of open connections fail once ("cached plan must not change result type").',
  bad: [
    'ALTER TABLE users ADD COLUMN a varchar(50); ALTER TABLE users ALTER COLUMN a TYPE varchar(100);',
    'ALTER TABLE users ADD COLUMN a numeric(10, 2); ALTER TABLE users ALTER COLUMN a TYPE numeric;',
    'ALTER TABLE users ALTER COLUMN note TYPE text;',
    "SET timezone = 'UTC'; ALTER TABLE users ADD COLUMN at timestamp; ALTER TABLE users ALTER COLUMN at TYPE timestamptz;",
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a TYPE bigint;',
    // Nobody has a prepared statement of it yet.
    'CREATE TABLE t (a varchar(50)); ALTER TABLE t ALTER COLUMN a TYPE varchar(100);',
    'ALTER TABLE users ADD COLUMN a varchar(50); ALTER TABLE users ALTER COLUMN a TYPE varchar(40);',
  ],
  check: eachOperation('alter-type', (operation, statement, script) => {
    const { effect, certain, observed } = typeChangeOf(operation, statement, script);
    if (effect !== 'metadata' || !isExisting(statement, operation.table)) return undefined;
    const name = `${sqlName(operation.table)}.${operation.column}`;
    const rewrite = certain
      ? 'without a rewrite'
      : `without a rewrite if its old type is stored as ${operation.type.name} is`;
    return {
      message: `The type of ${name} changes ${rewrite}; connections with prepared statements have to be renewed.`,
      fix: withLockTimeout(statement),
      observed,
    };
  }),
};
