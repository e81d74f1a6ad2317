import type { Dependant, StandsOn } from '../plan/dependants.ts';
import type { Engine } from './engines/engine.ts';

interface Row {
  readonly kind: Dependant['kind'];
  readonly name: string;
  readonly of: { readonly schema: string; readonly name: string } | null;
  readonly table: { readonly schema: string; readonly name: string };
  /** Undefined: the table as a whole. */
  readonly column: string | null;
}

/**
 * Views, policies, triggers and rules of a database with the tables and columns that they stand on, as Postgres itself has
 * noted it. What belongs to an extension is left out.
 */
export async function readDependants(engine: Pick<Engine, 'query'>): Promise<readonly Dependant[]> {
  const rows = await engine.query<{ readonly dependant: Row }>(QUERY);
  const found = new Map<string, Dependant & { readonly standsOn: StandsOn[] }>();
  for (const { dependant: row } of rows) {
    const key = JSON.stringify([row.kind, row.name, row.of]);
    const known = found.get(key) ?? { kind: row.kind, name: row.name, of: row.of ?? undefined, standsOn: [] };
    known.standsOn.push({ table: row.table, columns: row.column === null ? 'all' : [row.column] });
    found.set(key, known);
  }
  return [...found.values()];
}

const QUERY = `
select jsonb_build_object(
  'kind', d.kind, 'name', d.name,
  'of', case when d.relation is not null then
    (select jsonb_build_object('schema', n.nspname, 'name', c.relname)
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = d.relation) end,
  'table', jsonb_build_object('schema', tn.nspname, 'name', t.relname),
  'column', a.attname) as dependant
from (
  select case v.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'rule' end as kind,
    case when v.relkind in ('v', 'm')
      then concat(case when vn.nspname <> 'public' then vn.nspname || '.' end, v.relname) else r.rulename::text end as name,
    case when v.relkind not in ('v', 'm') then v.oid end as relation,
    p.refobjid, p.refobjsubid, v.oid as owner
  from pg_catalog.pg_depend p
  join pg_catalog.pg_rewrite r on p.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = p.objid
  join pg_catalog.pg_class v on v.oid = r.ev_class
  join pg_catalog.pg_namespace vn on vn.oid = v.relnamespace
  where p.refclassid = 'pg_catalog.pg_class'::regclass and p.refobjid <> v.oid
  union all
  select 'policy', o.polname::text, o.polrelid, p.refobjid, p.refobjsubid, o.polrelid
  from pg_catalog.pg_depend p
  join pg_catalog.pg_policy o on p.classid = 'pg_catalog.pg_policy'::regclass and o.oid = p.objid
  where p.refclassid = 'pg_catalog.pg_class'::regclass and (p.refobjsubid > 0 or p.refobjid <> o.polrelid)
  union all
  select 'trigger', g.tgname::text, g.tgrelid, p.refobjid, p.refobjsubid, g.tgrelid
  from pg_catalog.pg_depend p
  join pg_catalog.pg_trigger g on p.classid = 'pg_catalog.pg_trigger'::regclass and g.oid = p.objid and not g.tgisinternal
  where p.refclassid = 'pg_catalog.pg_class'::regclass and p.refobjsubid > 0
) d
join pg_catalog.pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p', 'f')
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid and a.attnum > 0
where tn.nspname not in ('pg_catalog', 'information_schema')
  and not exists (select from pg_catalog.pg_depend e where e.objid = d.owner and e.deptype = 'e')
order by 1`;
