import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Connection, connect } from '../../../src/postgres/engines/connection.ts';
import {
  findBinaries,
  runnableBinaries,
  unprivilegedAccount,
} from '../../../src/postgres/engines/embedded-binaries.ts';

/** A server as a team has one: it listens on 127.0.0.1, asks for a password, and has databases of its own. */
export interface TestServer {
  readonly port: number;
  readonly password: string;
  url(database: string): string;
  /** A connection of the administrator's. */
  admin(database?: string): Promise<Connection>;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = mkdtempSync('/tmp/tp-server-');
  const account = await unprivilegedAccount();
  if (account) chownSync(folder, account.uid, account.gid);
  const binaries = await runnableBinaries(findBinaries(process.cwd(), 18), account, folder);
  const password = 'p@ss:w/rd %41';
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o644);
  const data = join(folder, 'data');
  const port = await freePort();
  execFileSync(
    join(binaries.folder, 'bin/initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--pwfile',
      passwordFile,
      '-A',
      'scram-sha-256',
      '--locale=C',
      '-E',
      'UTF8',
      '-N',
    ],
    { stdio: 'pipe', cwd: '/', ...account },
  );
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'fsync=off',
    `unix_socket_directories=${folder}`,
  ];
  const server = spawn(
    join(binaries.folder, 'bin/postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...account },
  );
  await new Promise<void>((resolve, reject) => {
    server.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => text.includes('ready to accept') && resolve());
    server.once('exit', () => reject(new Error('the server of the tests does not start')));
  });
  const user = 'postgres';
  return {
    port,
    password,
    url: (database) => `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    admin: (database = 'postgres') =>
      connect({ host: '127.0.0.1', port, database, user, password, ssl: false }),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}
