import { quoteIdentifier } from '../quote.ts';
import { type Engine, SqlFailure } from './engine.ts';

type Queries = Pick<Engine, 'query' | 'exec'>;

/** Something in a database that an empty one does not have. */
export interface Content {
  /** `table public.users`, as people read it. */
  readonly name: string;
  readonly drop: string;
}

/** What a database and its server had before anything was done. */
export interface Belongings {
  readonly schemas: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string>;
  /** Of the whole server, as the databases are. */
  readonly roles: ReadonlySet<string>;
  readonly databases: ReadonlySet<string>;
}

export async function readBelongings(queries: Queries): Promise<Belongings> {
  const rows = await queries.query<{ kind: keyof Belongings; name: string }>(
    `select 'schemas' as kind, nspname::text as name from pg_catalog.pg_namespace where nspname !~ '^pg_'
     union all select 'extensions', extname::text from pg_catalog.pg_extension
     union all select 'roles', rolname::text from pg_catalog.pg_roles
     union all select 'databases', datname::text from pg_catalog.pg_database`,
  );
  const of = (kind: keyof Belongings) =>
    new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name));
  return {
    schemas: of('schemas'),
    extensions: of('extensions'),
    roles: of('roles'),
    databases: of('databases'),
  };
}

/**
 * What a database has that a new one has not, in the order in which it can be dropped: whatever is in a schema (tables,
 * views, types, functions …), schemas, and what is in none: event triggers, publications, subscriptions, foreign servers,
 * languages, casts, large objects … What belongs to an extension does not count, nor do the schemas that extensions are in.
 */
export async function readContents(queries: Queries): Promise<Content[]> {
  return queries.query<Content>(CONTENTS);
}

/**
 * Drops everything but `kept`, and the roles and databases that `scripts` created; those belong to the whole server, and
 * another session may have made others meanwhile. Returns what is still there, in words.
 */
export async function removeContents(
  queries: Queries,
  kept: Belongings,
  scripts: readonly string[],
): Promise<string[]> {
  await queries.exec('rollback');
  await queries.exec('set session authorization default');
  await queries.exec('reset all');
  for (const { drop } of await readContents(queries)) await attempt(queries, drop);
  const now = await readBelongings(queries);
  const extensions = [...now.extensions].filter((name) => !kept.extensions.has(name));
  for (const name of extensions) await attempt(queries, `drop extension ${quoteIdentifier(name)} cascade`);
  // A schema that an extension of the migrations was in counts only now.
  const schemas = [...now.schemas].filter((name) => !kept.schemas.has(name));
  for (const name of schemas)
    await attempt(queries, `drop schema if exists ${quoteIdentifier(name)} cascade`);
  if (kept.schemas.has('public') && !now.schemas.has('public'))
    await attempt(queries, 'create schema public');
  const made = (before: ReadonlySet<string>, all: ReadonlySet<string>) =>
    [...all].filter((name) => !before.has(name) && createdBy(scripts, name));
  const databases = made(kept.databases, now.databases);
  for (const name of databases) await attempt(queries, `drop database ${quoteIdentifier(name)}`);
  const roles = made(kept.roles, now.roles);
  for (const name of roles) {
    await attempt(queries, `drop owned by ${quoteIdentifier(name)} cascade`);
    await attempt(queries, `drop role ${quoteIdentifier(name)}`);
  }
  const left = await readBelongings(queries);
  return [
    ...(await readContents(queries)).map(({ name }) => name),
    ...extensions.filter((name) => left.extensions.has(name)).map((name) => `extension ${name}`),
    ...databases.filter((name) => left.databases.has(name)).map((name) => `database ${name}`),
    ...roles.filter((name) => left.roles.has(name)).map((name) => `role ${name}`),
  ];
}

const CREATES = /\bcreate\s+(?:role|user|group|database)\b/i;

function createdBy(scripts: readonly string[], name: string): boolean {
  return scripts.some((sql) => CREATES.test(sql) && sql.toLowerCase().includes(name.toLowerCase()));
}

/** What cannot be dropped is found by looking again. */
async function attempt(queries: Queries, sql: string): Promise<void> {
  try {
    await queries.exec(sql);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
  }
}

/**
 * Whatever is in a schema depends on it in pg_depend; what is dropped with something else (`a`, `i`, `P`, `S`) or is an
 * extension's (`e`) is left out.
 */
const CONTENTS = `
with own as (
  select oid, nspname from pg_catalog.pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'
),
owned as (select classid, objid from pg_catalog.pg_depend where objsubid = 0 and deptype in ('a', 'i', 'P', 'S', 'e')),
extended as (select classid, objid from pg_catalog.pg_depend where deptype = 'e'),
loose as (
  select 'pg_event_trigger'::regclass as classid, oid from pg_catalog.pg_event_trigger
  union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_catalog.pg_foreign_data_wrapper
  union all select 'pg_foreign_server'::regclass, oid from pg_catalog.pg_foreign_server
  union all select 'pg_language'::regclass, oid from pg_catalog.pg_language
  union all select 'pg_am'::regclass, oid from pg_catalog.pg_am
  union all select 'pg_cast'::regclass, oid from pg_catalog.pg_cast
  union all select 'pg_transform'::regclass, oid from pg_catalog.pg_transform
)
select i.type || ' ' || i.identity as name,
  format('drop %s if exists %s cascade', replace(i.type, 'foreign-data', 'foreign data'), i.identity) as drop,
  case l.classid when 'pg_event_trigger'::regclass then 1 else 4 end as turn
from loose l cross join lateral pg_catalog.pg_identify_object(l.classid, l.oid, 0) i
where l.oid >= 16384 and not exists (select from extended e where e.classid = l.classid and e.objid = l.oid)
union all
select i.type || ' ' || i.identity,
  format('drop %s if exists %s cascade', case i.type when 'statistics object' then 'statistics' else i.type end, i.identity), 2
from pg_catalog.pg_depend d
join own n on n.oid = d.refobjid
cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
where d.refclassid = 'pg_namespace'::regclass and d.deptype = 'n' and d.classid <> 'pg_extension'::regclass
  and not exists (select from owned o where o.classid = d.classid and o.objid = d.objid)
union all
select 'schema ' || nspname, format('drop schema if exists %I cascade', nspname), 3 from own
where nspname <> 'public' and oid not in (select extnamespace from pg_catalog.pg_extension)
  and not exists (select from extended e where e.classid = 'pg_namespace'::regclass and e.objid = own.oid)
union all
select 'publication ' || pubname, format('drop publication if exists %I', pubname), 4 from pg_catalog.pg_publication
union all
select 'subscription ' || subname, format('drop subscription if exists %I', subname), 4
from pg_catalog.pg_subscription
where subdbid = (select oid from pg_catalog.pg_database where datname = current_database())
union all
select 'large object ' || oid, format('select pg_catalog.lo_unlink(%s)', oid), 4 from pg_catalog.pg_largeobject_metadata
order by turn, name`;
