import type { Engine } from '../postgres/engines/engine.ts';
import type { TableRef } from '../review/operation.ts';

export interface ColumnFacts {
  readonly name: string;
  /** `character varying(100)`, as Postgres prints it. */
  readonly type: string;
  /** Internal name of the type, or of what a domain is made of: `int4`, `varchar`, `mood`. */
  readonly base: string;
  /** Kind of the base type: `b` base, `e` enum, `c` composite, `r` range, `m` multirange; arrays have `isArray`. */
  readonly kind: string;
  readonly isArray: boolean;
  /** `n` of varchar(n), char(n), bit(n); undefined where there is none. */
  readonly length: number | undefined;
  /** Precision and scale of a numeric. */
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Postgres fills it and takes no value: generated, or identity ALWAYS. */
  readonly isFilled: boolean;
  readonly labels: readonly string[];
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly table: TableRef;
  readonly tableOid: number;
  readonly refColumns: readonly string[];
}

export interface TableFacts {
  readonly oid: number;
  readonly table: TableRef;
  readonly columns: readonly ColumnFacts[];
  /** Column lists that must be unique, the primary key among them; partial and expression indexes are left out. */
  readonly uniques: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  /** Definitions of its checks (and of its domains'), for the constants in them. */
  readonly checks: readonly string[];
}

/**
 * What has to be known of ordinary tables to put rows into them: of the `wanted` ones, and of all that they refer to. Tables
 * that are not there, and partitions, are left out.
 */
export async function readTableFacts(engine: Engine, wanted: readonly TableRef[]): Promise<TableFacts[]> {
  const tables = await engine.query<{ oid: number; schema: string; name: string }>(
    `with recursive wanted(oid) as (
       select c.oid from json_array_elements($1::json) w
       join pg_namespace n on n.nspname = w ->> 'schema' join pg_class c on c.relnamespace = n.oid and c.relname = w ->> 'name'
       union select f.confrelid from wanted w join pg_constraint f on f.conrelid = w.oid and f.contype = 'f' and f.conparentid = 0
     )
     select c.oid::int8::int4 as oid, n.nspname as schema, c.relname as name
     from wanted w join pg_class c on c.oid = w.oid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by c.oid`,
    [JSON.stringify(wanted.map(({ schema = 'public', name }) => ({ schema, name })))],
  );
  const among = `= any ('{${tables.map(({ oid }) => oid >>> 0).join()}}'::oid[])`;
  const columns = await engine.query<
    Omit<ColumnFacts, 'length' | 'precision' | 'scale' | 'labels'> & {
      oid: number;
      typmod: number;
      labels: string[] | null;
    }
  >(
    `select a.attrelid::int8::int4 as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       b.typname as base, b.typtype as kind, t.typelem <> 0 and t.typlen = -1 and t.typcategory = 'A' as "isArray",
       case when a.atttypmod > -1 then a.atttypmod else d.typtypmod end as typmod,
       a.attnotnull or d.typnotnull as "notNull", a.atthasdef or a.attidentity <> '' or d.typdefault is not null as "hasDefault",
       a.attgenerated <> '' or a.attidentity = 'a' as "isFilled",
       (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = b.oid) as labels
     from pg_attribute a
     join pg_type d on d.oid = a.atttypid
     join pg_type t on t.oid = case when d.typtype = 'd' then d.typbasetype else d.oid end
     join pg_type b on b.oid = case when t.typcategory = 'A' and t.typelem <> 0 and t.typlen = -1 then t.typelem else t.oid end
     where a.attrelid ${among} and a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum`,
  );
  const names = `array(select a.attname::text from unnest(%) with ordinality k(n, i)
    join pg_attribute a on a.attrelid = $ and a.attnum = k.n order by k.i)`;
  const list = (keys: string, relation: string) => names.replace('%', keys).replace('$', relation);
  const uniques = await engine.query<{ oid: number; columns: string[] }>(
    `select i.indrelid::int8::int4 as oid, ${list('i.indkey::int2[]', 'i.indrelid')} as columns from pg_index i
     where i.indrelid ${among} and i.indisunique and i.indpred is null and i.indexprs is null`,
  );
  const keys = await engine.query<{
    oid: number;
    columns: string[];
    schema: string;
    name: string;
    tableOid: number;
    refColumns: string[];
  }>(
    `select f.conrelid::int8::int4 as oid, ${list('f.conkey', 'f.conrelid')} as columns, n.nspname as schema,
       c.relname as name, c.oid::int8::int4 as "tableOid", ${list('f.confkey', 'f.confrelid')} as "refColumns"
     from pg_constraint f join pg_class c on c.oid = f.confrelid join pg_namespace n on n.oid = c.relnamespace
     where f.conrelid ${among} and f.contype = 'f' and f.conparentid = 0`,
  );
  const checks = await engine.query<{ oid: number; text: string }>(
    `select conrelid::int8::int4 as oid, pg_get_constraintdef(oid) as text from pg_constraint where contype = 'c' and conrelid ${among}
     union all select a.attrelid::int8::int4, replace(pg_get_constraintdef(k.oid), 'VALUE', quote_ident(a.attname)) from pg_constraint k
     join pg_attribute a on a.atttypid = k.contypid where k.contype = 'c' and a.attrelid ${among}`,
  );
  return tables.map(({ oid, schema, name }) => ({
    oid,
    table: { schema, name },
    columns: columns
      .filter((column) => column.oid === oid)
      .map(({ typmod, labels, ...column }) => ({
        ...column,
        ...modifiers(column.base, typmod),
        labels: labels ?? [],
      })),
    uniques: uniques.filter((unique) => unique.oid === oid).map((unique) => unique.columns),
    foreignKeys: keys
      .filter((key) => key.oid === oid)
      .map((key) => ({
        columns: key.columns,
        table: { schema: key.schema, name: key.name },
        tableOid: key.tableOid,
        refColumns: key.refColumns,
      })),
    checks: checks.filter((check) => check.oid === oid).map(({ text }) => text),
  }));
}

/** What a type modifier says (src/include/utils, the types' own encodings). */
function modifiers(base: string, typmod: number): Pick<ColumnFacts, 'length' | 'precision' | 'scale'> {
  const none = { length: undefined, precision: undefined, scale: undefined };
  if (typmod < 0) return none;
  if (base === 'varchar' || base === 'bpchar') return { ...none, length: typmod - 4 };
  if (base === 'bit' || base === 'varbit' || base === 'vector') return { ...none, length: typmod };
  if (base !== 'numeric') return none;
  // The scale is a signed number of eleven bits.
  const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
  return { ...none, precision: ((typmod - 4) >> 16) & 0xffff, scale };
}
