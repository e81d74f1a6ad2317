import type { PGlite } from '@electric-sql/pglite';

/** What a database has, object by object, through Postgres' own functions; equal texts mean equal schemas. */
export async function catalog(db: PGlite): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`
    select format('column %s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity) as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select 'schema ' || nspname from pg_namespace where nspname in ('audit', 'billing')
    union all select format('table %s', oid::regclass) from pg_class where relkind = 'r'
      and relnamespace in (select oid from pg_namespace where nspname in ('audit', 'billing'))
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all select format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder))
      from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname
    order by 1`);
  return rows.map(({ line }) => line);
}

/** An empty database: whatever an earlier scenario left is gone. */
export async function empty(db: PGlite): Promise<void> {
  await db.exec(
    'drop schema if exists public cascade; drop schema if exists audit cascade; drop schema if exists billing cascade; create schema public; set search_path = public;',
  );
}

/** Runs a migration file statement by statement. */
export async function run(db: PGlite, sql: string): Promise<void> {
  for (const statement of sql.split('--> statement-breakpoint')) await db.exec(statement);
}
