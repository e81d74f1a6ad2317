import type { ConnectionOptions } from 'node:tls';
import { types } from '@electric-sql/pglite';
import pg from 'pg';
import { TableplanError } from '../../errors.ts';
import { DEFAULT_LIMITS, largestAnswer, LimitExceeded, type Limits } from '../../limits.ts';
import { type Engine, SqlFailure } from './engine.ts';

/** Where a server is, whole: nothing of it is taken from anywhere else. */
export interface ServerAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Empty where the server asks for none. */
  readonly password: string;
  readonly ssl: false | ConnectionOptions;
  /** What the session starts with, by name; no space in a value. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** One connection; `query`, `exec` and `copyIn` are those of an engine. */
export interface Connection extends Pick<Engine, 'version' | 'query' | 'exec' | 'copyIn'> {
  /** Makes the statement that is under way fail (57014), through a connection of its own. */
  cancel(): Promise<void>;
  /** Ends the connection at whatever it is, through another one, which it returns. */
  terminate(): Promise<Connection>;
  end(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 15_000;

const asIs = (text: string): string => text;

/**
 * Connects through `pg`. Rows have the same JavaScript values as PGlite's, since PGlite's own parsers read them; its
 * array types are those of the database at the start, as there. A result that is larger than the limits allow ends the
 * connection (`LimitExceeded`). Throws what `pg` throws where there is no connecting.
 */
export async function connect(address: ServerAddress, limits: Limits = DEFAULT_LIMITS): Promise<Connection> {
  const parsers: Record<number, (text: string, type?: number) => unknown> = { ...types.parsers };
  const client = clientFor(address, (oid) => (text) => types.parseType(text, oid, parsers));
  // A lost connection is told by the query that is under way, or by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // `pg` leaves the socket open, and the server then waits a minute for a password.
    client.connection.stream.destroy();
    throw error;
  }
  const run = withinOutput(client, limits, keepingAlive(client));
  const { stream } = client.connection;
  const connection: Connection = {
    version: '',
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      // `extended` even without parameters: one statement and no more, as with PGlite.
      const config = { text: sql, values: [...parameters], queryMode: 'extended' };
      return (await run(sql, () => client.query(config))).rows as Row[];
    },
    async exec(sql) {
      await run(sql, () => client.query(sql));
    },
    async copyIn(sql, data) {
      await run(sql, () => copy(client, sql, data));
    },
    async cancel() {
      const other = await connect(address);
      await other.query('select pg_cancel_backend($1)', [client.processID]);
      await other.end();
    },
    async terminate() {
      const other = await connect(address, limits);
      await other.query('select pg_terminate_backend($1)', [client.processID]);
      stream.destroy();
      return other;
    },
    async end() {
      client.ref();
      await client.end();
    },
  };
  const arrays = await connection.query<{ element: number; array: number }>(ARRAYS);
  for (const { element, array } of arrays) {
    const parse = parsers[element] ?? asIs;
    parsers[array] = (text) => types.arrayParser(text, parse, array);
  }
  const [shown] = await connection.query<{ server_version: string }>('show server_version');
  // Debian's says more: `15.18 (Debian 15.18-0+deb12u1)`.
  const version = shown?.server_version.split(' ')[0] ?? '';
  return { ...connection, version };
}

/**
 * Every setting that `pg` would otherwise take from PGHOST and the like (connection-parameters.js) is given here, and
 * none of them falsy, for then the environment would be asked again.
 */
function clientFor(address: ServerAddress, getTypeParser: (oid: number) => (text: string) => unknown) {
  const config: pg.ClientConfig & { readonly replication: string } = {
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    // A function, since an empty text would send pg to PGPASSWORD and to ~/.pgpass.
    password: () => address.password,
    ssl: address.ssl,
    sslnegotiation: 'postgres',
    application_name: 'tableplan',
    client_encoding: 'utf8',
    replication: 'false',
    options: Object.entries({ client_min_messages: 'warning', ...address.settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
  };
  return new pg.Client(config) as Client;
}

/** COPY as `pg` lets others speak it: what it calls in the course of a query, whose rows are sent when they are asked for. */
function copy(client: Client, sql: string, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const nothing = (): void => undefined;
    const query = {
      submit: (connection: CopyConnection) => connection.query(sql),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(data));
        connection.endCopyFrom();
      },
      handleError: reject,
      handleReadyForQuery: () => resolve(),
      handleCommandComplete: nothing,
      handleEmptyQuery: nothing,
      handlePortalSuspended: nothing,
      handleRowDescription: nothing,
      handleDataRow: nothing,
    };
    client.query(query as unknown as pg.Submittable);
  });
}

interface CopyConnection {
  query(sql: string): void;
  sendCopyFromChunk(bytes: Uint8Array): void;
  endCopyFrom(): void;
}

/** What `@types/pg` does not have on a client. */
type Client = pg.Client & {
  ref(): void;
  unref(): void;
  readonly processID: number;
  readonly connection: pg.Connection;
};

/** Only a call that is waited for keeps the process alive; what Postgres refuses is a `SqlFailure`. */
function keepingAlive(client: Client): <Result>(call: () => Promise<Result>) => Promise<Result> {
  let waiting = 0;
  client.unref();
  return async (call) => {
    waiting += 1;
    client.ref();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') throw lost(error);
      throw new SqlFailure(error.message, error.code ?? 'XX000', error, error);
    } finally {
      waiting -= 1;
      if (waiting === 0) client.unref();
    }
  };
}

/** `pg` keeps every row of a result: one that is too large is not waited for. */
function withinOutput(
  client: Client,
  limits: Limits,
  run: ReturnType<typeof keepingAlive>,
): <Result>(statement: string, call: () => Promise<Result>) => Promise<Result> {
  let received = 0;
  const { stream } = client.connection;
  const most = largestAnswer(limits);
  stream.on('data', (bytes: Uint8Array) => {
    received += bytes.length;
    if (received > most) stream.destroy();
  });
  return async (statement, call) => {
    received = 0;
    try {
      return await run(call);
    } catch (error) {
      throw received > most ? new LimitExceeded({ limit: 'output', limits, statement }) : error;
    }
  };
}

function lost(cause: unknown): TableplanError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new TableplanError('engine-unavailable', `The connection to the engine is lost: ${words}.`, {
    hint: 'Run the command again; a database given with --engine has to be dropped and created before.',
    cause,
  });
}

/** As PGlite asks for them when it starts. */
const ARRAYS = `
select distinct b.oid as element, b.typarray as array from pg_catalog.pg_type a
join pg_catalog.pg_type b on b.oid = a.typelem where a.typcategory = 'A' and b.typarray <> 0`;
