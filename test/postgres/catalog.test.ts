import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diffCatalogs, readCatalog } from '../../src/postgres/catalog.ts';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { EIGHTEEN } from './engines/installed.ts';

describe.each(EIGHTEEN)('on %s', (_, start) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  }, 600_000);
  afterAll(() => engine.close());
  beforeEach(() =>
    engine.exec('drop schema if exists app cascade; drop schema public cascade; create schema public;'),
  );

  /** What the statements add to an empty database. */
  async function added(sql: string): Promise<Record<string, string>> {
    const before = await readCatalog(engine);
    await engine.exec(sql);
    const after = await readCatalog(engine);
    return Object.fromEntries(
      diffCatalogs(before, after).map(({ object, actual }) => [object, actual ?? '']),
    );
  }

  describe('a catalog', () => {
    it('has a table with its columns, constraints and indexes', async () => {
      expect(
        await added(`create table users (
        id bigint generated always as identity primary key,
        email varchar(100) not null default '' collate "C" unique,
        total numeric(10, 2) check (total > 0),
        twice int generated always as (length(email) * 2) stored)`),
      ).toEqual({
        'table public.users': 'table',
        'column public.users.id': 'bigint not null generated always as identity',
        'column public.users.email': `character varying(100) collate "C" not null default ''::character varying`,
        'column public.users.total': 'numeric(10,2)',
        'column public.users.twice': 'integer generated always as ((length((email)::text) * 2)) stored',
        'constraint public.users.users_pkey': 'PRIMARY KEY (id)',
        'constraint public.users.users_email_key': 'UNIQUE (email)',
        'constraint public.users.users_total_check': 'CHECK ((total > (0)::numeric))',
        'index public.users_pkey': 'CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)',
        'index public.users_email_key':
          'CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)',
        'sequence public.users_id_seq':
          'bigint start 1 increment 1 min 1 max 9223372036854775807 cache 1 owned by public.users.id',
      });
    });

    it('tells a constraint and an index that are not valid', async () => {
      const catalog = await added(
        'create table p (id int primary key); create table c (p int); alter table c add constraint c_p foreign key (p) references p not valid;',
      );
      expect(catalog['constraint public.c.c_p']).toBe(
        'FOREIGN KEY (p) REFERENCES public.p(id) NOT VALID (not validated)',
      );
    });

    it('has enums in their order, domains with their checks, and comments', async () => {
      const catalog =
        await added(`create type mood as enum ('sad', 'ok'); alter type mood add value 'meh' before 'ok';
      create domain age as int not null default 1 check (value > 0);
      create table t (m mood); comment on table t is 'it''s'; comment on column t.m is 'how'`);
      expect(catalog['enum public.mood']).toBe("'sad', 'meh', 'ok'");
      expect(catalog['domain public.age']).toBe('integer not null default 1 age_check CHECK ((VALUE > 0))');
      expect(catalog['comment on table public.t']).toBe("'it''s'");
      expect(catalog['comment on column public.t.m']).toBe("'how'");
    });

    it('has views, functions, triggers, policies and row security', async () => {
      const catalog = await added(
        `create table t (a int); alter table t enable row level security;
      create view v as select a from t; create materialized view m as select 1 as one;
      create function f(x int) returns trigger language plpgsql as 'begin return new; end' ;`.replace(
          '(x int)',
          '()',
        ),
      );
      await engine.exec('create trigger g before insert on t for each row execute function f()');
      await engine.exec('create policy own on t for select using (a > 0)');
      const all = await readCatalog(engine);
      expect(catalog['table public.t']).toBe('table row level security');
      expect(catalog['view public.v']).toContain('FROM public.t');
      expect(catalog['materialized view public.m']).toContain('1 AS one');
      expect(catalog['function public.f()']).toContain('begin return new; end');
      expect(all.get('trigger public.t.g')).toContain('BEFORE INSERT ON public.t');
      expect(all.get('policy public.t.own')).toBe('permissive select to public using (a > 0)');
    });

    it('has partitions, and several schemas', async () => {
      const catalog = await added(`create schema app; create table app.p (a int) partition by range (a);
      create table app.p1 partition of app.p for values from (0) to (10);`);
      expect(catalog['table app.p']).toBe('partitioned table by RANGE (a)');
      expect(catalog['table app.p1']).toBe('table of app.p FOR VALUES FROM (0) TO (10)');
      expect(catalog['schema app']).toBe('schema');
    });

    it('leaves out no schema, and keeps the search path of the session', async () => {
      await engine.exec('create schema app; create table app.t (a int); set search_path to app, public');
      const catalog = await readCatalog(engine);
      expect([...catalog.keys()]).toEqual(expect.arrayContaining(['table app.t', 'column app.t.a']));
      expect(await engine.query('show search_path')).toEqual([{ search_path: 'app, public' }]);
      await engine.exec('reset search_path');
    });

    it('is the same after a change and its opposite', async () => {
      await engine.exec('create table t (a int, b text)');
      const before = await readCatalog(engine);
      await engine.exec(
        'alter table t add c int default 3; create index on t (b); alter table t drop c; drop index t_b_idx',
      );
      expect(diffCatalogs(before, await readCatalog(engine))).toEqual([]);
    });
  });
});
