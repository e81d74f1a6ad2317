import type { DatabaseSchema } from '../plan/database-schema.ts';
import type { TableRef } from './operation.ts';

/**
 * A name that nothing in the table's schema bears yet, as Postgres itself finds one: `orders_quantity_check1`. Without a
 * known schema the name is taken for free.
 */
export function freeName(schema: DatabaseSchema | undefined, table: TableRef, name: string): string {
  const taken = new Set(
    (schema?.tables ?? [])
      .filter((known) => known.schema === (table.schema ?? 'public'))
      .flatMap((known) => [
        known.name,
        ...(known.primaryKey ? [known.primaryKey.name] : []),
        ...[...known.uniques, ...known.indexes, ...known.foreignKeys, ...known.checks].map(
          (each) => each.name,
        ),
      ]),
  );
  let free = name;
  for (let number = 1; taken.has(free); number += 1) free = `${name}${number}`;
  return free;
}
