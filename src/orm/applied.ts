import type pg from 'pg';
import { quoteIdentifier } from '../postgres/quote.ts';

/** Where the project's own database is, as its config says; `url` or the parts. */
export type DatabaseAddress = Pick<
  pg.ClientConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
>;

/** `{ url }` or the parts, as drizzle.config.ts and a data source have them. */
export function addressOf(given: unknown): DatabaseAddress | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { url, username, ...parts } = given as Record<string, unknown>;
  if (typeof url === 'string' && url !== '') return { connectionString: url };
  if (typeof parts['host'] !== 'string') return undefined;
  return { ...parts, user: (parts['user'] ?? username) as string };
}

/** The table in which a migrator writes down what it has run. */
export interface MigratorTable {
  readonly schema: string | undefined;
  readonly name: string;
  /** The column that tells a migration, and what stands in it. */
  readonly column: 'hash' | 'name';
  readonly value: string;
}

export type Applied =
  | { readonly state: 'applied' | 'pending'; readonly where: string }
  /** No database answered: `why` says what was tried. */
  | { readonly state: 'unknown'; readonly why: string };

const PATIENCE_MS = 3000;

/** Asks a database, by one SELECT in a read-only transaction, whether it has a migration. Never throws. */
export async function isApplied(
  address: DatabaseAddress | undefined,
  table: MigratorTable,
): Promise<Applied> {
  if (address === undefined) return { state: 'unknown', why: 'the config names no database' };
  const { Client } = (await import('pg')).default;
  const client = new Client({
    ...address,
    connectionTimeoutMillis: PATIENCE_MS,
    statement_timeout: PATIENCE_MS,
    options: '-c default_transaction_read_only=on',
  });
  client.on('error', () => undefined);
  const where = `${client.host}:${client.port}/${client.database ?? ''}`;
  try {
    await client.connect();
    const name = [table.schema, table.name]
      .filter((part) => part !== undefined)
      .map(quoteIdentifier)
      .join('.');
    const { rows } = await client.query(`SELECT 1 FROM ${name} WHERE ${table.column} = $1 LIMIT 1`, [
      table.value,
    ]);
    return { state: rows.length > 0 ? 'applied' : 'pending', where };
  } catch (error) {
    // Without its table a migrator has run nothing: 42P01 undefined table, 3F000 undefined schema.
    const { code, message } = error as { readonly code?: string; readonly message: string };
    if (code === '42P01' || code === '3F000') return { state: 'pending', where };
    return { state: 'unknown', why: `${where}: ${message}` };
  } finally {
    (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
  }
}
