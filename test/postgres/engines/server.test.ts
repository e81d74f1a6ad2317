import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/limits.ts';
import { runRehearseCommand } from '../../../src/commands/rehearse.ts';
import type { Connection } from '../../../src/postgres/engines/connection.ts';
import { readBelongings, readContents } from '../../../src/postgres/engines/contents.ts';
import { startServer } from '../../../src/postgres/engines/server.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { reviewProject } from '../../commands/review-project.ts';
import { consumerEnv } from '../../e2e/consumer-env.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let admin: Connection;
/** A connection to the database of each test. */
let inside: Connection;
const DATABASE = 'rehearsal';

beforeAll(async () => {
  await loadSqlParser();
  server = await startTestServer();
  admin = await server.admin();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});
beforeEach(async () => {
  await admin.exec(`create database ${DATABASE}`);
  inside = await server.admin(DATABASE);
});
afterEach(async () => {
  await inside.end();
  await admin.exec(`drop database ${DATABASE} with (force)`);
});

const start = () => startServer(server.url(DATABASE));

/** Each kind of thing that a database can have: what is made, and what it is called when it stands in the way. */
const KINDS: readonly (readonly [sql: string, name: string])[] = [
  ['create table users (id int)', 'table public.users'],
  ['create table users (id int) partition by list (id)', 'table public.users'],
  ['create view v as select 1 as a', 'view public.v'],
  ['create materialized view m as select 1 as a', 'materialized view public.m'],
  ['create sequence s', 'sequence public.s'],
  ["create type mood as enum ('ok')", 'type public.mood'],
  ['create type pair as (a int, b int)', 'type public.pair'],
  ['create type span as range (subtype = date)', 'type public.span'],
  ['create domain age as int', 'type public.age'],
  ['create function f() returns int language sql return 1', 'function public.f()'],
  ['create procedure p() language sql begin atomic select 1; end', 'procedure public.p()'],
  ['create aggregate total(int) (sfunc = int4pl, stype = int)', 'aggregate public.total(integer)'],
  [
    'create operator === (function = int4eq, leftarg = int, rightarg = int)',
    'operator public.===(integer,integer)',
  ],
  ['create operator family fam using btree', 'operator family public.fam USING btree'],
  ["create collation c (locale = 'C')", 'collation public.c'],
  ['create text search configuration t (copy = english)', 'text search configuration public.t'],
  ['create schema app', 'schema app'],
  ['create schema app; create table app.users (id int)', 'table app.users'],
  ['create publication everything for all tables', 'publication everything'],
  ['create foreign data wrapper w', 'foreign-data wrapper w'],
  ['create foreign data wrapper w; create server s foreign data wrapper w', 'server s'],
  [
    "create function e() returns event_trigger language plpgsql as 'begin end'; create event trigger g on ddl_command_end execute function e()",
    'event trigger g',
  ],
  [
    'create function c(text) returns int language sql return 1; create cast (text as int) with function c(text)',
    'cast (pg_catalog.text AS integer)',
  ],
  ['select lo_create(4242)', 'large object 4242'],
];

describe('a database that is named', () => {
  it.each(KINDS)('is refused with %s', async (sql, name) => {
    await inside.exec(sql);
    const before = await readContents(inside);
    expect(before.map((content) => content.name)).toContain(name);
    await expect(start()).rejects.toMatchObject({
      code: 'engine-not-empty',
      message: expect.stringContaining(name) as string,
    });
    expect(await readContents(inside)).toEqual(before);
  });

  it('is refused when new databases are copied from it', async () => {
    await expect(startServer(server.url('template1'))).rejects.toMatchObject({
      code: 'engine-not-empty',
      message: expect.stringContaining('new databases are copied from it') as string,
    });
  });

  it('is refused while another rehearsal is in it', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      message: expect.stringContaining('another rehearsal is under way') as string,
    });
    await first.close();
    await (await start()).close();
  });

  it('may have extensions', async () => {
    await inside.exec('create extension citext; create schema ext; create extension hstore schema ext');
    const engine = await start();
    await engine.exec('create table t (name citext, more ext.hstore)');
    await engine.close();
    expect(await readContents(inside)).toEqual([]);
    expect((await readBelongings(inside)).extensions).toEqual(new Set(['plpgsql', 'citext', 'hstore']));
  });
});

