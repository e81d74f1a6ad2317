const kindOf = (relkind: string): string =>
  `case ${relkind} when 'S' then 'sequence ' when 'v' then 'view ' when 'm' then 'materialized view ' else 'table ' end`;

/**
 * What few objects have, as entries of their own and only where it is set: privileges, owners, storage, statistics, rules,
 * comments and what stands beside tables. No schema source can say it. Goes on with the query of `readCatalog`, whose
 * `own`, `extended`, `relations`, `types` and `routines` it uses.
 */
export const CATALOG_SETTINGS = `
select 'owner of ' || object, quote_ident(r.rolname) from (
  select ${kindOf('relkind')} || name as object, relowner as owner from relations where relkind in ('r', 'p', 'f', 'v', 'm', 'S')
  union all select 'function ' || name, proowner from routines
  union all select 'type ' || name, typowner from types where typtype in ('e', 'd', 'r')
    or exists (select from pg_catalog.pg_class c where c.oid = types.typrelid and c.relkind = 'c')
  union all select 'schema ' || quote_ident(nspname), nspowner from own where nspname <> 'public'
) owned join pg_catalog.pg_roles r on r.oid = owned.owner where r.rolname <> session_user
union all
select 'privileges on ' || object, given from (select object, (
  -- What is given beyond what Postgres gives by itself, and what is taken from that.
  select string_agg(concat_ws(' ', case when is_given then 'to' else 'without' end, coalesce(quote_ident(rolname), 'PUBLIC'),
    privilege_type, case when is_grantable then 'with grant option' end), '; ' order by is_given, rolname, privilege_type, is_grantable)
  from (
    select bool_or(is_given) as is_given, grantee, privilege_type, is_grantable from (
      select true as is_given, * from pg_catalog.aclexplode(acl) union all select false, * from pg_catalog.aclexplode(standard)
    ) sides group by grantee, privilege_type, is_grantable having count(distinct is_given) = 1
  ) differing left join pg_catalog.pg_roles on pg_roles.oid = grantee) as given
from (
  select ${kindOf('relkind')} || name as object, relacl as acl,
    pg_catalog.acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner) as standard from relations
  union all
  select 'column ' || r.name || '.' || quote_ident(a.attname), a.attacl, pg_catalog.acldefault('c', r.relowner)
  from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and not a.attisdropped
  union all select 'function ' || name, proacl, pg_catalog.acldefault('f', proowner) from routines
  union all select 'type ' || name, typacl, pg_catalog.acldefault('T', typowner) from types
  union all select 'schema ' || quote_ident(nspname), nspacl, pg_catalog.acldefault('n', nspowner) from own
) granted where acl is not null) said where given is not null
union all
select 'default privileges of ' || quote_ident(r.rolname) || coalesce(' in ' || quote_ident(n.nspname), '') || ' for ' || d.defaclobjtype::text,
  d.defaclacl::text
from pg_catalog.pg_default_acl d join pg_catalog.pg_roles r on r.oid = d.defaclrole
left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
union all
select 'settings of table ' || name, settings from (
  select r.name, nullif(concat_ws(', ',
    case when am.amname <> 'heap' then 'using ' || quote_ident(am.amname) end,
    case when r.reltablespace <> 0 then 'tablespace ' || (select quote_ident(spcname) from pg_catalog.pg_tablespace s where s.oid = r.reltablespace) end,
    (select 'toast (' || array_to_string(t.reloptions, ', ') || ')' from pg_catalog.pg_class t where t.oid = r.reltoastrelid),
    (select 'of ' || pg_catalog.format_type(r.reloftype, null) where r.reloftype <> 0),
    (select string_agg(case when i.indisclustered then 'clustered on ' else 'replica identity ' end || x.relname, ', ' order by x.relname)
     from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
     where i.indrelid = r.oid and (i.indisclustered or i.indisreplident and r.relreplident = 'i')),
    (select 'server ' || quote_ident(s.srvname) || ' options (' || coalesce(array_to_string(f.ftoptions, ', '), '') || ')'
     from pg_catalog.pg_foreign_table f join pg_catalog.pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = r.oid)), '') as settings
  from relations r left join pg_catalog.pg_am am on am.oid = r.relam where r.relkind in ('r', 'p', 'f', 'm')
) tables where settings is not null
union all
select 'settings of column ' || name, settings from (
  select r.name || '.' || quote_ident(a.attname) as name, nullif(concat_ws(', ',
    case when a.attstorage <> t.typstorage and r.relkind <> 'i' then 'storage ' || a.attstorage::text end,
    case when a.attcompression <> '' then 'compression ' || a.attcompression::text end,
    case when a.attstattarget >= 0 then 'statistics ' || a.attstattarget end,
    array_to_string(a.attoptions, ', '), array_to_string(a.attfdwoptions, ', '),
    (select concat_ws(' ', 'not null', case when not c.convalidated then 'not valid' end, case when c.connoinherit then 'no inherit' end)
     from pg_catalog.pg_constraint c where c.conrelid = r.oid and c.contype = 'n' and c.conkey = array[a.attnum]
       and (not c.convalidated or c.connoinherit)),
    case when a.attinhcount > 0 and a.attislocal then 'local too' end,
    (select 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d
     where r.relkind = 'v' and d.adrelid = r.oid and d.adnum = a.attnum)), '') as settings
  from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid where r.relkind in ('r', 'p', 'f', 'm', 'v', 'i', 'I', 'c')
) columns where settings is not null
union all
select 'sequence kind ' || name, 'unlogged' from relations where relkind = 'S' and relpersistence = 'u'
union all
select 'not populated ' || name, 'materialized view' from relations where relkind = 'm' and not relispopulated
union all
select 'triggers of constraint ' || r.name || '.' || quote_ident(c.conname), string_agg(distinct
  case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' else 'always' end, ', ')
from pg_catalog.pg_trigger t join pg_catalog.pg_constraint c on c.oid = t.tgconstraint join relations r on r.oid = c.conrelid
where t.tgisinternal and t.tgenabled <> 'O' group by r.name, c.conname
union all
select 'rule ' || r.name || '.' || quote_ident(w.rulename), concat_ws(' ', pg_catalog.pg_get_ruledef(w.oid),
  case w.ev_enabled when 'D' then '(disabled)' when 'R' then '(replica)' when 'A' then '(always)' end)
from pg_catalog.pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
union all
select 'composite type ' || r.name, string_agg(quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
where r.relkind = 'c' group by r.name
union all
select 'range type ' || t.name, concat_ws(' ', pg_catalog.format_type(g.rngsubtype, null),
  (select quote_ident(opcname) from pg_catalog.pg_opclass where oid = g.rngsubopc),
  case when g.rngcollation <> 0 then 'collate ' || g.rngcollation::regcollation end,
  case when g.rngcanonical <> 0 then 'canonical ' || g.rngcanonical end,
  case when g.rngsubdiff <> 0 then 'difference ' || g.rngsubdiff end,
  'multirange ' || pg_catalog.format_type(g.rngmultitypid, null))
from types t join pg_catalog.pg_range g on g.rngtypid = t.oid
union all
select 'collation of domain ' || name, typcollation::regcollation::text from types
where typtype = 'd' and typcollation not in (0, 100)
union all
select 'definition of aggregate ' || p.name, concat_ws(' ', g.aggtransfn, pg_catalog.format_type(g.aggtranstype, null),
  g.agginitval, nullif(g.aggfinalfn, 0)::regproc, nullif(g.aggcombinefn, 0)::regproc, nullif(g.aggsortop, 0)::regoperator, g.aggkind)
from routines p join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid
union all
select 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname), concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(s.oid),
  case when s.stxstattarget >= 0 then 'target ' || s.stxstattarget end)
from pg_catalog.pg_statistic_ext s join own n on n.oid = s.stxnamespace
union all
select 'publication ' || quote_ident(p.pubname), concat_ws(' ', case when p.puballtables then 'all tables' end,
  concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end,
    case when pubtruncate then 'truncate' end), case when pubviaroot then 'via root' end,
  (select string_agg(concat_ws(' ', r.prrelid::regclass, r.prattrs::text, 'where ' || pg_catalog.pg_get_expr(r.prqual, r.prrelid)), '; ' order by r.prrelid::regclass::text)
   from pg_catalog.pg_publication_rel r where r.prpubid = p.oid),
  (select 'schemas ' || string_agg(s.pnnspid::regnamespace::text, ', ' order by s.pnnspid::regnamespace::text)
   from pg_catalog.pg_publication_namespace s where s.pnpubid = p.oid))
from pg_catalog.pg_publication p
union all
select 'event trigger ' || quote_ident(evtname), concat_ws(' ', evtevent, evtfoid::regproc, array_to_string(evttags, ', '), evtenabled)
from pg_catalog.pg_event_trigger e where not exists (select from extended x where x.classid = 'pg_catalog.pg_event_trigger'::regclass and x.objid = e.oid)
union all
select 'version of extension ' || quote_ident(extname), concat_ws(' in ', extversion, extnamespace::regnamespace)
from pg_catalog.pg_extension where extname <> 'plpgsql'
union all
select 'role ' || quote_ident(r.rolname), concat_ws(' ', case when rolsuper then 'superuser' end,
  case when rolinherit then 'inherit' end, case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
  case when rolcanlogin then 'login' end, case when rolreplication then 'replication' end, case when rolbypassrls then 'bypassrls' end,
  (select 'in ' || string_agg(quote_ident(g.rolname), ', ' order by g.rolname)
   from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid where m.member = r.oid))
from pg_catalog.pg_roles r where r.oid >= 16384 and r.rolname <> session_user
union all
select 'setting of ' || coalesce('database ' || quote_ident(d.datname), 'all databases') || coalesce(' for ' || quote_ident(r.rolname), ''),
  array_to_string(s.setconfig, ', ')
from pg_catalog.pg_db_role_setting s left join pg_catalog.pg_database d on d.oid = s.setdatabase
left join pg_catalog.pg_roles r on r.oid = s.setrole
where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
union all
select (pg_catalog.pg_identify_object(o.classid, o.oid, 0)).type || ' ' || (pg_catalog.pg_identify_object(o.classid, o.oid, 0)).identity, o.definition
from (
  select 'pg_catalog.pg_operator'::regclass as classid, oid, concat_ws(' ', oprcode, oprcom, oprnegate, oprrest, oprjoin) as definition from pg_catalog.pg_operator
  union all select 'pg_catalog.pg_cast'::regclass, oid, concat_ws(' ', castfunc::regprocedure, castcontext, castmethod) from pg_catalog.pg_cast
  union all select 'pg_catalog.pg_collation'::regclass, oid, concat_ws(' ', collprovider, collisdeterministic, collcollate, collctype) from pg_catalog.pg_collation
  union all select 'pg_catalog.pg_opclass'::regclass, oid, concat_ws(' ', opcintype::regtype, opcdefault) from pg_catalog.pg_opclass
  union all select 'pg_catalog.pg_ts_config'::regclass, oid, (select string_agg(maptokentype || ' ' || mapdict::regdictionary, ', ' order by maptokentype, mapseqno)
    from pg_catalog.pg_ts_config_map where mapcfg = c.oid) from pg_catalog.pg_ts_config c
  union all select 'pg_catalog.pg_ts_dict'::regclass, oid, dictinitoption from pg_catalog.pg_ts_dict
  union all select 'pg_catalog.pg_foreign_server'::regclass, oid, concat_ws(' ', srvtype, srvversion, array_to_string(srvoptions, ', ')) from pg_catalog.pg_foreign_server
  union all select 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, array_to_string(fdwoptions, ', ') from pg_catalog.pg_foreign_data_wrapper
) o
where o.oid >= 16384 and not exists (select from extended e where e.classid = o.classid and e.objid = o.oid)
union all
select 'comment on ' || i.type || ' ' || i.identity, quote_literal(d.description)
from pg_catalog.pg_description d cross join lateral pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
where d.objoid >= 16384 and d.classoid not in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass)
  and not exists (select from extended e where e.classid = d.classoid and e.objid = d.objoid)`;
