import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { typeChangeOf } from '../type-change-of.ts';

export const typeChangeRewrite: Rule = {
  name: 'type-change-rewrite',
  id: 'COL-08',
  severity: 'warning',
  reason: 'The table and its indexes are written anew, and nobody can read it until that is done.',
  bad: [
    'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'ALTER TABLE users ALTER COLUMN note TYPE varchar(10) USING left(note, 10);',
  ],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a TYPE bigint;',
    'ALTER TABLE users ALTER COLUMN note SET DEFAULT 1;',
  ],
  check: eachOperation('alter-type', (operation, statement, script) => {
    const { table, column } = operation;
    if (!isExisting(statement, table)) return undefined;
    const { effect, observed } = typeChangeOf(operation, statement, script);
    if (effect === 'metadata') return undefined;
    const [on, name, next] = [sqlName(table), quoteWhereNeeded(column), quoteWhereNeeded(`${column}_new`)];
    const certainly = effect === 'rewrite' ? 'is' : 'is, unless its old type is stored the same way,';
    return {
      message: `${on} ${certainly} written anew for the new type of ${name}, and cannot be read meanwhile.`,
      fix: `-- a column beside it: ALTER TABLE ${on} ADD COLUMN ${next} …; a trigger that writes both; fill it in batches; then:\nBEGIN;\nALTER TABLE ${on} RENAME COLUMN ${name} TO ${quoteWhereNeeded(`${column}_old`)};\nALTER TABLE ${on} RENAME COLUMN ${next} TO ${name};\nCOMMIT;`,
      observed,
    };
  }),
};
