import { missingExtension, withNeeded } from '../../postgres/known-extensions.ts';
import { createAssumed } from '../../rehearse/create-assumed.ts';
import type { TypeormMigration } from './child/child.ts';
import { type RanMigration, type RunInput, runMigration } from './run-migration.ts';
import type { Shadow } from './shadow.ts';

/**
 * Runs a migration up; one that fails for want of an extension, which a Docker image or a provider makes elsewhere, runs
 * once more with it, as long as another one is wanted and can be had.
 */
export async function runWithExtensions(input: RunInput, migration: TypeormMigration): Promise<RanMigration> {
  const created = new Set<string>();
  for (;;) {
    const ran = await runMigration(input, migration, 'up');
    const wanted = ran.failure && missingExtension(ran.failure.message);
    if (wanted === undefined || created.has(wanted)) return ran;
    created.add(wanted);
    const assumed = withNeeded(wanted).map((name) => ({ name, uses: name, schema: undefined }));
    if ((await createAssumed(input.shadow.engine, assumed)).length > 0) return ran;
  }
}

/** Extensions of a database that none of these names has created: neither its migrations nor TypeORM. */
export async function assumedIn({ engine }: Shadow, created: ReadonlySet<string>): Promise<string[]> {
  const rows = await engine.query<{ name: string }>(
    "select extname as name from pg_catalog.pg_extension where extname <> 'plpgsql' order by 1",
  );
  return rows.map(({ name }) => name).filter((name) => !created.has(name));
}
