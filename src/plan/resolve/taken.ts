import { type DatabaseSchema, displayName, type ObjectName } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { fitName } from '../naming.ts';
import { conflict, type Resolving } from './context.ts';

/**
 * What bears a name that tables, views, indexes and the indexes of constraints share in each Postgres schema, in words;
 * undefined when the name is free.
 */
export function holderOf(schema: DatabaseSchema, name: ObjectName): string | undefined {
  return relationHolder(schema, name) ?? (hasEnum(schema, name) ? 'an enum' : undefined);
}

function relationHolder(schema: DatabaseSchema, { schema: space, name }: ObjectName): string | undefined {
  if (schema.views.includes(`${space}.${name}`)) return 'a view';
  for (const table of schema.tables.filter((candidate) => candidate.schema === space)) {
    if (table.name === name) return 'a table';
    if (table.indexes.some((index) => index.name === name)) return `an index of ${displayName(table)}`;
    if (table.uniques.some((unique) => unique.name === name))
      return `a unique constraint of ${displayName(table)}`;
    if (table.primaryKey?.name === name) return `the primary key of ${displayName(table)}`;
  }
  return undefined;
}

/** The row type of a table shares its namespace with enums. */
function hasEnum(schema: DatabaseSchema, { schema: space, name }: ObjectName): boolean {
  return schema.enums.some((item) => item.schema === space && item.name === name);
}

/** Throws `plan-conflict` unless a table, enum, index or constraint with an index may be called so. */
export function needFreeName(
  resolving: Resolving,
  name: ObjectName,
  path: PlanPath,
  kind: 'table' | 'enum' | 'index',
): void {
  const holder = kind === 'index' ? relationHolder(resolving.schema, name) : holderOf(resolving.schema, name);
  if (holder === undefined) return;
  throw conflict(resolving, path, `the name "${displayName(name)}" is taken by ${holder}`, {
    hint: 'Choose another name.',
  });
}

/** The first of `name`, `name_2`, `name_3` … that nothing bears and that is not in `also`. */
export function freeRelationName(
  schema: DatabaseSchema,
  wanted: ObjectName,
  also: ReadonlySet<string>,
): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted.name : fitName(`${wanted.name}_${number}`);
    if (!also.has(name) && relationHolder(schema, { ...wanted, name }) === undefined) return name;
  }
}
