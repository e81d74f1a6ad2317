import type { Change } from './change.ts';

/** The types that a change gives to columns, as the plan writes them. */
export function givenTypes(change: Change): readonly string[] {
  switch (change.kind) {
    case 'create-table':
      return change.table.columns.map((column) => column.type);
    case 'add-column':
      return [change.column.type];
    case 'alter-column':
      return change.type ? [change.type.to] : [];
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'rename-table':
    case 'drop-table':
    case 'rename-column':
    case 'drop-column':
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'add-index':
    case 'drop-index':
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
    case 'add-check':
    case 'drop-check':
    case 'comment':
    case 'raw-sql':
      return [];
  }
}
