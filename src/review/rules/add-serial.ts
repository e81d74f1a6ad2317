import { addThenFill } from '../fill-column.ts';
import { rewriteOf } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { numbering } from '../numbering.ts';
import { isSerial } from '../type-names.ts';

export const addSerial: Rule = {
  name: 'add-serial',
  id: 'COL-04',
  severity: 'warning',
  reason: 'Every row gets a number: the whole table is rewritten while nobody can read it.',
  bad: [
    'ALTER TABLE users ADD COLUMN n serial;',
    'ALTER TABLE app."Users" ADD COLUMN a int, ADD COLUMN "N" bigserial NOT NULL;',
    'ALTER TABLE users ADD n smallserial UNIQUE;',
    'CREATE TABLE copy AS SELECT * FROM users; ALTER TABLE copy ADD COLUMN id serial PRIMARY KEY;',
    'DO $$ BEGIN ALTER TABLE users ADD COLUMN n serial; END $$;',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN n bigint;',
    'CREATE TABLE t (id serial primary key);',
    'CREATE TABLE t (a int); ALTER TABLE t ADD n serial;',
    // Nothing is stored here.
    'ALTER FOREIGN TABLE users ADD COLUMN n serial;',
  ],
  check: eachOperation('add-column', (operation, statement, script) => {
    const { table, column } = operation;
    if (!isSerial(column.type) || !isExisting(statement, table)) return undefined;
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    return {
      message: `${sqlName(table)} is rewritten, for every row gets a number (${column.name}), and cannot be read meanwhile.`,
      fix: addThenFill(statement, script, operation, {
        ...numbering(table, column.name),
        command: `ADD COLUMN ${sqlName({ schema: undefined, name: column.name })} bigint`,
      }),
      observed: seen === 'seen',
    };
  }),
};
