import { quoteLiteral, quoteWhereNeeded } from '../../postgres/quote.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const dropSchemaOrDatabase: Rule = {
  name: 'drop-schema-or-database',
  id: 'TBL-05',
  severity: 'error',
  reason: 'Everything in it is gone.',
  bad: [
    'DROP SCHEMA app CASCADE;',
    'DROP SCHEMA IF EXISTS a, "B";',
    'DROP DATABASE shop;',
    'DROP DATABASE IF EXISTS shop WITH (FORCE);',
  ],
  good: ['DROP TABLE IF EXISTS x;', 'CREATE SCHEMA app;', 'ALTER SCHEMA app OWNER TO joe;'],
  check: eachOperation(['drop-schema', 'drop-database'], (operation) => {
    const name = quoteWhereNeeded(operation.name);
    if (operation.kind === 'drop-database') {
      return {
        message: `Database ${name} is dropped with everything in it.`,
        fix: `-- no code uses it any more and a backup can be restored? Then by hand, outside a migration. What is in it, and since when:\nSELECT * FROM pg_stat_database WHERE datname = ${quoteLiteral(operation.name)};`,
      };
    }
    return {
      message: operation.cascade
        ? `Schema ${name} is dropped with everything in it.`
        : `Schema ${name} is dropped; where anything is left in it, the migration fails (2BP01).`,
      // Without CASCADE Postgres drops an empty one only.
      ...(!operation.cascade && { severity: 'warning' as const }),
      fix: `-- what is in it; drop by name what is not needed, then: DROP SCHEMA ${name};\nSELECT relkind, relname, reltuples FROM pg_class WHERE relnamespace = ${quoteLiteral(name)}::regnamespace;`,
    };
  }),
};
