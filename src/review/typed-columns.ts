import type { ColumnSpec, Operation, TableRef, TypeSpec } from './operation.ts';

export interface TypedColumn {
  readonly table: TableRef;
  readonly column: { readonly name: string; readonly type: TypeSpec };
  /** The whole definition, where there is one. */
  readonly definition: ColumnSpec | undefined;
  /** What gives it the type. */
  readonly source: Operation;
}

/** Every column that gets a type: made with its table, added, or changed. */
export function typedColumns(operations: readonly Operation[]): TypedColumn[] {
  return operations.flatMap((operation): TypedColumn[] => {
    switch (operation.kind) {
      case 'create-table':
        return operation.columns.map((column) => ({
          table: operation.table,
          column,
          definition: column,
          source: operation,
        }));
      case 'add-column':
        return [
          {
            table: operation.table,
            column: operation.column,
            definition: operation.column,
            source: operation,
          },
        ];
      case 'alter-type':
        return [
          {
            table: operation.table,
            column: { name: operation.column, type: operation.type },
            definition: undefined,
            source: operation,
          },
        ];
      default:
        return [];
    }
  });
}
