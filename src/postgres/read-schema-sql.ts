/** Queries of `read-schema.ts`. What extensions own and the parts of partitioned tables are left out. */

const OWN = `
own as (
  select oid, nspname from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
),
extended as (select classid, objid from pg_catalog.pg_depend where deptype = 'e'),
tables as (
  select c.oid, n.nspname as schema, c.relname as name from pg_catalog.pg_class c join own n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and not exists (select from extended e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
)`;

export const NAMES = `
with ${OWN}
select 'schema' as kind, nspname as schema, nspname as name, null::json as labels, null as description from own
union all
select 'table', schema, name, null, pg_catalog.obj_description(oid, 'pg_class') from tables
union all
select 'view', n.nspname, c.relname, null, null from pg_catalog.pg_class c join own n on n.oid = c.relnamespace
where c.relkind in ('v', 'm')
  and not exists (select from extended e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid)
union all
select 'enum', n.nspname, t.typname,
  (select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid), null
from pg_catalog.pg_type t join own n on n.oid = t.typnamespace
where t.typtype = 'e'
  and not exists (select from extended e where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid)
order by 1, 2, 3`;

export const COLUMNS = `
with ${OWN}
select t.schema, t.name as table, a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull as not_null, pg_catalog.pg_get_expr(d.adbin, d.adrelid) as expression,
  a.attgenerated <> '' as is_generated, a.attidentity::text as identity,
  case when a.attidentity <> '' then json_build_object('start', s.seqstart::text, 'increment', s.seqincrement::text,
    'min', s.seqmin::text, 'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle) end as sequence,
  coalesce(s.seqrelid is not null and a.attidentity = '' and exists (
    select from pg_catalog.pg_depend u where u.classid = 'pg_catalog.pg_attrdef'::regclass and u.objid = d.oid
      and u.refclassid = 'pg_catalog.pg_class'::regclass and u.refobjid = s.seqrelid), false) as is_serial,
  pg_catalog.col_description(t.oid, a.attnum) as description
from tables t
join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
left join pg_catalog.pg_depend o on o.refclassid = 'pg_catalog.pg_class'::regclass and o.refobjid = t.oid
  and o.refobjsubid = a.attnum and o.classid = 'pg_catalog.pg_class'::regclass and o.deptype in ('a', 'i')
  and exists (select from pg_catalog.pg_sequence q where q.seqrelid = o.objid)
left join pg_catalog.pg_sequence s on s.seqrelid = o.objid
order by 1, 2, a.attnum`;

const NAMES_OF = (relation: string, keys: string): string => `
  (select coalesce(json_agg(a.attname order by k.position), '[]') from unnest(${keys}) with ordinality k(attnum, position)
   join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = k.attnum)`;

export const CONSTRAINTS = `
with ${OWN}
select t.schema, t.name as table, c.conname as name, c.contype::text as kind,
  ${NAMES_OF('t.oid', 'c.conkey')} as columns,
  coalesce(i.indnullsnotdistinct, false) as nulls_not_distinct,
  (select n.nspname from pg_catalog.pg_namespace n where n.oid = r.relnamespace) as target_schema, r.relname as target,
  ${NAMES_OF('c.confrelid', 'c.confkey')} as target_columns,
  c.confdeltype::text as on_delete, c.confupdtype::text as on_update,
  c.condeferrable as is_deferrable, c.condeferred as is_deferred,
  case when c.contype = 'c' then pg_catalog.pg_get_expr(c.conbin, c.conrelid) end as expression
from tables t
join pg_catalog.pg_constraint c on c.conrelid = t.oid and c.contype in ('p', 'u', 'f', 'c')
left join pg_catalog.pg_index i on i.indexrelid = c.conindid and c.contype = 'u'
left join pg_catalog.pg_class r on r.oid = c.confrelid
order by 1, 2, 3`;

export const INDEXES = `
with ${OWN}
select t.schema, t.name as table, x.relname as name, i.indisunique as is_unique, m.amname as method,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
  (select json_agg(json_build_object(
      'text', coalesce(a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, k.position::int, true)),
      'is_expression', k.attnum = 0, 'options', k.option, 'opclass', case when not p.opcdefault then p.opcname end)
    order by k.position)
   from unnest(i.indkey::int2[], i.indoption::int2[], i.indclass::oid[]) with ordinality
     k(attnum, option, class, position)
   left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum <> 0
   left join pg_catalog.pg_opclass p on p.oid = k.class
   where k.position <= i.indnkeyatts) as keys
from tables t
join pg_catalog.pg_index i on i.indrelid = t.oid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
where not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
order by 1, 2, 3`;
