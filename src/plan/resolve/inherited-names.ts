import type { Change } from '../change.ts';
import type { TableDef } from '../database-schema.ts';
import type { PlanDocument, PlanPath } from '../plan.ts';
import { conflict, type Resolving } from './context.ts';

/**
 * Refuses names that every JavaScript object has (`constructor`, `toString`, …) where the differ looks them up in plain
 * objects: drizzle-kit 0.31 finds them where there are none, and ends in an error or writes nothing (measured). In a table
 * that is new as a whole only `__proto__` fails. Throws `plan-not-supported` at the name.
 */
export function refuseInheritedNames(resolving: Resolving, documents: readonly PlanDocument[]): void {
  for (const change of resolving.changes) {
    const name = misread(change);
    if (name === undefined) continue;
    throw conflict(
      resolving,
      placeOf(name, documents, []) ?? [0],
      `${resolving.context.capabilities.orm} cannot handle the name "${name}" here: every JavaScript object has something of that name, and drizzle-kit mistakes it for that`,
      { code: 'plan-not-supported', hint: 'Choose another name, or write this migration by hand.' },
    );
  }
}

function misread(change: Change): string | undefined {
  switch (change.kind) {
    case 'create-table':
      return membersOf(change.table).find((name) => name === '__proto__');
    case 'rename-column':
      return change.to === '__proto__' ? change.to : undefined;
    default: {
      const name = memberOf(change);
      return name !== undefined && name in Object.prototype ? name : undefined;
    }
  }
}

function membersOf(table: TableDef): string[] {
  const { columns, indexes, uniques, foreignKeys, checks } = table;
  return [columns, indexes, uniques, foreignKeys, checks].flatMap((list) => list.map(({ name }) => name));
}

/** The name of what a change adds to a table or takes from it. */
function memberOf(change: Change): string | undefined {
  switch (change.kind) {
    case 'add-column':
      return change.column.name;
    case 'drop-column':
      return change.column;
    case 'add-index':
    case 'drop-index':
      return change.index.name;
    case 'add-unique':
    case 'drop-unique':
      return change.unique.name;
    case 'add-foreign-key':
    case 'drop-foreign-key':
      return change.foreignKey.name;
    case 'add-check':
    case 'drop-check':
      return change.check.name;
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'create-table':
    case 'rename-table':
    case 'drop-table':
    case 'rename-column':
    case 'alter-column':
    case 'set-primary-key':
    case 'alter-foreign-key':
    case 'comment':
    case 'raw-sql':
      return undefined;
    default:
      change satisfies never;
      return undefined;
  }
}

/** Where the plan says this name, first as a text of its own, else within a constraint. */
function placeOf(name: string, value: unknown, path: PlanPath): PlanPath | undefined {
  return find(value, path, (text) => text === name) ?? find(value, path, (text) => text.includes(name));
}

function find(value: unknown, path: PlanPath, fits: (text: string) => boolean): PlanPath | undefined {
  if (typeof value === 'string') return fits(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = find(item, [...path, Array.isArray(value) ? Number(key) : key], fits);
    if (found) return found;
  }
  return undefined;
}
