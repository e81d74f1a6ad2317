import { TableplanError } from '../../../errors.ts';
import type { ObjectName } from '../../../plan/database-schema.ts';
import type { Engine } from '../../../postgres/engines/engine.ts';
import { tableSql } from './statements.ts';

interface View {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'v' | 'm';
  readonly definition: string;
}

/** Statements that take the views on a column out of the way, and those that bring them back. */
export interface AroundViews {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Postgres refuses a new type for a column that a view reads: its views, and the views on those, are dropped and made
 * again. Throws `generate-failed` for a materialized one, whose indexes and rows only its owner can bring back.
 */
export async function viewsOn(
  engine: Pick<Engine, 'query'>,
  table: ObjectName,
  column: string,
): Promise<AroundViews> {
  const views = await engine.query<View>(VIEWS, [table.schema, table.name, column]);
  const materialized = views.find(({ kind }) => kind === 'm');
  if (materialized)
    throw new TableplanError(
      'generate-failed',
      `${table.name}.${column} cannot change its type: the materialized view ${materialized.name} reads it.`,
      { hint: 'Drop the view in a migration of its own, run this plan, and make the view again.' },
    );
  return {
    before: views.toReversed().map((view) => `DROP VIEW ${tableSql(view)}`),
    after: views.map(
      (view) => `CREATE VIEW ${tableSql(view)} AS ${view.definition.trim().replace(/;$/, '')}`,
    ),
  };
}

/** Views that read the column, nearest first, then those that read these. */
const VIEWS = `
with recursive reading as (
  select r.ev_class as oid, 1 as depth
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class t on t.oid = a.attrelid and t.relname = $2
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace and n.nspname = $1
  join pg_catalog.pg_depend d on d.refobjid = t.oid and d.refobjsubid = a.attnum
    and d.classid = 'pg_catalog.pg_rewrite'::regclass
  join pg_catalog.pg_rewrite r on r.oid = d.objid
  where a.attname = $3
  union
  select r.ev_class, depth + 1
  from reading
  join pg_catalog.pg_depend d on d.refobjid = reading.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
  join pg_catalog.pg_rewrite r on r.oid = d.objid
  where r.ev_class <> reading.oid
)
select n.nspname as schema, v.relname as name, v.relkind::text as kind, pg_catalog.pg_get_viewdef(v.oid) as definition
from (select oid, max(depth) as depth from reading group by oid) found
join pg_catalog.pg_class v on v.oid = found.oid
join pg_catalog.pg_namespace n on n.oid = v.relnamespace
order by found.depth, v.relname`;
