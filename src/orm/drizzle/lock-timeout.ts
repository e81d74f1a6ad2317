import { joinStatements } from './artifacts.ts';
import { type GeneratedMigration, withSql } from './generate.ts';

/**
 * The migration with a lock_timeout before its first statement, as the project's settings ask for it (`2s`, checked
 * there). Drizzle's migrator runs all pending files in one transaction: LOCAL ends with it.
 */
export function withLockTimeout(
  migration: GeneratedMigration,
  timeout: string,
  options: { readonly breakpoints: boolean },
): GeneratedMigration {
  const statement = lockTimeoutSql(timeout);
  const sql = joinStatements([statement, ...migration.statements], options);
  return withSql(migration, sql, [`${statement} (the setting lockTimeout of package.json)`]);
}

export function lockTimeoutSql(timeout: string): string {
  return `SET LOCAL lock_timeout = '${timeout}';`;
}
