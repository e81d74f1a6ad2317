import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const wideOrDuplicateIndex: Rule = {
  name: 'wide-or-duplicate-index',
  id: 'IDX-08',
  severity: 'info',
  reason: 'Every write pays for an index, and columns after the third rarely narrow a search.',
  bad: ['CREATE INDEX CONCURRENTLY i ON t (a, b, c, d);', 'CREATE INDEX CONCURRENTLY i ON t (a, a);'],
  good: [
    'CREATE INDEX CONCURRENTLY i ON t (a, b, c);',
    'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, b, c, d);',
  ],
  check: eachOperation('create-index', ({ columns, unique, table }) => {
    const repeated = columns.find(
      (column, index) => column !== undefined && columns.indexOf(column) !== index,
    );
    if (repeated !== undefined)
      return { message: `Column ${repeated} stands twice in the index on ${sqlName(table)}.` };
    if (unique || columns.length <= 3) return undefined;
    return {
      message: `The index on ${sqlName(table)} has ${columns.length} columns: is every one of them searched by?`,
    };
  }),
};
