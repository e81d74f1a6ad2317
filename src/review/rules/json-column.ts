import { sqlName } from '../print.ts';
import type { Rule } from '../rule.ts';
import { withTypes } from '../type-text.ts';
import { typedColumns } from '../typed-columns.ts';
import { isUsual, type TypeChoice } from '../usual-types.ts';

const CHOICE: TypeChoice = {
  name: 'json',
  own: ({ type }) => type.name === 'json',
  other: ({ type }) => type.name === 'jsonb',
};

export const jsonColumn: Rule = {
  name: 'json-column',
  id: 'COL-07',
  severity: 'info',
  reason: 'json has no equality: DISTINCT, GROUP BY and UNION fail on it.',
  bad: [
    'CREATE TABLE t (id int primary key, data json);',
    'ALTER TABLE users ADD COLUMN data json;',
    'ALTER TABLE users ALTER COLUMN data TYPE json;',
    'ALTER TABLE app."Users" ADD COLUMN a int, ADD "json" pg_catalog.json DEFAULT \'{}\'::json;',
    'ALTER TABLE users ADD COLUMN list json[];',
  ],
  good: [
    'CREATE TABLE t (id int primary key, data jsonb);',
    'ALTER TABLE users ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN data app.json;',
    'ALTER TABLE users ADD COLUMN json text;',
  ],
  *check({ statements, schema }) {
    // What the project's own columns are is no fault of one more.
    if (isUsual(schema, CHOICE)) return;
    for (const statement of statements) {
      const found = typedColumns(statement.operations).flatMap(({ table, column }, place) => {
        const { name, schema, isArray } = column.type;
        if (name !== 'json' || schema !== undefined) return [];
        return [{ place, name: `${sqlName(table)}.${column.name}`, type: isArray ? 'jsonb[]' : 'jsonb' }];
      });
      if (found.length === 0) continue;
      const names = found.map(({ name }) => name);
      yield {
        statement,
        message: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} json, which cannot be compared or indexed: jsonb can.`,
        fix: withTypes(statement, new Map(found.map(({ place, type }) => [place, type]))),
      };
    }
  },
};