describe('a rehearsal in it', () => {
  it.each(KINDS)('leaves it empty after %s', async (sql) => {
    const before = await readBelongings(inside);
    const engine = await start();
    await engine.exec(sql);
    await engine.close();
    expect(await readContents(inside)).toEqual([]);
    expect(await readBelongings(inside)).toEqual(before);
  });

  it('takes away roles, extensions and schemas, whatever they own or were granted', async () => {
    const before = await readBelongings(inside);
    const engine = await start();
    await engine.exec(`create role tp_reader; create schema app authorization tp_reader; create schema ext;
      create extension hstore schema ext; create table app.t (a ext.hstore); alter table app.t owner to tp_reader;
      grant usage on schema public to tp_reader; alter default privileges grant select on tables to tp_reader;
      do $$ begin execute 'create role tp_writer in role tp_reader'; end $$;`);
    await engine.exec('begin; create table half (a int)');
    await engine.close();
    expect(await readBelongings(inside)).toEqual(before);
    expect(await readContents(inside)).toEqual([]);
    await engine.close();
  });

  it('takes no more statements once it has ended', async () => {
    const engine = await start();
    const closing = engine.close();
    await expect(engine.exec('create table late (a int)')).rejects.toThrow('has ended');
    await closing;
    expect(await readContents(inside)).toEqual([]);
  });

  it('brings back the schema public', async () => {
    const engine = await start();
    await engine.exec('drop schema public cascade');
    await engine.close();
    expect((await readBelongings(inside)).schemas).toContain('public');
  });

  it.each([
    'alter role tp_owner set search_path to x',
    'alter role all set search_path to x',
    'alter role current_user set search_path to x',
    'drop role tp_owner',
    'drop user tp_owner',
    'drop owned by tp_owner',
    'alter role tp_owner rename to other',
    "comment on role tp_owner is 'x'",
    'grant tp_owner to postgres',
    'drop database postgres',
    'alter database postgres set work_mem to 1',
    'alter database postgres owner to tp_owner',
    'grant connect on database postgres to tp_owner',
    "alter system set work_mem to '1GB'",
    "create tablespace t location '/tmp'",
  ])('does not run "%s", which is about the whole server', async (sql) => {
    await admin.exec('create role tp_owner');
    const engine = await start();
    try {
      await expect(engine.exec(`create table t (a int); ${sql}`)).rejects.toMatchObject({
        sqlstate: '42501',
      });
      await engine.exec('create role tp_own; alter role tp_own set work_mem to 100; drop role tp_own');
    } finally {
      await engine.close();
      await admin.exec('drop role tp_owner');
    }
    expect(await readContents(inside)).toEqual([]);
  });
});

describe('a statement that leaves the database', () => {
  it.each([
    "copy (select 1) to program 'touch /tmp/tp-server-access'",
    "do $$ begin execute 'copy (select 1) to program ''touch /tmp/tp-server-access'''; end $$",
    "create table t (a text default pg_read_file('/etc/passwd'))",
    "create function f() returns text language plpgsql as $$ begin return pg_ls_dir('/'); end $$",
    'create extension dblink',
  ])('is not run: %s', async (sql) => {
    const engine = await start();
    await expect(engine.exec(`create table before (a int); ${sql}`)).rejects.toMatchObject({
      sqlstate: '42501',
      message: expect.stringContaining('would leave the database') as string,
    });
    await engine.close();
    expect(await readContents(inside)).toEqual([]);
    expect(existsSync('/tmp/tp-server-access')).toBe(false);
  });
});

describe('a statement that never ends', () => {
  it.each([
    'select pg_sleep(100000)',
    'do $$ begin loop begin perform pg_sleep(100); exception when query_canceled then null; end; end loop; end $$',
  ])('is ended, and leaves the database empty: %s', async (statement) => {
    const engine = await startServer(server.url(DATABASE), { ...DEFAULT_LIMITS, timeoutMs: 500 });
    await engine.exec('create table left_behind (a int)');
    await expect(engine.exec(statement)).rejects.toMatchObject({
      code: 'limit-exceeded',
      reached: { limit: 'time', statement },
    });
    await engine.close();
    expect(await readContents(inside)).toEqual([]);
  });
});

