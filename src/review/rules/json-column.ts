import { sqlName } from '../print.ts';
import type { Rule } from '../rule.ts';
import { typedColumns } from '../typed-columns.ts';

export const jsonColumn: Rule = {
  name: 'json-column',
  id: 'COL-07',
  severity: 'info',
  reason: 'json has no equality: DISTINCT, GROUP BY and UNION fail on it.',
  bad: [
    'CREATE TABLE t (id int primary key, data json);',
    'ALTER TABLE users ADD COLUMN data json;',
    'ALTER TABLE users ALTER COLUMN data TYPE json;',
  ],
  good: ['CREATE TABLE t (id int primary key, data jsonb);', 'ALTER TABLE users ADD COLUMN note text;'],
  *check({ statements }) {
    for (const statement of statements) {
      for (const { table, column } of typedColumns(statement.operations)) {
        if (column.type.name !== 'json') continue;
        yield {
          statement,
          message: `${sqlName(table)}.${column.name} is json: jsonb compares, and can be indexed.`,
          fix: `-- ${column.name} jsonb`,
        };
      }
    }
  },
};
