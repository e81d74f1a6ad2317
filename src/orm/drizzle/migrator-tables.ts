import type { ObjectName } from '../../plan/database-schema.ts';
import type { DrizzleConfig } from './kit/kit.ts';

/**
 * The table in which Drizzle's migrator keeps what it has run, as the config calls it. Its schema may be one of the
 * project's own, which has all else of the project in it.
 */
export function migratorTables({ migrations }: DrizzleConfig): ObjectName[] {
  return [{ schema: migrations?.schema ?? 'drizzle', name: migrations?.table ?? '__drizzle_migrations' }];
}
