import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { rewriteOf } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { volatileCall } from '../volatile.ts';

export const volatileDefault: Rule = {
  name: 'volatile-default',
  id: 'COL-02',
  severity: 'warning',
  reason:
    'A default that is different for every row makes Postgres write the whole table anew while nobody can read it.',
  bad: [
    'ALTER TABLE users ADD COLUMN key uuid DEFAULT gen_random_uuid();',
    'ALTER TABLE users ADD COLUMN r float8 DEFAULT random() NOT NULL;',
    'ALTER TABLE users ADD COLUMN k text DEFAULT my_own_function();',
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT clock_timestamp();',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now();',
    'ALTER TABLE users ADD COLUMN n int DEFAULT 5;',
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT CURRENT_TIMESTAMP;',
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid();',
    'ALTER TABLE users ALTER COLUMN key SET DEFAULT gen_random_uuid();',
  ],
  check: eachOperation('add-column', ({ table, column }, statement, { target }) => {
    const call = volatileCall(column.default);
    if (call === undefined || target.postgresVersion < 11 || !isExisting(statement, table)) return undefined;
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    const [on, name] = [sqlName(table), quoteWhereNeeded(column.name)];
    return {
      message: `${on} is written anew, every row with its own ${call}, and cannot be read meanwhile.`,
      fix: `-- ADD COLUMN ${name} without the default, then:\nALTER TABLE ${on} ALTER COLUMN ${name} SET DEFAULT …;\n-- then fill the rows that are there in batches`,
      observed: seen === 'seen',
    };
  }),
};
