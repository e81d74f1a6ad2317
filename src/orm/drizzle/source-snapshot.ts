import type { SchemaSources } from '../../project/sources.ts';
import { generateMigration } from './generate.ts';
import type { DrizzleConfig, Kit } from './kit/kit.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { requireSnapshot } from './snapshot.ts';

/** A schema as drizzle-kit sees it, and the SQL that creates it on an empty database. */
export interface SourceSnapshot {
  readonly snapshot: SnapshotJson;
  readonly statements: readonly string[];
}

/**
 * What the schema files say now, whatever the history says: drizzle-kit generates from nothing, in a staging folder. Uses
 * the kit up. Throws what drizzle-kit's run throws (`generate-failed`).
 */
export async function readSourceSnapshot(
  kit: Kit,
  {
    cwd,
    config,
    sources,
  }: { readonly cwd: string; readonly config: DrizzleConfig; readonly sources: SchemaSources },
): Promise<SourceSnapshot> {
  const made = await generateMigration({
    kit,
    cwd,
    outDir: cwd,
    config,
    schemaFiles: sources.entries,
    edits: [],
    changes: [],
    name: 'source',
    history: { journal: undefined, ahead: 0, snapshot: undefined },
    now: Date.now(),
  });
  if (!made) return { snapshot: EMPTY_SNAPSHOT, statements: [] };
  return { snapshot: requireSnapshot(made.snapshot, 'the schema source'), statements: made.statements };
}
