import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { rewriteOf } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { isSerial } from '../type-names.ts';

export const addSerial: Rule = {
  name: 'add-serial',
  id: 'COL-04',
  severity: 'warning',
  reason: 'Every row gets a number: the whole table is written anew while nobody can read it.',
  bad: ['ALTER TABLE users ADD COLUMN n serial;', 'ALTER TABLE users ADD COLUMN n bigserial NOT NULL;'],
  good: [
    'ALTER TABLE users ADD COLUMN n bigint;',
    'CREATE TABLE t (id serial primary key);',
    'CREATE TABLE t (a int); ALTER TABLE t ADD n serial;',
  ],
  check: eachOperation('add-column', ({ table, column }, statement) => {
    if (!isSerial(column.type) || !isExisting(statement, table)) return undefined;
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column.name)];
    const sequence = quoteWhereNeeded(`${table.name}_${column.name}_seq`);
    return {
      message: `${on} is written anew, for every row gets a number (${name}), and cannot be read meanwhile.`,
      fix: `CREATE SEQUENCE ${sequence};\nALTER TABLE ${on} ADD COLUMN ${name} bigint;\nALTER TABLE ${on} ALTER COLUMN ${name} SET DEFAULT nextval('${sequence}');\n-- then fill the rows that are there in batches`,
      observed: seen === 'seen',
    };
  }),
};
