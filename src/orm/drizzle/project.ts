import { TableplanError } from '../../errors.ts';
import { renderDdl } from '../../plan/ddl.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import { majorOf } from '../../project/settings.ts';
import { specifierSuffix } from '../../project/imports.ts';
import { readSources, type SchemaSources } from '../../project/sources.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import type { TableNames } from '../../plan/table-names.ts';
import { type ReplayedHistory, replayHistory, type ReplayOptions } from '../../rehearse/replayed-history.ts';
import { editDrizzleSchema } from '../../schema/drizzle/edit.ts';
import { outsideFilter, tableNamesOf } from '../../schema/drizzle/table-names.ts';
import type { StartedDrizzle } from './start.ts';
import { readRegularText } from '../../read-regular-file.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import { startedDatabases } from '../started-databases.ts';
import type {
  GenerateRequest,
  OpenOptions,
  OrmMigration,
  OrmProject,
  OrmWords,
  Rewriting,
} from '../orm-project.ts';
import { joinStatements } from './artifacts.ts';
import { drizzleCapabilities } from './capabilities.ts';
import { checkMigration } from './check-migration.ts';
import { documentDrizzle } from './documented.ts';
import { doubleDefinitions } from './double-definitions.ts';
import { type GeneratedMigration, generateMigration } from './generate.ts';
import { snapshotNeeded } from './check-history.ts';
import { historyFindings } from './history-findings.ts';
import { type DrizzleHistory, olderSchemas, readHistory, readMigrations } from './history.ts';
import type { DrizzleConfig } from './kit/kit.ts';
import { withKeptNames } from './kept-names.ts';
import { migratorTables } from './migrator-tables.ts';
import { outOf } from './out-folder.ts';
import { refuseUnrecordedSchema, requirePostgres } from './preconditions.ts';
import { applyRenames } from './rename-snapshot.ts';
import { resolveFor } from './resolve-for.ts';
import { rollbackPath } from './rollback-file.ts';
import { rollbackStatements, withoutCommonTables } from './rollback.ts';
import { EMPTY_SNAPSHOT } from './snapshot-json.ts';
import { layOutSnapshots } from './snapshot-layout.ts';
import { EMPTY_SCHEMA, readSnapshot, requireSnapshot } from './snapshot.ts';
import { correctedHead, type HistoryContext, usableHistory } from './usable-history.ts';

const WORDS: OrmWords = {
  generator: 'drizzle-kit',
  compared: 'snapshots compared',
  migrate: 'npx drizzle-kit migrate',
};

/** A Drizzle project as the pipeline sees it. Throws what reading its config, history and sources throws. */
export async function openDrizzle(started: StartedDrizzle, options: OpenOptions): Promise<OrmProject> {
  const { project, kit } = started;
  const config = requirePostgres(await kit.config, project);
  const outDir = await outOf(config, project);
  const [found, sources, suffix] = await Promise.all([
    readHistory(outDir),
    readSources(project.root, config.schema ?? []),
    specifierSuffix(project.root),
  ]);
  const context = { started, config, sources, options };
  // Repairing replays the history too: the database that is rehearsed on starts from what that has kept.
  const usable = options.repairSnapshots ? await usableHistory(found, context) : undefined;
  const replay = (begun: () => void): Promise<ReplayedHistory> =>
    rehearsalDatabase(usable?.history ?? found, started, { ...options, begun });
  const databases = startedDatabases(replay, options);
  try {
    const { history, before, notices, problem, repairs } = usable ?? (await usableHistory(found, context));
    const findings = await historyFindings(outDir, { root: project.root, chain: false });
    if (!options.readOnly) refuseUnrecordedSchema(history, sources, project);
    // Editing keeps this thread busy, which would hold the database up.
    await databases.begun;
    const filter = listOf(config.tablesFilter);
    const tableNames = tableNamesOf({ ...sources, before }, filter);
    return {
      words: WORDS,
      capabilities: drizzleCapabilities,
      before,
      tableNames,
      earlier: () => olderSchemas(history),
      notices: [...notices, ...(await doubleDefinitions(sources))],
      findings,
      repairs,
      transaction: 'all',
      migratorTables: migratorTables(config),
      places: { migrations: outDir, entries: sources.entries },
      replay: () => databases.take(),
      async resolve(plan) {
        const resolution = await resolveFor(plan, before, history, tableNames);
        if (problem && resolution.changes.length > 0) throw problem;
        return resolution;
      },
      edit(changes) {
        const { root } = project;
        const edited = editDrizzleSchema({
          ...sources,
          root,
          casing: config.casing,
          suffix,
          changes,
          before,
        });
        const notices = [...edited.notices, ...outsideFilter(changes, filter)];
        return { ...edited, notices, edits: keepNeeded(edited.edits, sources) };
      },
      async generate(request) {
        try {
          return await generate({ started, config, outDir, sources, history, tableNames, repairs }, request);
        } catch (error) {
          throw options.repairSnapshots ? error : await lagOr(error, history, context);
        }
      },
      documented: () => documentDrizzle(history, sources, { ...project, config }),
      close: () => databases.close(),
    };
  } catch (error) {
    await databases.close();
    throw error;
  }
}

/**
 * Changes of the sources that no snapshot has are no drift where the migrations have them: the snapshot lags behind, as
 * after a migration that was written by hand. What cannot be looked at leaves the error as it is.
 */
async function lagOr(error: unknown, history: DrizzleHistory, context: HistoryContext): Promise<unknown> {
  if (!(error instanceof TableplanError) || error.code !== 'schema-drift' || !history.newest) return error;
  const { edit } = await correctedHead(history, context).catch(() => ({ edit: undefined }));
  if (!edit) return error;
  return snapshotNeeded(
    `${edit.path} lags behind: the migrations have changes that it does not have, and drizzle-kit would repeat them. ${error.message}`,
    edit.path,
  );
}

