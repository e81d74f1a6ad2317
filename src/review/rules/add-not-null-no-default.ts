import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { failedWith } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { isSerial } from '../type-names.ts';

export const addNotNullNoDefault: Rule = {
  name: 'add-not-null-no-default',
  id: 'COL-01',
  severity: 'error',
  reason: 'It passes on an empty test database, and fails on a table that has rows (SQLSTATE 23502).',
  bad: [
    'ALTER TABLE users ADD COLUMN must text NOT NULL;',
    'ALTER TABLE users ADD COLUMN must int NOT NULL DEFAULT NULL;',
    'ALTER TABLE app.users ADD COLUMN a int, ADD COLUMN b text NOT NULL;',
  ],
  good: [
    "ALTER TABLE users ADD COLUMN must text NOT NULL DEFAULT '';",
    'ALTER TABLE users ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;',
    'ALTER TABLE users ADD COLUMN n serial NOT NULL;',
    'ALTER TABLE users ADD COLUMN n int NOT NULL GENERATED ALWAYS AS (1) STORED;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int NOT NULL;',
  ],
  check: eachOperation('add-column', ({ table, column }, statement) => {
    const isFilled =
      column.default !== undefined ||
      column.identity ||
      column.generated !== undefined ||
      isSerial(column.type);
    if (!column.notNull || isFilled || !isExisting(statement, table)) return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column.name)];
    return {
      message: `${on} has rows in production, and none of them has a value for ${name}.`,
      fix: `-- without NOT NULL first (ALTER TABLE ${on} ADD COLUMN ${name} …), then fill it in batches, then:\nALTER TABLE ${on} ADD CONSTRAINT ${quoteWhereNeeded(`${column.name}_not_null`)} CHECK (${name} IS NOT NULL) NOT VALID;\n-- later: VALIDATE CONSTRAINT, SET NOT NULL, DROP CONSTRAINT`,
      observed: failedWith(statement, '23502'),
    };
  }),
};
