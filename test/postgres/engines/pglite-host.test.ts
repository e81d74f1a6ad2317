import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';

let engine: PgliteEngine;
beforeAll(async () => {
  process.env['TABLEPLAN_TEST_SECRET'] = 'a secret of the host';
  engine = await startPglite();
});
afterAll(async () => {
  delete process.env['TABLEPLAN_TEST_SECRET'];
  await engine.close();
});

describe('SQL on PGlite', () => {
  it.each([
    "copy (select 1) to program 'touch /tmp/tp-pglite-host'",
    "create temp table env (line text); copy env from program 'env'",
    "do $$ begin execute 'copy (select 1) to program ''touch /tmp/tp-pglite-host'''; end $$",
  ])('runs no program: %s', async (sql) => {
    await expect(engine.exec(sql)).rejects.toMatchObject({
      name: 'SqlFailure',
      message: expect.stringContaining('could not execute command') as string,
    });
    // PGlite's own refusal would leave it without answers.
    expect(await engine.query('select 2 as two')).toEqual([{ two: 2 }]);
    expect(existsSync('/tmp/tp-pglite-host')).toBe(false);
  });

  it.each(['/dev/tty', '/dev/tty1', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/proc/self/fd/0'])(
    'has no terminal: %s',
    async (file) => {
      await expect(engine.exec(`create temp table t (a text); copy t from '${file}'`)).rejects.toThrow(
        'could not open file',
      );
      expect(await engine.query('select 2 as two')).toEqual([{ two: 2 }]);
    },
  );

  it.each(['/etc/passwd', '/proc/self/environ', '/proc/1/environ', process.cwd(), import.meta.filename])(
    'finds nothing of the host at %s',
    async (file) => {
      await expect(engine.query('select pg_read_file($1)', [file])).rejects.toThrow('No such file');
      await expect(engine.query('select lo_import($1)', [file])).rejects.toThrow('No such file');
    },
  );

  it('sees the folders of its own memory alone', async () => {
    const rows = await engine.query<{ name: string }>("select pg_ls_dir('/') as name");
    expect(rows.map(({ name }) => name).toSorted()).toEqual(['dev', 'home', 'pglite', 'proc', 'tmp']);
  });

  it('writes files nowhere but there', async () => {
    await engine.exec("copy (select 1) to '/tmp/tp-pglite-host'");
    expect(existsSync('/tmp/tp-pglite-host')).toBe(false);
  });

  it('loads no library of the host', async () => {
    const libc = '/lib/x86_64-linux-gnu/libc.so.6';
    await expect(engine.exec(`create function f() returns int language c as '${libc}'`)).rejects.toThrow(
      'could not access file',
    );
    await expect(engine.exec(`load '${libc}'`)).rejects.toThrow('could not access file');
  });

  it('goes on copying rows in', async () => {
    await engine.exec('create table rows (a int)');
    await engine.copyIn('copy rows from stdin', '1\n2\n');
    expect(await engine.query('select count(*)::int as n from rows')).toEqual([{ n: 2 }]);
  });
});
