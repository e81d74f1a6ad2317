import { sqlName } from '../print.ts';
import type { Rule } from '../rule.ts';
import type { TypeSpec } from '../operation.ts';
import { isSerial } from '../type-names.ts';
import { typedColumns } from '../typed-columns.ts';

/** What would be better, and why. */
function preferredType(type: TypeSpec, isKey: boolean): string | undefined {
  if (isSerial(type))
    return 'an identity column (bigint) says the same in the standard way, and does not overflow';
  switch (type.name) {
    case 'bpchar':
      return 'char(n) pads with spaces; text with a CHECK does not';
    case 'varchar':
      return type.modifiers.length > 0
        ? 'a longer limit is another migration; text with a CHECK is not tied to it'
        : undefined;
    case 'timestamp':
      return 'timestamp without time zone forgets where it was written; timestamptz does not';
    case 'int2':
    case 'int4':
      return isKey ? 'a key of this size overflows one day; bigint does not' : undefined;
    default:
      return undefined;
  }
}

export const typePreferences: Rule = {
  name: 'type-preferences',
  id: 'COL-18',
  severity: 'info',
  reason: 'Some types cost a rewrite or an overflow later.',
  bad: [
    'CREATE TABLE t (id int primary key);',
    'CREATE TABLE t (id bigint primary key, code char(3));',
    'ALTER TABLE users ADD COLUMN at timestamp;',
    'ALTER TABLE users ADD COLUMN note varchar(50);',
    'CREATE TABLE t (id serial primary key);',
  ],
  good: [
    'CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text, at timestamptz);',
    'ALTER TABLE users ADD COLUMN n int;',
  ],
  *check({ statements }) {
    for (const statement of statements) {
      for (const { table, column, definition } of typedColumns(statement.operations)) {
        const preferred = preferredType(
          column.type,
          definition?.constraints.some(({ type }) => type === 'primary-key') ?? false,
        );
        if (preferred === undefined) continue;
        yield {
          statement,
          message: `${sqlName(table)}.${column.name}: ${preferred}.`,
          // An int4 that counts is the one that overflows; and a sequence beside the column has rights of its own.
          ...(isSerial(column.type) && { severity: 'warning' as const }),
        };
      }
    }
  },
};
