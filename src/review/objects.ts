import { type Operation, tableKey } from './operation.ts';

/** What operations are about, by name: tables, `table.column`, indexes, types. `public` is left out. */
export function objectsOf(operations: readonly Operation[]): readonly string[] {
  const objects = known.get(operations) ?? [...new Set(operations.flatMap(namesOf))];
  known.set(operations, objects);
  return objects;
}

/** The findings of a statement share them. */
const known = new WeakMap<readonly Operation[], readonly string[]>();

function namesOf(operation: Operation): string[] {
  const names: string[] = [];
  if ('table' in operation && operation.table) {
    const table = tableKey(operation.table);
    names.push(table);
    if ('column' in operation) {
      const column = typeof operation.column === 'string' ? operation.column : operation.column.name;
      names.push(`${table}.${column}`);
    }
    if (operation.kind === 'add-constraint' && operation.constraint.name !== undefined) {
      names.push(`${table}.${operation.constraint.name}`);
    }
    if ('name' in operation && operation.kind !== 'create-index' && operation.name !== undefined) {
      names.push(`${table}.${operation.name}`);
    }
  }
  if (operation.kind === 'create-index' && operation.name !== undefined) names.push(operation.name);
  if ('index' in operation) names.push(tableKey(operation.index));
  if ('object' in operation) names.push(tableKey(operation.object));
  if ('view' in operation) names.push(tableKey(operation.view));
  if ('domain' in operation) names.push(tableKey(operation.domain));
  if ('type' in operation && 'name' in operation.type && !('modifiers' in operation.type)) {
    names.push(tableKey(operation.type));
  }
  return names;
}
