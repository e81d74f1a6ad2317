import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { rewriteOf } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const addGeneratedStored: Rule = {
  name: 'add-generated-stored',
  id: 'COL-06',
  severity: 'warning',
  reason: 'Every row is computed and stored: the whole table is written anew while nobody can read it.',
  bad: ['ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (length(email)) STORED;'],
  good: [
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (length(email)) VIRTUAL;',
    'ALTER TABLE users ADD COLUMN n int;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2) STORED;',
  ],
  check: eachOperation('add-column', ({ table, column }, statement, { target }) => {
    if (!(column.generated === 'stored') || !isExisting(statement, table)) return undefined;
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column.name)];
    return {
      message: `${on} is written anew, for every row is computed (${name}), and cannot be read meanwhile.`,
      fix:
        target.postgresVersion >= 18
          ? `${statement.text.replace(/\bSTORED\b/i, 'VIRTUAL')};`
          : `-- a plain column ${name} on ${on}, kept by a trigger, and filled in batches`,
      observed: seen === 'seen',
    };
  }),
};
