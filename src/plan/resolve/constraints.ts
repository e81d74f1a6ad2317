import { columnsOf } from '../../postgres/sql.ts';
import { type CheckDef, displayName, type TableDef, type UniqueDef } from '../database-schema.ts';
import { fitName } from '../naming.ts';
import type { PlanPath } from '../plan.ts';
import { conflict, type Resolving } from './context.ts';

export interface WantedUnique {
  readonly columns: readonly string[];
  readonly name?: string | undefined;
  readonly nullsNotDistinct: boolean;
  readonly path: PlanPath;
}

export interface WantedCheck {
  readonly expression: string;
  readonly name?: string | undefined;
  readonly path: PlanPath;
}

/** The definition of a unique constraint of `table`. */
export function resolveUnique(resolving: Resolving, table: TableDef, wanted: WantedUnique): UniqueDef {
  const { columns, nullsNotDistinct } = wanted;
  const derived = resolving.context.naming.unique(table, columns);
  const name =
    wanted.name === undefined
      ? derived
      : { name: wanted.name, named: wanted.name !== derived.name || derived.named };
  return { ...name, columns, nullsNotDistinct };
}

/** The definition of a CHECK of `table`; a derived name that the table has already gets a number, as in Postgres. */
export function resolveCheck(resolving: Resolving, table: TableDef, wanted: WantedCheck): CheckDef {
  const name =
    wanted.name ?? freeCheckName(resolving.context.naming.check(table, columnsOf(wanted.expression)), table);
  return { name, expression: wanted.expression.trim() };
}

function freeCheckName(derived: string, table: TableDef): string {
  const taken = constraintNames(table);
  for (let number = 0; ; number += 1) {
    const name = number === 0 ? derived : fitName(`${derived}${number}`);
    if (!taken.has(name)) return name;
  }
}

/** Names of a table's constraints, which share one namespace. */
export function constraintNames(table: TableDef): ReadonlySet<string> {
  const key = table.primaryKey ? [table.primaryKey.name] : [];
  return new Set([
    ...key,
    ...[...table.uniques, ...table.foreignKeys, ...table.checks].map((item) => item.name),
  ]);
}

/** Throws `plan-conflict` when the table has a constraint of this name. */
export function needFreeConstraintName(
  resolving: Resolving,
  table: TableDef,
  name: string | undefined,
  path: PlanPath,
): void {
  if (name === undefined || !constraintNames(table).has(name)) return;
  throw conflict(resolving, path, `${displayName(table)} has a constraint "${name}" already`, {
    hint: 'Choose another name, or drop that one in the same plan.',
  });
}
