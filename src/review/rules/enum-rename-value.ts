import { quoteLiteral } from '../../postgres/quote.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const enumRenameValue: Rule = {
  name: 'enum-rename-value',
  id: 'ENM-03',
  severity: 'warning',
  reason: 'Code that still runs writes the old value, and fails at once.',
  bad: ["ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';"],
  good: [
    "ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';",
    "CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';",
  ],
  check: eachOperation('rename-enum-value', ({ type, value, to }, statement) => {
    if (statement.before.last(topic('create-enum', type))) return undefined;
    return {
      message: `'${value}' of ${sqlName(type)} is gone for code that still runs: it is called '${to}' now.`,
      fix: `ALTER TYPE ${sqlName(type)} ADD VALUE ${quoteLiteral(to)} AFTER ${quoteLiteral(value)};\n-- then deploy code that writes the new one, and change the rows in batches`,
    };
  }),
};