describe('the connection', () => {
  it('takes nothing from the environment or a password file', async () => {
    const asked: string[] = [];
    const trap = createServer((socket) => {
      asked.push('connected');
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const address = trap.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);
    const home = mkdtempSync('/tmp/tp-home-');
    writeFileSync(join(home, '.pgpass'), `*:*:*:*:${server.password.replaceAll(':', '\\:')}\n`, {
      mode: 0o600,
    });
    const before = { ...process.env };
    Object.assign(process.env, {
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGUSER: 'postgres',
      PGPASSWORD: server.password,
      PGDATABASE: 'postgres',
      PGSSLMODE: 'require',
      PGOPTIONS: '-c search_path=nowhere',
      PGPASSFILE: join(home, '.pgpass'),
      DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres`,
      HOME: home,
    });
    try {
      const engine = await start();
      expect(await engine.query('select current_database() as name')).toEqual([{ name: DATABASE }]);
      expect(await engine.query('show search_path')).toEqual([{ search_path: '"$user", public' }]);
      await engine.close();
      // Right in the environment and in the file, and still not taken from there.
      const bare = `postgres://postgres@127.0.0.1:${server.port}/${DATABASE}`;
      await expect(startServer(bare)).rejects.toMatchObject({ code: 'engine-unavailable' });
      await expect(startServer(`postgres://127.0.0.1:${server.port}`)).rejects.toMatchObject({
        message: 'The URL of the engine does not name its user, database.',
      });
      expect(asked).toEqual([]);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
      trap.close();
      rmSync(home, { recursive: true });
    }
  });

  it.each([
    ['a wrong password', (url: string) => url.replace('%2Frd', '%2Fwrong')],
    ['no such database', (url: string) => `${url}_not`],
    ['nobody there', (url: string) => url.replace(/:\d+\//, ':1/')],
    ['an unknown parameter', (url: string) => `${url}?secret=1`],
    ['an unknown sslmode', (url: string) => `${url}?sslmode=perhaps`],
    ['no TLS on the server', (url: string) => `${url}?sslmode=require`],
    ['an escape that is none', (url: string) => url.replace('%2541', '%zz')],
  ])('says what is wrong and never the password: %s', async (_, change) => {
    const error = (await startServer(change(server.url(DATABASE))).then(
      () => undefined,
      (cause: unknown) => cause,
    )) as { code: string; message: string; hint: string };
    expect(['engine-unavailable', 'usage']).toContain(error.code);
    const said = [error.message, error.hint, JSON.stringify(error)].join(' ');
    for (const secret of [server.password, encodeURIComponent(server.password), 'p@ss', 'p%40ss'])
      expect(said).not.toContain(secret);
  });

  it('goes through a socket where the URL has its folder', async () => {
    const [row] = await admin.query<{ folder: string }>(
      "select current_setting('unix_socket_directories') as folder",
    );
    const url = `postgresql://postgres:${encodeURIComponent(server.password)}@:${server.port}/${DATABASE}?host=${row!.folder}`;
    const engine = await startServer(url);
    expect(await engine.query('select inet_server_addr() as address')).toEqual([{ address: null }]);
    await engine.close();
  });
});

describe('tableplan rehearse --engine URL', () => {
  const migrations = {
    '0000_users':
      'CREATE ROLE tp_app; CREATE EXTENSION citext; CREATE TABLE users (id int PRIMARY KEY, name citext);',
    '0001_slow': 'ALTER TABLE users ADD COLUMN note text;--> statement-breakpoint\nSELECT pg_sleep(20);',
  };

  it('rehearses there and leaves it as it was', async () => {
    const root = reviewProject(migrations);
    const outcome = await runRehearseCommand({
      cwd: root,
      migration: '0000',
      engine: server.url(DATABASE),
      enforce: false,
    });
    expect(outcome.rehearsal).toMatchObject({ engine: 'server', up: 'ok' });
    expect(await readContents(inside)).toEqual([]);
    expect((await readBelongings(inside)).roles).not.toContain('tp_app');
    rmSync(root, { recursive: true });
  });

  it('leaves it empty after Ctrl-C, in the middle of a statement', async () => {
    const root = reviewProject(migrations);
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', resolve('src/cli.ts'), 'rehearse', '--cwd', root, '--engine', server.url(DATABASE)],
      { env: consumerEnv(), stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'exit');
    const sleeping =
      "select from pg_stat_activity where query ilike '%pg_sleep(20)%' and pid <> pg_backend_pid()";
    while ((await admin.query(sleeping)).length === 0 && child.exitCode === null) await sleep(50);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(said).not.toContain('rd %41');
    expect(await readContents(inside)).toEqual([]);
    expect(await readBelongings(inside)).toMatchObject({ extensions: new Set(['plpgsql']) });
    expect((await readBelongings(inside)).roles).not.toContain('tp_app');
    rmSync(root, { recursive: true });
  });
});
