import { quoteLiteral } from '../postgres/quote.ts';
import type { Filling } from './fill-column.ts';
import type { TableRef } from './operation.ts';
import { sqlName } from './print.ts';

/** Numbers for a column from a sequence that is made before it, as a serial one would get them. */
export function numbering(table: TableRef, column: string): Filling {
  const sequence = sqlName({ schema: table.schema, name: `${table.name}_${column}_seq` });
  const [on, name] = [sqlName(table), sqlName({ schema: undefined, name: column })];
  const value = `nextval(${quoteLiteral(sequence)})`;
  return {
    first: [`CREATE SEQUENCE ${sequence};`],
    value,
    next: [
      `ALTER SEQUENCE ${sequence} OWNED BY ${on}.${name};`,
      `ALTER TABLE ${on} ALTER COLUMN ${name} SET DEFAULT ${value};`,
    ],
  };
}
