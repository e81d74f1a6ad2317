import type { DrizzleLocation } from './locate/locate.ts';
import { readSources } from '../../project/sources.ts';
import { generateMigration } from './generate.ts';
import { readHistory } from './history.ts';
import { requirePostgres } from './preconditions.ts';
import { startWithConfig } from './start-with-config.ts';

/** What drizzle-kit would generate if it ran now. */
export interface Ungenerated {
  /** Those of the asked files that the schema consists of. */
  readonly files: readonly string[];
  readonly statements: readonly string[];
}

/**
 * Asks the project's drizzle-kit, in a staging folder, what the schema has that no migration has. It generates only where
 * `isConcerned` says so of one of the schema's files; undefined where none is. Throws what drizzle-kit's run throws:
 * `config-invalid`, `generate-failed`, `schema-drift` (it would ask about a rename).
 */
export async function ungenerated(
  project: DrizzleLocation,
  outDir: string,
  isConcerned: (path: string) => boolean,
  timeoutMs: number | undefined,
): Promise<Ungenerated | undefined> {
  const { config, kit } = await startWithConfig(project, timeoutMs);
  try {
    const { schema } = requirePostgres(config, project);
    const sources = await readSources(project.root, schema ?? []);
    const files = sources.files.map(({ path }) => path).filter(isConcerned);
    if (files.length === 0) return undefined;
    const history = await readHistory(outDir);
    const migration = await generateMigration({
      kit,
      cwd: project.root,
      outDir,
      config,
      schemaFiles: sources.entries,
      edits: [],
      changes: [],
      name: 'review',
      history: {
        journal: history.journal,
        ahead: history.numbering.ahead,
        snapshot: history.newest && { ...history.newest, told: history.newest.json },
      },
      now: Date.now(),
    });
    return { files, statements: migration?.statements ?? [] };
  } finally {
    kit.stop();
  }
}
