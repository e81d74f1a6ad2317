import { TableplanError } from '../../errors.ts';
import { type Connection, connect, type ServerAddress } from './connection.ts';
import { readBelongings, readContents, removeContents } from './contents.ts';
import type { Engine } from './engine.ts';
import { refuseServerWide } from './server-wide.ts';
import { describeAddress, parseServerUrl } from './server-url.ts';

export interface ServerEngine extends Engine {
  readonly kind: 'server';
}

/** How many things that stand in the way are named. */
const MOST_NAMED = 5;

/** `tabl` as a number: two rehearsals in one database would see each other's tables. */
const LOCK = 0x7461626c;

/**
 * A database that the user names for rehearsals, through one connection. Only an empty one is taken: nothing outside
 * extensions, no template, nobody else's rehearsal in it. `close` drops what was made in it, and throws
 * `engine-not-empty` where that fails. Statements that would change other databases, roles that were there or the server
 * are refused; what is granted on the database's own schema `public`, and default privileges, stay.
 *
 * Throws `usage` (the URL), `engine-unavailable` (no connection), `engine-not-empty`.
 */
export async function startServer(url: string): Promise<ServerEngine> {
  const address = parseServerUrl(url);
  const connection = await connected(address);
  try {
    await refuseUnlessEmpty(connection, address);
    const kept = await readBelongings(connection);
    return engineOver(connection, address, kept);
  } catch (error) {
    await connection.end();
    throw error;
  }
}

async function connected(address: ServerAddress): Promise<Connection> {
  try {
    return await connect(address);
  } catch (cause) {
    // Several addresses of one name fail together, without a message of their own.
    const causes = cause instanceof AggregateError ? cause.errors : [cause];
    const words = causes.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
    throw new TableplanError(
      'engine-unavailable',
      `There is no connecting to ${describeAddress(address)}: ${words}.`,
      {
        hint: 'Check the URL after --engine and that the server runs, or leave --engine out: PGlite needs no server.',
        cause,
      },
    );
  }
}

async function refuseUnlessEmpty(connection: Connection, address: ServerAddress): Promise<void> {
  const [state] = await connection.query<{ template: boolean; locked: boolean }>(
    `select datistemplate as template, pg_try_advisory_lock(${LOCK}) as locked from pg_database
     where datname = current_database()`,
  );
  if (state?.locked === false) throw notEmpty(address, 'another rehearsal is under way in it');
  if (state?.template) throw notEmpty(address, 'new databases are copied from it');
  const contents = await readContents(connection);
  if (contents.length === 0) return;
  throw notEmpty(address, `it has ${listed(contents.map(({ name }) => name))}`);
}

function notEmpty(address: ServerAddress, why: string): TableplanError {
  return new TableplanError(
    'engine-not-empty',
    `${describeAddress(address)} is no database to rehearse in: ${why}.`,
    {
      hint: 'Name one that was made for it: CREATE DATABASE tableplan_rehearsal; nothing was changed in this one.',
    },
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function engineOver(
  connection: Connection,
  address: ServerAddress,
  kept: Awaited<ReturnType<typeof readBelongings>>,
): ServerEngine {
  const scripts: string[] = [];
  let running = 0;
  const whileRunning = async <Result>(call: Promise<Result>): Promise<Result> => {
    running += 1;
    return call.finally(() => (running -= 1));
  };
  let closing: Promise<void> | undefined;
  // What comes after the end of the rehearsal would stay there.
  const requireOpen = (): void => {
    if (closing) throw new Error('The rehearsal has ended.');
  };
  const close = async (): Promise<void> => {
    try {
      // Whoever ends a rehearsal early does not wait for its longest statement.
      if (running > 0) await connection.cancel();
      const left = await removeContents(connection, kept, scripts);
      if (left.length === 0) return;
      throw new TableplanError(
        'engine-not-empty',
        `Not everything could be removed from ${describeAddress(address)} after the rehearsal: ${listed(left)}.`,
        { hint: 'Drop the database and create it again before the next rehearsal.' },
      );
    } finally {
      await connection.end();
    }
  };
  return {
    kind: 'server',
    version: connection.version,
    async query<Row>(sql: string, parameters?: readonly unknown[]) {
      requireOpen();
      return whileRunning(connection.query<Row>(sql, parameters));
    },
    async exec(sql) {
      requireOpen();
      refuseServerWide(sql, kept);
      if (/\b(?:role|user|group|database)\b/i.test(sql)) scripts.push(sql);
      await whileRunning(connection.exec(sql));
    },
    async copyIn(sql, data) {
      requireOpen();
      await whileRunning(connection.copyIn(sql, data));
    },
    close: () => (closing ??= close()),
  };
}
