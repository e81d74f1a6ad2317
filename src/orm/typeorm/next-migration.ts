import { dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { TableplanError } from '../../errors.ts';
import type { LoadedDataSource, Query } from './child/child.ts';

const FIRST_OF_13_DIGITS = 1_000_000_000_000;
const LAST_OF_13_DIGITS = 9_999_999_999_999;

/** A stamp above all others: TypeORM runs migrations in the order of the last thirteen digits of their classes. */
export function nextStamp({ history }: Pick<LoadedDataSource, 'history'>, now: number): number {
  const stamp = Math.max(now, FIRST_OF_13_DIGITS, ...history.map((migration) => (migration.stamp ?? 0) + 1));
  if (stamp <= LAST_OF_13_DIGITS) return stamp;
  throw new TableplanError('history-broken', 'No stamp is left above that of the newest migration.', {
    hint: 'A stamp has thirteen digits (milliseconds since 1970). Rename the migration whose class ends in 9999999999999, where no database has run it.',
  });
}

/** The folder of the newest migration, else the one that the data source looks in, else `migrations` beside it. */
export function migrationFolder(
  loaded: Pick<LoadedDataSource, 'history' | 'migrations'>,
  dataSourcePath: string,
): string {
  const newest = loaded.history.findLast(({ file }) => file !== undefined)?.file;
  if (newest !== undefined) return dirname(newest);
  const [pattern] = loaded.migrations.patterns;
  return pattern === undefined ? join(dirname(dataSourcePath), 'migrations') : folderOf(pattern);
}

function folderOf(pattern: string): string {
  const { base, isGlob } = picomatch.scan(pattern);
  return isGlob ? base : dirname(pattern);
}

/** Whether one of the data source's globs finds a file. */
export function isFoundByGlob({ migrations }: Pick<LoadedDataSource, 'migrations'>, path: string): boolean {
  return migrations.patterns.some((pattern) => picomatch.isMatch(path, pattern));
}

/** Statements that Postgres refuses inside a transaction. */
const OUTSIDE =
  /^\s*(create\s+(unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b.*\bconcurrently|vacuum)\b/i;

/** Whether Postgres refuses a query inside a transaction. */
export function mustStandAlone({ sql }: Query): boolean {
  return OUTSIDE.test(sql);
}

/**
 * Whether the class has to say `transaction = false`. Throws `generate-failed` where the project runs all migrations in
 * one transaction, in which such a class is an error for the whole batch (facts/typeorm.md 5).
 */
export function transactionOf(
  queries: readonly Query[],
  { transactionMode }: Pick<LoadedDataSource, 'transactionMode'>,
): 'default' | 'none' {
  const outside = queries.find(mustStandAlone);
  if (!outside || transactionMode === 'none') return 'default';
  if (transactionMode === 'each') return 'none';
  throw new TableplanError(
    'generate-failed',
    'A statement of the migration cannot run in a transaction, but the project runs all its migrations in one.',
    {
      frame: outside.sql,
      hint: "Set migrationsTransactionMode: 'each' in the data source (and take -t all out of the script), or leave out CONCURRENTLY.",
    },
  );
}
