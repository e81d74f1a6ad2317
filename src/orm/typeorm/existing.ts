import { readRegularText } from '../../read-regular-file.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import { majorOf } from '../../project/settings.ts';
import { rehearseFresh } from '../../rehearse/fresh.ts';
import type { SourceCatalogs } from '../../rehearse/source-drift.ts';
import type { Finding } from '../../review/finding.ts';
import { parseScript } from '../../postgres/parse-script.ts';
import { posixRelative } from '../../workspace/posix-relative.ts';
import type { ExistingMigration, ExistingOptions } from '../existing.ts';
import type { LoadedDataSource, Query, TypeormMigration } from './child/child.ts';
import { mentionedTables } from './affected-tables.ts';
import { entityDrift, wantedCatalog } from './entity-drift.ts';
import { existingFindings } from './existing-findings.ts';
import { generateCommand } from './generate-command.ts';
import { ownTables, replayTypeormHistory, type TypeormHistory } from './history.ts';
import { historyFindings } from './history-findings.ts';
import { readOfRows } from './reads-rows.ts';
import { pastMigrations, rehearsalDatabase, type StartingDatabase } from './rehearsal-database.ts';
import { type RanMigration, runMigration, transactionModeOf } from './run-migration.ts';
import { runWithExtensions } from './run-with-extensions.ts';

import { migrationText } from './source/migration-text.ts';
import { migrationFolder } from './next-migration.ts';
import { pickMigration } from './pick-migration.ts';
import type { StartedTypeorm } from './start.ts';
import { ungenerated, type Ungenerated } from './ungenerated.ts';

/**
 * A migration of the data source: what its `up` and `down` run is found by running them on a disposable database that has
 * the history before it. Throws `usage` for one that is not there, `history-broken` where the history before it fails.
 */
export async function openExistingTypeorm(
  started: StartedTypeorm,
  options: ExistingOptions,
): Promise<ExistingMigration> {
  await loadSqlParser();
  const { project, host, current: child, cacheFolder, limits } = started;
  const loaded = await started.loaded;
  const migration = pickMigration(loaded.history, options.migration, project.root);
  const index = loaded.history.indexOf(migration);
  const history = await replayTypeormHistory({
    host,
    child,
    loaded,
    typeormVersion: project.typeorm.version,
    cacheFolder,
    keep: true,
    until: index,
    needsStatements: options.fresh || options.engine !== 'pglite',
  });
  options.signal?.throwIfAborted();
  const engine = { name: options.engine, version: majorOf(options.settings), from: project.root };
  const database = await rehearsalDatabase(history, loaded, { engine, signal: options.signal, limits });
  const isNewest = index === loaded.history.length - 1;
  const ran = await bothWays({ started, history, loaded }, migration, isNewest).catch(
    async (error: unknown) => {
      await discard(database);
      throw error;
    },
  );
  if (isOwnFailure(ran.up)) await discard(database);
  const path = migration.file ?? project.dataSourcePath;
  const written = migrationText(path, await readRegularText(path), migration, parseScript);
  const up = written.scriptOf('up', queriesOf(ran.up));
  const down = wayBack(ran, written.scriptOf);
  const transaction = transactionModeOf(loaded, migration);
  const own = { name: migration.name, sql: up.sql, transaction };
  const file = posixRelative(project.root, path);
  const odd = await historyFindings(project, loaded);
  return {
    name: migration.name,
    path,
    // What was not run for want of a way up is there all the same.
    rollbackPath: (down ?? (ran.up.failure && written.written?.down)) ? path : undefined,
    up: up.sql,
    down: down?.sql,
    schema: history.schema,
    source: ran.source === undefined ? undefined : Promise.resolve(ran.source),
    noSource: isNewest
      ? undefined
      : {
          reason: 'Entities describe the schema after the newest migration, and this one is older.',
          how: 'Rehearse the newest migration.',
          isExpected: true,
        },
    transaction,
    migratorTables: ownTables(loaded),
    findings: [
      ...odd
        .filter((finding) => finding.isGeneral === true || finding.file === path)
        .map((finding) => ({ ...finding, file: posixRelative(project.root, finding.file) })),
      ...existingFindings({ migration, loaded, ran, file, up, down, written }),
    ].map(asFinding),
    isRunnable: !isOwnFailure(ran.up),
    replay: () => database.ready,
    fresh: () =>
      rehearseFresh([...pastMigrations(history, loaded), own], loaded.transactionMode, {
        cacheFolder: undefined,
        keep: false,
        next: '',
        engine,
        signal: options.signal,
        limits,
      }),
    inFile: (findings) =>
      findings
        .map((finding) => (readOfRows(queriesOf(ran.up)) ? hangingOnRows(finding) : finding))
        .map((finding) => written.place(finding, up)),
  };
}

