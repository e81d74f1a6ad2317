import { isSource } from '../../../project/source-file.ts';
import type { GitChanges } from '../../../workspace/git.ts';
import { TableplanError } from '../../../errors.ts';
import { diffCatalogs } from '../../../postgres/catalog.ts';
import { loadSqlParser } from '../../../postgres/sql.ts';
import { realDifferences } from '../../../rehearse/drift.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';
import type { Finding } from '../../../review/finding.ts';
import type { LoadedDataSource } from '../child/child.ts';
import { wantedCatalog } from '../entity-drift.ts';
import { generateCommand } from '../generate-command.ts';
import { replayTypeormHistory } from '../history.ts';
import { migrationFolder } from '../next-migration.ts';
import type { LazyTypeorm } from './lazy.ts';

/**
 * Whether the entities that have changed say something that no migration has. git tells which have changed, TypeORM's own
 * differ, on a disposable database with the history, what it would generate for their tables; what has no effect there is
 * no change. Where that cannot be found out, that is said.
 */
export async function entitiesWithoutMigration(lazy: LazyTypeorm, changes: GitChanges): Promise<Finding[]> {
  const changed = [...changes.changed, ...changes.deleted].filter(isSource);
  const [first] = changed;
  if (first === undefined) return [];
  const { project } = lazy;
  const say = (message: string, more: Partial<Finding> & { readonly file: string }): Finding[] => [
    historyFinding('schema-without-migration', { message, ...more }),
  ];
  const none = { history: [], migrations: { patterns: [], files: [], listed: 0 } };
  const fixFor = (loaded: Parameters<typeof migrationFolder>[0]) =>
    `Generate it: ${generateCommand(project, migrationFolder(loaded, project.dataSourcePath))}`;
  try {
    const { started, loaded } = await lazy.started();
    const fix = fixFor(loaded);
    const affected = affectedTables(loaded, changed, await hadEntities(changes));
    if (affected === undefined) return [];
    const { shadow } = await replayTypeormHistory({
      host: started.host,
      child: started.current,
      loaded,
      typeormVersion: project.typeorm.version,
      cacheFolder: lazy.cache ? started.cacheFolder : undefined,
      keep: lazy.cache,
    });
    await loadSqlParser();
    const found = await wantedCatalog(shadow, started.current, affected.tables);
    if (typeof found === 'string') return say(found, { file: affected.file, severity: 'warning', fix });
    if (realDifferences(diffCatalogs(found.wanted, found.actual)).length === 0) return [];
    return say(
      `The entities have changes that no migration has. TypeORM would generate: ${shown(found.statements)}`,
      { file: affected.file, fix },
    );
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    const fix = fixFor(none);
    // CI may lack what a data source insists on.
    const isOfPlace = error.code === 'config-invalid' || error.code === 'orm-not-found';
    return say(
      `Whether the entities have changes without a migration could not be found out: ${error.message}`,
      { file: first, severity: isOfPlace ? 'info' : 'warning', fix },
    );
  }
}

/** A deleted file that made tables, as far as its text says. */
async function hadEntities(changes: GitChanges): Promise<string | undefined> {
  for (const path of changes.deleted)
    if (isSource(path) && /@Entity\b|\bEntitySchema\b/.test((await changes.textBefore(path)) ?? ''))
      return path;
  return undefined;
}

/** The tables of changed entities; all where the file makes none itself (a base class); undefined for none at all. */
function affectedTables(
  { models, modules, history }: LoadedDataSource,
  changed: readonly string[],
  deleted: string | undefined,
): { readonly file: string; readonly tables: readonly string[] | undefined } | undefined {
  const migrations = new Set(history.map(({ file }) => file));
  const loaded = changed.filter((path) => modules.includes(path) && !migrations.has(path));
  const [file] = deleted === undefined ? loaded : [deleted];
  if (file === undefined) return undefined;
  const isOwn = (path: string): boolean => models.some((model) => model.file === path);
  if (deleted !== undefined || !loaded.every(isOwn)) return { file, tables: undefined };
  const tables = models
    .filter((model) => model.file !== undefined && loaded.includes(model.file))
    .map(({ table }) => `${table.schema}.${table.name}`);
  return { file, tables };
}

const MOST_SHOWN = 3;

function shown(statements: readonly string[]): string {
  const first = statements.slice(0, MOST_SHOWN).map((statement) => statement.replaceAll(/\s+/g, ' '));
  const more = statements.length - first.length;
  return `${first.join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}
