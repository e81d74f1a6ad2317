import { LimitExceeded } from '../../limits.ts';
import type { LoadedDataSource, Query, TypeormChild, TypeormMigration } from './child/child.ts';
import type { Shadow } from './shadow.ts';

/** What a migration did when it was run: the statements that went through, whatever API they were written with. */
export interface RanMigration {
  readonly queries: readonly Query[];
  readonly failure: RunFailure | undefined;
}

export interface RunFailure {
  readonly message: string;
  /** Undefined where not Postgres but the migration's own code fails. */
  readonly sqlstate: string | undefined;
  /** The statement that Postgres refuses. */
  readonly query: Query | undefined;
}

export interface RunInput {
  readonly child: Pick<TypeormChild, 'run'>;
  readonly shadow: Shadow;
  readonly loaded: Pick<LoadedDataSource, 'transactionMode'>;
}

/** "… cannot run inside a transaction block" */
const OUTSIDE_ONLY = '25001';

/**
 * Runs a migration on the shadow, one way, in a transaction of its own where the project's migrator gives it one and
 * Postgres does not refuse that.
 */
export async function runMigration(
  input: RunInput,
  migration: Pick<TypeormMigration, 'name' | 'transaction'>,
  direction: 'up' | 'down',
): Promise<RanMigration> {
  const inTransaction = transactionModeOf(input.loaded, migration) !== 'none';
  const first = await attempt(input, { name: migration.name, direction, inTransaction });
  if (first.failure?.sqlstate !== OUTSIDE_ONLY || !inTransaction) return first;
  return attempt(input, { name: migration.name, direction, inTransaction: false });
}

async function attempt(
  { child, shadow }: RunInput,
  job: Parameters<TypeormChild['run']>[0],
): Promise<RanMigration> {
  shadow.takeStatements();
  shadow.takeRefused();
  const { failure } = await child.run(job).catch((error: unknown) => {
    throw error instanceof LimitExceeded ? error.during(`The migration ${job.name}`) : error;
  });
  const queries = shadow.takeStatements();
  const refused = shadow.takeRefused();
  if (!failure) return { queries, failure: undefined };
  const { message, sqlstate } = failure;
  return { queries, failure: { message, sqlstate, query: sqlstate === undefined ? undefined : refused } };
}

/** How TypeORM's migrator runs one migration: the class may say otherwise than the data source, unless that says `all`. */
export function transactionModeOf(
  { transactionMode }: Pick<LoadedDataSource, 'transactionMode'>,
  { transaction }: Pick<TypeormMigration, 'transaction'>,
): 'all' | 'each' | 'none' {
  if (transaction === undefined) return transactionMode;
  return transaction ? 'each' : 'none';
}
