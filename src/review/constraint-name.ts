import { columnsOf } from './expression.ts';
import type { ConstraintSpec, TableRef } from './operation.ts';

/** The name of a constraint; of an unnamed one that which Postgres gives it: `orders_user_id_fkey`. */
export function constraintName(table: TableRef, constraint: ConstraintSpec): string {
  if (constraint.name !== undefined) return constraint.name;
  switch (constraint.type) {
    case 'foreign-key':
      return [table.name, ...constraint.columns, 'fkey'].join('_');
    case 'check': {
      const columns = constraint.columns.length > 0 ? constraint.columns : columnsOf(constraint.expression);
      // Of several columns it names none.
      return [table.name, ...(columns.length === 1 ? columns : []), 'check'].join('_');
    }
    case 'unique':
      return [table.name, ...constraint.columns, 'key'].join('_');
    case 'primary-key':
      return `${table.name}_pkey`;
    case 'exclude':
      return [table.name, ...constraint.columns, 'excl'].join('_');
    case 'not-null':
      return [table.name, ...constraint.columns, 'not_null'].join('_');
  }
}
