import type { ConstraintSpec, Operation, TableRef } from './operation.ts';

export type ForeignKeySpec = Extract<ConstraintSpec, { type: 'foreign-key' }>;

/** A foreign key that an operation adds, and the table that it is added to. */
export interface AddedForeignKey {
  readonly table: TableRef;
  readonly key: ForeignKeySpec;
}

/** The foreign keys that an operation adds: of a new table, of a new column, or by themselves. */
export function foreignKeysOf(operation: Operation): AddedForeignKey[] {
  switch (operation.kind) {
    case 'create-table': {
      const { table, columns, constraints } = operation;
      return keysAmong(table, [...constraints, ...columns.flatMap((column) => column.constraints)]);
    }
    case 'add-column':
      return keysAmong(operation.table, operation.column.constraints);
    case 'add-constraint':
      return keysAmong(operation.table, [operation.constraint]);
    default:
      return [];
  }
}

function keysAmong(table: TableRef, constraints: readonly ConstraintSpec[]): AddedForeignKey[] {
  return constraints.flatMap((constraint) =>
    constraint.type === 'foreign-key' ? [{ table, key: constraint }] : [],
  );
}