async function discard({ ready }: StartingDatabase): Promise<void> {
  await ready.then(
    ({ engine }) => engine.close(),
    () => undefined,
  );
}

export interface RanBothWays {
  readonly up: RanMigration;
  /** Undefined where there was no way up. */
  readonly down: RanMigration | undefined;
  readonly source: SourceCatalogs | string | undefined;
  /** What the entities ask for and no migration brings. */
  readonly ungenerated: Ungenerated | undefined;
}

/** Runs the migration on the shadow, up and down; the newest one is compared with the entities in between. */
async function bothWays(
  context: {
    readonly started: StartedTypeorm;
    readonly history: TypeormHistory;
    readonly loaded: LoadedDataSource;
  },
  migration: TypeormMigration,
  isNewest: boolean,
): Promise<RanBothWays> {
  const { started, history, loaded } = context;
  const { current: child } = started;
  const command = generateCommand(started.project, migrationFolder(loaded, started.project.dataSourcePath));
  const { shadow } = history;
  const input = { child, shadow, loaded };
  const tables = isNewest ? mentionedTables(loaded, await textsOf(migration)) : undefined;
  const start = isNewest ? await wantedCatalog(shadow, child, tables) : undefined;
  const up = await runWithExtensions(input, migration);
  if (up.failure) return { up, down: undefined, source: undefined, ungenerated: undefined };
  const reached = isNewest ? await wantedCatalog(shadow, child, tables) : undefined;
  const down = await runMigration(input, migration, 'down');
  if (start === undefined || reached === undefined)
    return { up, down, source: undefined, ungenerated: undefined };
  if (typeof start === 'string' || typeof reached === 'string')
    return { up, down, source: typeof start === 'string' ? start : String(reached), ungenerated: undefined };
  const drift = entityDrift(start, reached);
  return {
    up,
    down,
    source: drift.source,
    ungenerated: ungenerated(drift.ungenerated, reached.actual, command),
  };
}

/** Of its file, and of those that it imports. */
function textsOf({ file, imports }: TypeormMigration): Promise<string[]> {
  const paths = file === undefined ? [] : [file, ...imports];
  return Promise.all(paths.map((path) => readRegularText(path)));
}

/** What went through, and what Postgres refused: the rehearsal will tell why. */
function queriesOf({ queries, failure }: RanMigration): readonly Query[] {
  return failure?.query ? [...queries, failure.query] : queries;
}

/** The migration's own code fails, not its SQL. */
function isOwnFailure({ failure }: RanMigration): boolean {
  return failure !== undefined && failure.query === undefined;
}

function wayBack<Script>(
  { up, down }: RanBothWays,
  scriptOf: (way: 'down', queries: readonly Query[]) => Script,
): Script | undefined {
  if (!down || isOwnFailure(down)) return undefined;
  const queries = queriesOf(down);
  return queries.length === 0 && up.queries.length > 0 ? undefined : scriptOf('down', queries);
}

/** Keys that one run has read are not those of another. */
function hangingOnRows(finding: Finding): Finding {
  if (finding.severity !== 'error' || !/\[23\w{3}\]\.$/.test(finding.message)) return finding;
  return {
    ...finding,
    severity: 'warning',
    message: `${finding.message} The migration reads rows, which are others in the rehearsal: it may well run elsewhere.`,
  };
}

function asFinding(finding: Pick<Finding, 'rule' | 'severity' | 'message'> & Partial<Finding>): Finding {
  return { statement: '', objects: [], line: 1, column: 1, observed: false, ...finding };
}
