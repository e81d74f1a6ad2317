import { eachOperation, type Rule } from '../rule.ts';

export const dropSchemaOrDatabase: Rule = {
  name: 'drop-schema-or-database',
  id: 'TBL-05',
  severity: 'error',
  reason: 'Everything in it is gone.',
  bad: ['DROP SCHEMA app CASCADE;', 'DROP DATABASE shop;'],
  good: ['DROP TABLE IF EXISTS x;', 'CREATE SCHEMA app;'],
  check: eachOperation(['drop-schema', 'drop-database'], (operation) => ({
    message: `${operation.kind === 'drop-schema' ? 'Schema' : 'Database'} ${operation.name} is dropped with everything in it.`,
  })),
};
