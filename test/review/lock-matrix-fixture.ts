import type { ColumnDef, DatabaseSchema, TableDef } from '../../src/plan/database-schema.ts';

/** The database of the lock matrix (safety.md, section 2). */
export const FIXTURE = `
create type st as enum ('a', 'b');
create domain dom as int;
create table p (id int primary key);
create table t (
  id int primary key, a int, v varchar(50), tx text, n int not null, pid int, num numeric(10, 2), bi bigint,
  sm smallint, ts timestamp, c8 cidr, ci char(4), j jsonb, e st, u uuid
);
create index t_a_idx on t (a);
create index t_v_idx on t (v);
create table ref (id int primary key, tid int references t (id));
create table part (id int, d int) partition by range (d);
create table part1 partition of part for values from (0) to (100);
create table loose (id int, d int);
create table td (x dom);
insert into p select i from generate_series(1, 10) i;
insert into t select i, i, 'v' || i, 'tx', i, 1, 1, 1, 1, '2026-01-01', '10.0.0.0/8', 'abc', '{}', 'a', gen_random_uuid()
  from generate_series(1, 1000) i;
insert into ref select i, i from generate_series(1, 10) i;
insert into part select i, i from generate_series(0, 99) i;
insert into loose select i, i + 99 from generate_series(1, 100) i;
insert into td select i from generate_series(1, 10) i;
create view vw as select n from t;
create materialized view mv as select n from t;
create unique index mv_u on mv (n);
create function trf() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger trg before update on t for each row execute function trf();
analyze;`;

function table(name: string, columns: Readonly<Record<string, string>>): TableDef {
  return {
    schema: 'public',
    name,
    columns: Object.entries(columns).map(([column, type]): ColumnDef => ({
      name: column,
      type: type.replace(' not null', ''),
      notNull: type.endsWith(' not null'),
    })),
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
  };
}

function index(name: string, column: string): TableDef['indexes'][number] {
  return {
    name,
    unique: false,
    columns: [{ expression: column, isExpression: false, order: 'asc', nulls: 'last' }],
    using: 'btree',
    concurrently: false,
  };
}

/** The same, as a schema. */
export const SCHEMA: DatabaseSchema = {
  tables: [
    {
      ...table('p', { id: 'integer not null' }),
      primaryKey: { name: 'p_pkey', named: false, columns: ['id'] },
    },
    {
      ...table('t', {
        id: 'integer not null',
        a: 'integer',
        v: 'varchar(50)',
        tx: 'text',
        n: 'integer not null',
        pid: 'integer',
        num: 'numeric(10, 2)',
        bi: 'bigint',
        sm: 'smallint',
        ts: 'timestamp',
        c8: 'cidr',
        ci: 'char(4)',
        j: 'jsonb',
        e: 'st',
        u: 'uuid',
      }),
      primaryKey: { name: 't_pkey', named: false, columns: ['id'] },
      indexes: [index('t_a_idx', 'a'), index('t_v_idx', 'v')],
    },
    {
      ...table('ref', { id: 'integer not null', tid: 'integer' }),
      primaryKey: { name: 'ref_pkey', named: false, columns: ['id'] },
      foreignKeys: [
        {
          name: 'ref_tid_fkey',
          named: false,
          columns: ['tid'],
          references: { schema: 'public', name: 't', columns: ['id'] },
          onDelete: 'no action',
          onUpdate: 'no action',
        },
      ],
    },
    table('part', { id: 'integer', d: 'integer' }),
    table('part1', { id: 'integer', d: 'integer' }),
    table('loose', { id: 'integer', d: 'integer' }),
    table('td', { x: 'dom' }),
  ],
  enums: [{ schema: 'public', name: 'st', values: ['a', 'b'] }],
  schemas: [],
  views: ['public.vw', 'public.mv'],
};
