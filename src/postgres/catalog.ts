import { CATALOG_SETTINGS } from './catalog-settings.ts';
import type { Engine } from './engines/engine.ts';

/** What a database has: `column public.users.email` → `text not null default ''::text`. Equal maps mean equal schemas. */
export type Catalog = ReadonlyMap<string, string>;

export interface CatalogDifference {
  /** `column public.users.email`. */
  readonly object: string;
  /** Undefined where the object is only on the other side. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/**
 * Reads the catalog of a database with one query, through Postgres' own functions (`format_type`,
 * `pg_get_constraintdef` …): tables, partitions, columns, constraints and indexes with their validity, enums, domains,
 * composite types, sequences, views, functions, triggers, policies, row security, comments, extensions, schemas, and
 * whatever else can be set for them (`catalog-settings.ts`).
 * Left out: what extensions own, and the position of columns, which no rollback brings back. NOT NULL is a property of its column, whatever Postgres 18 calls its constraint.
 */
export async function readCatalog(engine: Engine): Promise<Catalog> {
  const [before] = await engine.query<{ path: string }>("select current_setting('search_path') as path");
  // With an empty path every name is printed with its schema.
  await engine.query("select set_config('search_path', '', false)");
  try {
    const rows = await engine.query<{ object: string; definition: string | null }>(CATALOG);
    return new Map(rows.map(({ object, definition }) => [object, definition ?? '']));
  } finally {
    await engine.query("select set_config('search_path', $1, false)", [before?.path ?? 'public']);
  }
}

/** What differs, object by object, in the order of their names. */
export function diffCatalogs(expected: Catalog, actual: Catalog): CatalogDifference[] {
  const objects = [...new Set([...expected.keys(), ...actual.keys()])].toSorted();
  return objects
    .filter((object) => expected.get(object) !== actual.get(object))
    .map((object) => ({ object, expected: expected.get(object), actual: actual.get(object) }));
}

/** A difference as a line for people. */
export function describeDifference({ object, expected, actual }: CatalogDifference): string {
  if (expected === undefined) return `${object}: not expected (${actual})`;
  if (actual === undefined) return `${object}: missing (${expected})`;
  return `${object}: ${actual}, expected ${expected}`;
}

const CATALOG = `
with own as (
  select oid, nspname, nspowner, nspacl from pg_catalog.pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'
),
extended as (select classid, objid from pg_catalog.pg_depend where deptype = 'e'),
relations as (
  select c.*, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
  from pg_catalog.pg_class c join own n on n.oid = c.relnamespace
  where not exists (select from extended e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
),
types as (
  select t.*, quote_ident(n.nspname) || '.' || quote_ident(t.typname) as name
  from pg_catalog.pg_type t join own n on n.oid = t.typnamespace
  where not exists (select from extended e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid)
),
routines as (
  select p.oid, p.prokind, p.proowner, p.proacl, quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
    || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as name
  from pg_catalog.pg_proc p join own n on n.oid = p.pronamespace
  where not exists (select from extended e where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid)
)
select 'schema ' || quote_ident(nspname) as object, 'schema' as definition from own
union all
select 'extension ' || quote_ident(extname), 'extension' from pg_catalog.pg_extension where extname <> 'plpgsql'
union all
select 'table ' || name, concat_ws(' ',
  case relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end,
  case relkind when 'p' then 'partitioned table' when 'f' then 'foreign table' else 'table' end,
  case when relkind = 'p' then 'by ' || pg_catalog.pg_get_partkeydef(oid) end,
  (select 'of ' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
   from pg_catalog.pg_inherits i where i.inhrelid = relations.oid),
  case when relispartition then pg_catalog.pg_get_expr(relpartbound, oid) end,
  case when relrowsecurity then 'row level security' end,
  case when relforcerowsecurity then 'forced' end,
  case relreplident when 'f' then 'replica identity full' when 'n' then 'replica identity nothing'
    when 'i' then 'replica identity index' end,
  'with (' || array_to_string(reloptions, ', ') || ')')
from relations where relkind in ('r', 'p', 'f')
union all
select 'column ' || r.name || '.' || quote_ident(a.attname), concat_ws(' ',
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end,
  case when a.attnotnull then 'not null' end,
  case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated by default as identity' end,
  case a.attgenerated
    when 's' then 'generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') stored'
    when 'v' then 'generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') virtual'
    else 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) end)
from relations r
join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
where r.relkind in ('r', 'p', 'f', 'c')
union all
select 'constraint ' || r.name || '.' || quote_ident(c.conname),
  concat_ws(' ', pg_catalog.pg_get_constraintdef(c.oid), case when not c.convalidated then '(not validated)' end)
from pg_catalog.pg_constraint c join relations r on r.oid = c.conrelid where c.contype in ('c', 'f', 'p', 'u', 'x')
  and not (c.contype = 'f' and c.conparentid <> 0)
union all
select 'index ' || r.name, concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid),
  case when not i.indisvalid then '(invalid)' end)
from pg_catalog.pg_index i join relations r on r.oid = i.indexrelid
union all
select 'enum ' || t.name, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
  from pg_catalog.pg_enum e where e.enumtypid = t.oid) from types t where t.typtype = 'e'
union all
select 'domain ' || t.name, concat_ws(' ', pg_catalog.format_type(t.typbasetype, t.typtypmod),
  case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
  (select string_agg(quote_ident(c.conname) || ' ' || pg_catalog.pg_get_constraintdef(c.oid), ' ' order by c.conname)
   from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype = 'c'))
from types t where t.typtype = 'd'
union all
select 'sequence ' || r.name, concat_ws(' ', pg_catalog.format_type(s.seqtypid, null), 'start', s.seqstart,
  'increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache,
  case when s.seqcycle then 'cycle' end,
  (select 'owned by ' || d.refobjid::regclass || '.' || a.attname from pg_catalog.pg_depend d
   join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
   where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = r.oid and d.deptype in ('a', 'i') limit 1))
from pg_catalog.pg_sequence s join relations r on r.oid = s.seqrelid
union all
select case relkind when 'm' then 'materialized view ' else 'view ' end || name,
  concat_ws(' ', pg_catalog.pg_get_viewdef(oid), 'with (' || array_to_string(reloptions, ', ') || ')')
from relations where relkind in ('v', 'm')
union all
select 'function ' || name, case when prokind = 'a' then 'aggregate' else pg_catalog.pg_get_functiondef(oid) end
from routines
union all
select 'trigger ' || r.name || '.' || quote_ident(t.tgname), concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid),
  case t.tgenabled when 'D' then '(disabled)' when 'R' then '(replica)' when 'A' then '(always)' end)
from pg_catalog.pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
union all
select 'policy ' || r.name || '.' || quote_ident(p.polname), concat_ws(' ',
  case when p.polpermissive then 'permissive' else 'restrictive' end,
  case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
  'to ' || (select string_agg(case when role = 0 then 'public' else role::regrole::text end, ', ')
    from unnest(p.polroles) role),
  'using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid),
  'with check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
from pg_catalog.pg_policy p join relations r on r.oid = p.polrelid
union all
select 'comment on ' || case when d.objsubid = 0 then 'table ' || r.name
    else 'column ' || r.name || '.' || quote_ident(a.attname) end, quote_literal(d.description)
from pg_catalog.pg_description d
join relations r on r.oid = d.objoid and d.classoid = 'pg_catalog.pg_class'::regclass
left join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
union all
select 'comment on type ' || t.name, quote_literal(d.description)
from pg_catalog.pg_description d join types t on t.oid = d.objoid and d.classoid = 'pg_catalog.pg_type'::regclass
union all${CATALOG_SETTINGS}
order by 1`;