/** The history as the project's migrator has run it, on a database made for this run. */
async function rehearsalDatabase(
  history: DrizzleHistory,
  { project, limits }: StartedDrizzle,
  { settings, keep, engine, signal, begun }: OpenOptions & Pick<ReplayOptions, 'begun'>,
): Promise<ReplayedHistory> {
  const [migrations] = await Promise.all([readMigrations(history), loadSqlParser()]);
  return replayHistory(migrations, {
    cacheFolder: await cacheFolder(project),
    keep,
    next: '',
    signal,
    limits,
    begun,
    engine: { name: engine, version: majorOf(settings), from: project.root },
  });
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** A file that the config cannot do without stays when its last table goes: an empty module. */
function keepNeeded(edits: readonly FileEdit[], { entries, mustStay }: SchemaSources): readonly FileEdit[] {
  const gone = new Set(edits.filter(({ after }) => after === null).map(({ path }) => path));
  const first = entries.every((path) => gone.has(path)) ? entries[0] : undefined;
  return edits.map((edit) =>
    gone.has(edit.path) && (edit.path === first || mustStay(edit.path))
      ? { ...edit, after: 'export {};\n' }
      : edit,
  );
}

interface Opened {
  readonly started: StartedDrizzle;
  readonly config: DrizzleConfig;
  readonly outDir: string;
  readonly sources: SchemaSources;
  readonly history: DrizzleHistory;
  readonly tableNames: TableNames | undefined;
  readonly repairs: readonly FileEdit[];
}

async function generate(
  { started, config, outDir, sources, history, tableNames, repairs }: Opened,
  { plan, changes, edits, name }: GenerateRequest,
): Promise<OrmMigration> {
  const { project, kit, reverse } = started;
  const created = edits
    .filter(({ path, before }) => before === null && sources.globMatches(path))
    .map(({ path }) => path);
  const deleted = new Set(edits.filter(({ after }) => after === null).map(({ path }) => path));
  const told = applyRenames(history.newest?.json ?? EMPTY_SNAPSHOT, changes);
  const generated = await generateMigration({
    kit,
    cwd: project.root,
    outDir,
    config,
    schemaFiles: [...sources.entries.filter((path) => !deleted.has(path)), ...created],
    edits,
    changes,
    name,
    history: {
      journal: history.journal,
      ahead: history.numbering.ahead,
      snapshot: history.newest && { ...history.newest, told },
    },
    now: Date.now(),
  });
  if (!generated) throw nothingToWrite();
  const newest = repairs.length === 0 ? history.newest?.text : await newestOnDisk(history, repairs);
  const laidOut = await layOutSnapshots([...repairs, ...generated.edits], { newest, root: project.root });
  const migration = { ...generated, edits: laidOut };
  const after = readSnapshot(migration.snapshot);
  await checkMigration({ plan, history, changes, migration, after, tableNames });
  const { from, to } = withoutCommonTables(requireSnapshot(migration.snapshot, migration.tag), told);
  const { renames } = migration;
  const down = rollbackStatements(await reverse.diff(from, to), changes, { from, to, renames: renames.down });
  const rollbackFile = await rollbackPath(outDir, migration.tag);
  const before = withKeptNames(history.newest?.schema ?? EMPTY_SCHEMA, after, changes);
  const planned = [...renderDdl(changes, before), ...renames.ofViews];
  const breakpoints = config.breakpoints ?? true;
  return asOrmMigration({ migration, after, planned, rollbackFile, breakpoints }, down);
}

/** The newest snapshot that this run does not make. */
async function newestOnDisk(
  { snapshots }: DrizzleHistory,
  repairs: readonly FileEdit[],
): Promise<string | undefined> {
  const made = new Set(repairs.map(({ path }) => path));
  const last = snapshots.findLast(({ path }) => !made.has(path));
  return last && readRegularText(last.path);
}

function nothingToWrite(): TableplanError {
  return new TableplanError(
    'generate-failed',
    'The plan changes the schema source, but neither drizzle-kit nor the plan has a statement to write for it.',
    {
      hint: 'Nothing was written. Is the table exported from a file that drizzle-kit loads?',
    },
  );
}

interface Written {
  readonly migration: GeneratedMigration;
  readonly after: OrmMigration['after'];
  readonly planned: readonly string[];
  readonly rollbackFile: string;
  readonly breakpoints: boolean;
}

function asOrmMigration(written: Written, down: readonly string[]): OrmMigration {
  const { migration, after, planned, rollbackFile: rollback, breakpoints } = written;
  const { sqlPath } = migration;
  const script = `${joinStatements(down, { breakpoints })}\n`;
  return {
    tag: migration.tag,
    appliedAs: migration.tag,
    number: migration.number,
    statements: migration.statements,
    sql: migration.sql,
    down,
    edits: [...migration.edits, { path: rollback, before: null, after: script }],
    sqlPath,
    rollbackPath: rollback,
    byHand: migration.byHand,
    after,
    planned,
    notices: [],
    async rewritten({ statements, down: back, byHand }: Rewriting) {
      const sql = joinStatements(statements, { breakpoints });
      const rewritten: GeneratedMigration = {
        ...migration,
        sql,
        statements,
        edits: migration.edits.map((edit) => (edit.path === sqlPath ? { ...edit, after: sql } : edit)),
        byHand: [...migration.byHand, ...byHand],
      };
      return asOrmMigration({ ...written, migration: rewritten }, back);
    },
  };
}
