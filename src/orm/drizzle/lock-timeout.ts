import { joinStatements } from './artifacts.ts';
import type { GeneratedMigration } from './generate.ts';

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
  const statements = [statement, ...migration.statements];
  const sql = joinStatements(statements, options);
  return {
    ...migration,
    statements,
    sql,
    edits: migration.edits.map((edit) => (edit.path === migration.sqlPath ? { ...edit, after: sql } : edit)),
    byHand: [`${statement} (the setting lockTimeout of package.json)`, ...migration.byHand],
  };
}

export function lockTimeoutSql(timeout: string): string {
  return `SET LOCAL lock_timeout = '${timeout}';`;
}
