import { setTimeout as sleep } from 'node:timers/promises';
import { TableplanError } from '../../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';
import { type Connection, connect, type ServerAddress } from './connection.ts';
import { type Belongings, readBelongings, readContents, removeContents } from './contents.ts';
import type { Engine } from './engine.ts';
import { limitedCalls } from './limited-calls.ts';
import { mayLeaveDatabase } from '../server-access.ts';
import { refuseServerAccess, refuseServerWide } from './server-wide.ts';
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
export async function startServer(url: string, limits: Limits = DEFAULT_LIMITS): Promise<ServerEngine> {
  const address = parseServerUrl(url);
  const connection = await connected(address, limits);
  try {
    await refuseUnlessEmpty(connection, address);
    const kept = await readBelongings(connection);
    return engineOver({ connection, address, kept, limits });
  } catch (error) {
    await connection.end();
    throw error;
  }
}

async function connected(address: ServerAddress, limits: Limits): Promise<Connection> {
  try {
    return await connect(address, limits);
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

/** How long a statement that is ended may take to notice. */
const PATIENCE_MS = 5000;

interface Rehearsing {
  readonly connection: Connection;
  readonly address: ServerAddress;
  readonly kept: Belongings;
  readonly limits: Limits;
}

function engineOver({ connection, address, kept, limits }: Rehearsing): ServerEngine {
  const run = limitedCalls(limits, { end: () => connection.cancel() });
  const scripts: string[] = [];
  let running = 0;
  let last: Promise<unknown> = Promise.resolve();
  const whileRunning = <Result>(sql: string, call: () => Promise<Result>): Promise<Result> =>
    run(sql, () => {
      running += 1;
      const ending = call().finally(() => (running -= 1));
      last = ending.catch(() => undefined);
      return ending;
    });
  let closing: Promise<void> | undefined;
  // What comes after the end of the rehearsal would stay there.
  const requireOpen = (): void => {
    if (closing) throw new Error('The rehearsal has ended.');
  };
  const close = async (): Promise<void> => {
    let cleaner = connection;
    try {
      // Whoever ends a rehearsal early does not wait for its longest statement.
      if (running > 0) {
        await connection.cancel();
        await Promise.race([last, sleep(PATIENCE_MS, undefined, { ref: false })]);
        // One that takes no notice is ended with its connection.
        if (running > 0) cleaner = await connection.terminate();
      }
      const left = await removeContents(cleaner, kept, scripts);
      if (left.length === 0) return;
      throw new TableplanError(
        'engine-not-empty',
        `Not everything could be removed from ${describeAddress(address)} after the rehearsal: ${listed(left)}.`,
        { hint: 'Drop the database and create it again before the next rehearsal.' },
      );
    } finally {
      await cleaner.end();
    }
  };
  return {
    kind: 'server',
    version: connection.version,
    async query<Row>(sql: string, parameters?: readonly unknown[]) {
      requireOpen();
      return whileRunning(sql, () => connection.query<Row>(sql, parameters));
    },
    async exec(sql) {
      requireOpen();
      refuseServerWide(sql, kept);
      if (mayLeaveDatabase(sql)) refuseServerAccess(sql);
      if (/\b(?:role|user|group|database)\b/i.test(sql)) scripts.push(sql);
      await whileRunning(sql, () => connection.exec(sql));
    },
    async copyIn(sql, data) {
      requireOpen();
      await whileRunning(sql, () => connection.copyIn(sql, data));
    },
    close: () => (closing ??= close()),
  };
}
