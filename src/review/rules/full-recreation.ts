import { failedWith } from '../observed.ts';
import { tableKey, type TableRef } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const fullRecreation: Rule = {
  name: 'full-recreation',
  id: 'TBL-04',
  severity: 'error',
  reason:
    'A migration that makes what exists fails, and one that drops it first loses the rows: drizzle-kit writes such when its snapshots are missing.',
  bad: ['DROP TABLE users; CREATE TABLE users (id int primary key);'],
  good: [
    'CREATE TABLE users (id int primary key);',
    'CREATE TABLE t (a int); DROP TABLE t; CREATE TABLE t (b int);',
  ],
  check: eachOperation('create-table', ({ table, ifNotExists, isTemporary }, statement, { schema }) => {
    if (isTemporary) return undefined;
    const same = (other: TableRef) => tableKey(other) === tableKey(table);
    const dropped = statement.before.last(topic('drop-table', table));
    const made = statement.before.isCreatedHere(table);
    if (dropped && !made) {
      return {
        message: `${sqlName(table)} is dropped and made again in one migration: its rows are lost.`,
        fix: `-- leave DROP TABLE and CREATE TABLE ${sqlName(table)} out, and say what changes with ALTER TABLE`,
      };
    }
    const failed = failedWith(statement, '42P07');
    const exists = !dropped && !ifNotExists && schema?.tables.some((known) => same(known));
    if (!exists && !failed) return undefined;
    return {
      message: `${sqlName(table)} exists: the migration fails (42P07). Are snapshots missing from the history?`,
      observed: failed,
    };
  }),
};
