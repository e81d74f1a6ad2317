import type { ObjectName } from '../plan/database-schema.ts';
import { TableplanError } from '../errors.ts';
import type { Catalog } from '../postgres/catalog.ts';
import type { Engine } from '../postgres/engines/engine.ts';
import { tableKey } from '../review/operation.ts';
import type { TableRows } from './row-snapshot.ts';

/** What a comparison before and after was made of. */
export interface Compared {
  /** Tables, columns, constraints, indexes and so on, before or after the migration. */
  readonly objects: number;
  /** Those that have rows. */
  readonly tables: number;
  readonly rows: number;
}

/** A rollback has been tried with rows that were there before: what is written later may not fit the older schema. */
export const ROLLBACK_HOLDS_FOR = 'rows that existed before the migration';

/** Counts what is compared; the migrator's own tables are none of the project's. */
export function comparedOf(
  catalogs: readonly Catalog[],
  rows: readonly TableRows[],
  migratorTables: readonly ObjectName[],
): Compared {
  const own = new Set(migratorTables.map(tableKey));
  const filled = rows.filter((table) => table.rows.length > 0 && !own.has(table.name));
  return {
    objects: new Set(catalogs.flatMap((catalog) => [...catalog.keys()])).size,
    tables: filled.length,
    rows: filled.reduce((sum, table) => sum + table.rows.length, 0),
  };
}

/** `214 objects and 12 rows in 3 tables`. */
export function describeCompared({ objects, tables, rows }: Compared): string {
  const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  return `${counted(objects, 'object')} and ${counted(rows, 'row')} in ${counted(tables, 'table')}`;
}

/**
 * Throws `internal` where a catalog lacks a table, view or sequence that the database has: what is left out of a
 * comparison would be called unchanged.
 */
export async function requireWhole(engine: Engine, catalog: Catalog): Promise<void> {
  const relations = await engine.query<{ object: string }>(
    `select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
         else 'table ' end || quote_ident(n.nspname) || '.' || quote_ident(c.relname) as object
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from pg_catalog.pg_depend d
         where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`,
  );
  const missing = relations.filter(({ object }) => !catalog.has(object));
  if (missing.length === 0 && catalog.size > 0) return;
  const what = missing.length === 0 ? 'everything' : missing.map(({ object }) => object).join(', ');
  throw new TableplanError(
    'internal',
    `The comparison of schemas leaves out ${what}: it would prove nothing.`,
    {
      hint: 'This is a fault of tableplan. --no-rehearse goes on without the rehearsal.',
    },
  );
}
