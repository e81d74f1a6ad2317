import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startMajor } from './installed.ts';

const TOUCHED = '/tmp/tp-embedded-role';

/** Before 16 who may create roles may grant any of them; 18 is what is installed. */
describe.each([15, 18] as const)('what is rehearsed on an embedded PostgreSQL %i', (major) => {
  let engine: Engine;
  beforeAll(async () => {
    rmSync(TOUCHED, { force: true });
    engine = await startMajor(major);
  }, 600_000);
  afterAll(() => engine.close());

  it('is no superuser', async () => {
    expect(
      await engine.query('select rolsuper from pg_roles where rolname in (current_user, session_user)'),
    ).toEqual([{ rolsuper: false }]);
  });

  it.each([
    `copy (select 1) to program 'touch ${TOUCHED}'`,
    `do $$ begin execute 'copy (select 1) to program ''touch ${TOUCHED}'''; end $$`,
    `copy (select 1) to '${TOUCHED}'`,
    "create temp table t (line text); copy t from '/etc/passwd'",
    "create temp table t (line text default pg_read_file('/etc/passwd')); insert into t default values",
    "select pg_ls_dir('/')",
    "select pg_stat_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    `select lo_export(lo_from_bytea(0, 'x'), '${TOUCHED}')`,
    "create function f() returns int language c as '/lib/x86_64-linux-gnu/libc.so.6', 'getpid'",
    "create function f(text) returns text language internal as 'pg_read_file'",
    "load '/lib/x86_64-linux-gnu/libc.so.6'",
    'create extension dblink',
    'create extension postgres_fdw',
    'create extension file_fdw',
    'create extension plpython3u',
    "alter system set archive_command to 'touch x'",
    "create tablespace t location '/tmp'",
    "create subscription s connection 'host=192.0.2.1' publication p with (connect = false)",
    'set role tableplan_owner',
    'set session authorization tableplan_owner',
    'grant tableplan_owner to postgres',
    "alter role tableplan_owner password 'known'",
    'alter role postgres superuser',
    'create role r superuser',
    'update pg_authid set rolsuper = true',
  ])('may not %s', async (sql) => {
    await expect(engine.exec(sql)).rejects.toMatchObject({ sqlstate: '42501' });
  });

  it.each(['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'])(
    'is not granted %s',
    async (role) => {
      await expect(engine.exec(`grant ${role} to postgres`)).rejects.toThrow('does not exist');
    },
  );

  it.each(
    [
      'create extension citext; create extension hstore; create extension "uuid-ossp"; create extension pgcrypto',
      'create role reader; grant usage on schema public to reader; create schema app authorization reader; drop schema app; drop owned by reader; drop role reader',
      'create publication few',
      'create database other',
      'drop database other',
      "comment on extension plpgsql is 'x'; alter schema public owner to postgres; grant all on schema public to public",
      'create table t (a int); alter table t owner to postgres; alter table t enable row level security; drop table t',
      "set session_replication_role = 'replica'; set session_replication_role = 'origin'",
    ].filter((sql) => major >= 16 || !sql.includes('authorization')),
  )('may %s', async (sql) => {
    await engine.exec(sql);
  });

  it('has touched nothing of the host', () => {
    expect(existsSync(TOUCHED)).toBe(false);
  });
});
