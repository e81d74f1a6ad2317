import { TableplanError } from '../../../errors.ts';
import type { GitChanges } from '../../../workspace/git.ts';
import type { DrizzleLocation } from '../locate/locate.ts';
import { isSource } from '../../../project/source-file.ts';
import type { Finding } from '../../../review/finding.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';

/**
 * Whether the schema sources that have changed say something that no migration has. git tells which have changed, the
 * project's drizzle-kit (in a staging folder) what it would generate: so a comment is no change, and a migration that
 * covers only a part is seen. Where drizzle-kit cannot run, that is said.
 */
export async function schemaWithoutMigration(
  project: DrizzleLocation,
  outDir: string,
  changes: GitChanges,
  timeoutMs: number | undefined,
): Promise<Finding[]> {
  const deleted = await deletedSchema(changes);
  if (deleted === undefined && ![...changes.changed].some(isSource)) return [];
  const { ungenerated } = await import('../ungenerated.ts');
  const [first] = [...changes.changed].filter(isSource);
  const say = (message: string, more: Partial<Finding> & { file: string }): Finding[] => [
    historyFinding('schema-without-migration', { message, ...more }),
  ];
  const file = deleted ?? first ?? outDir;
  const generate = `Generate it: ${project.script ? project.run(project.script.name) : 'npx drizzle-kit generate'}`;
  try {
    const isConcerned = (path: string): boolean => deleted !== undefined || changes.changed.has(path);
    const found = await ungenerated(project, outDir, isConcerned, timeoutMs);
    if (!found || found.statements.length === 0) return [];
    const changed = found.files.find((path) => changes.changed.has(path));
    return say(
      `The schema has changes that no migration has. drizzle-kit would generate: ${shown(found.statements)}`,
      {
        file: changed ?? file,
        fix: generate,
      },
    );
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    if (error.code === 'schema-drift') return say(error.message, { file, fix: generate });
    // CI may lack what a config insists on; sources that cannot be read are broken everywhere.
    const isOfPlace = error.code === 'config-invalid' || error.code === 'orm-not-found';
    return say(
      `Whether the schema has changes without a migration could not be found out: ${error.message}`,
      { file, severity: isOfPlace ? 'info' : 'warning', fix: generate },
    );
  }
}

/** A file that is gone and that made tables, as far as its text says. */
async function deletedSchema(changes: GitChanges): Promise<string | undefined> {
  for (const path of changes.deleted) {
    if (isSource(path) && /drizzle-orm/.test((await changes.textBefore(path)) ?? '')) return path;
  }
  return undefined;
}

const MOST_SHOWN = 3;

function shown(statements: readonly string[]): string {
  const first = statements.slice(0, MOST_SHOWN).map((statement) => statement.replaceAll(/\s+/g, ' '));
  const more = statements.length - first.length;
  return `${first.join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}
