import { basename } from 'node:path';
import picomatch from 'picomatch';
import { LimitExceeded } from '../../limits.ts';
import type { Notice } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { importCandidates, specifierSuffix } from '../../project/imports.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import { majorOf } from '../../project/settings.ts';
import { tableNamesIn } from '../../plan/table-names.ts';
import { readDependants } from '../../postgres/read-dependants.ts';
import type { ReplayedHistory } from '../../rehearse/replayed-history.ts';
import type { Finding } from '../../review/finding.ts';
import { editTypeormSchema } from '../../schema/typeorm/edit.ts';
import { posixRelative } from '../../workspace/posix-relative.ts';
import type { SourceText } from '../../workspace/file-edit.ts';
import { startedDatabases } from '../started-databases.ts';
import type { GenerateRequest, OpenOptions, OrmMigration, OrmProject } from '../orm-project.ts';
import { brokenByEdit } from './broken-by-edit.ts';
import { typeormCapabilities } from './capabilities.ts';
import { checkTypeormMigration } from './check-migration.ts';
import type { LoadedDataSource, Query } from './child/child.ts';
import { changedSince } from './changed-since.ts';
import { affectedTables } from './affected-tables.ts';
import { documentTypeorm } from './documented.ts';
import { generateTypeormMigration } from './generate.ts';
import { readEntitySources, readTexts } from './entity-sources.ts';
import { earlierSchemas } from './earlier-schemas.ts';
import { ownTables, replayTypeormHistory, type TypeormHistory } from './history.ts';
import { pastMigrations, rehearsalDatabase } from './rehearsal-database.ts';
import { historyFindings } from './history-findings.ts';
import { migrationFolder } from './next-migration.ts';
import { plannedDdl } from './planned-ddl.ts';
import { refusePlannedDdl } from './refuse-planned-ddl.ts';
import { refuseUnloaded } from './refuse-unloaded.ts';
import { resolveForTypeorm, type TypeormResolving } from './resolve-for.ts';
import { asScript, asStatement } from './script.ts';
import { migrationText } from './source/migration-text.ts';
import { type StartedTypeorm, startTypeorm } from './start.ts';
import { type WrittenMigration, writeTypeormMigration } from './write-migration.ts';

/**
 * A TypeORM project as the pipeline sees it: its migrations replayed on a disposable database, which TypeORM then compares
 * with its entities, and which is rehearsed on. Throws what loading the data source and replaying its history throws.
 */
export async function openTypeorm(started: StartedTypeorm, options: OpenOptions): Promise<OrmProject> {
  await loadSqlParser();
  const loaded = await loadedNow(started);
  const history = await replay(started, loaded, options);
  const { project, current } = started;
  const [findings, migrations, sources, suffix] = await Promise.all([
    historyFindings(project, loaded),
    readTexts(loaded.history.flatMap(({ file }) => file ?? [])),
    readEntitySources(project, loaded),
    specifierSuffix(project.root),
  ]);
  const before = history.schema;
  const tableNames = tableNamesIn(before, [
    { prefix: loaded.entityPrefix ?? '', suffix: '', source: 'entityPrefix' },
  ]);
  const resolving: TypeormResolving = {
    ask: current.names,
    version: project.typeorm.version,
    migrations: migrations.map(({ text }) => text),
    conventions: before,
    tableNames,
    dependants: () => readDependants(history.shadow.engine),
  };
  const opened: Opened = { started, loaded, history, before, resolving };
  const databases = rehearsalDatabases({ started, loaded, history }, options);
  return {
    words: {
      generator: 'TypeORM',
      compared: 'database and entities compared before and after',
      migrate: `npx typeorm migration:run -d ${posixRelative(project.root, project.dataSourcePath)}`,
    },
    capabilities: typeormCapabilities(project.typeorm.version),
    before,
    tableNames,
    earlier: () => earlier(opened, options),
    notices: history.shadow.notTested.map((message) => ({
      severity: 'info',
      rule: 'not-rehearsed',
      message,
    })),
    // What is odd about older files is for review and rehearse to say: no plan can settle it.
    findings: findings.filter(({ rule }) => rule === 'synchronize').map(asFinding),
    repairs: [],
    transaction: loaded.transactionMode,
    migratorTables: ownTables(loaded),
    places: {
      migrations: migrationFolder(loaded, project.dataSourcePath),
      entries: [project.dataSourcePath],
    },
    replay: () => databases.take(),
    resolve: (plan) => resolveForTypeorm(plan, before, resolving),
    edit: (changes) =>
      editTypeormSchema({
        root: project.root,
        sources,
        suffix,
        resolveImport: resolverOf(sources),
        globMatches: globOf(loaded),
        entities: loaded.models,
        changes,
        before,
        dataSourcePath: project.dataSourcePath,
        entityPrefix: loaded.entityPrefix,
        defaultSchema: loaded.schema,
      }),
    generate: (request) => generate(opened, request),
    documented: async () => documentTypeorm(started, loaded),
    async close() {
      await Promise.all([started.stop(), databases.close()]);
    },
  };
}

/** It was loaded before this run had the lock: once more where another run has written since, or was writing then. */
async function loadedNow(started: StartedTypeorm): Promise<LoadedDataSource> {
  const early = await started.loaded.catch((error: unknown) => {
    if (error instanceof LimitExceeded) throw error;
  });
  if (early && !(await changedSince(early, started.project.root))) return early;
  await started.reload();
  return started.loaded;
}

interface Opened {
  readonly started: StartedTypeorm;
  readonly loaded: LoadedDataSource;
  readonly history: TypeormHistory;
  readonly before: DatabaseSchema;
  readonly resolving: TypeormResolving;
}

/** Older schemas, for words that name what is gone; the SQL of migrations that an earlier run has left out is found first. */
async function* earlier(
  { started, loaded, history }: Opened,
  options: OpenOptions,
): AsyncGenerator<DatabaseSchema> {
  const { extensions } = history;
  const { cacheFolder } = started;
  const ignored = ownTables(loaded);
  const { root } = started.project;
  const known = { extensions, ignored, cacheFolder, from: root };
  if (history.statements.size === loaded.history.length) {
    yield* earlierSchemas(pastMigrations(history, loaded), known);
    return;
  }
  const again = await startTypeorm(started.project, {
    keep: options.keep,
    purpose: 'review',
    timeoutMs: started.limits.timeoutMs,
  });
  try {
    const replayed = await replay(again, await again.loaded, options, true);
    yield* earlierSchemas(pastMigrations(replayed, loaded), known);
  } finally {
    await again.stop();
  }
}

interface Databases {
  take(): Promise<ReplayedHistory>;
  close(): Promise<void>;
}

/**
 * The databases that are rehearsed on: the shadow itself, and after it another one; or those of the engine that is named,
 * since the process of the project speaks to PGlite alone.
 */
function rehearsalDatabases(
  { started, loaded, history }: Pick<Opened, 'started' | 'loaded' | 'history'>,
  options: OpenOptions,
): Databases {
  const { root } = started.project;
  const { limits } = started;
  if (options.engine !== 'pglite') {
    const engine = { name: options.engine, version: majorOf(options.settings), from: root };
    const start = async (): Promise<ReplayedHistory> =>
      (await rehearsalDatabase(history, loaded, { engine, signal: options.signal, limits })).ready;
    return startedDatabases(start, options);
  }
  const first = asReplayed(history);
  const others: (() => Promise<void>)[] = [];
  let isTaken = false;
  return {
    async take() {
      if (!isTaken) {
        isTaken = true;
        return first;
      }
      const again = await startTypeorm(started.project, {
        keep: false,
        timeoutMs: limits.timeoutMs,
      });
      others.push(() => again.stop());
      return asReplayed(await replay(again, await again.loaded, options));
    },
    async close() {
      await Promise.all(others.map((stop) => stop()));
    },
  };
}

function replay(
  { host, current, project, cacheFolder }: StartedTypeorm,
  loaded: LoadedDataSource,
  { keep, rehearse, engine }: OpenOptions,
  // Another engine gets the history as SQL.
  needsStatements = rehearse && engine !== 'pglite',
): Promise<TypeormHistory> {
  const typeormVersion = project.typeorm.version;
  return replayTypeormHistory({
    host,
    child: current,
    loaded,
    typeormVersion,
    cacheFolder,
    keep,
    needsStatements,
  });
}

function asReplayed({ shadow, notes, kept }: TypeormHistory): ReplayedHistory {
  return { engine: shadow.engine, failure: undefined, notTested: shadow.notTested, notes, kept };
}

function asFinding(finding: Pick<Finding, 'rule' | 'severity' | 'message'> & Partial<Finding>): Finding {
  return { statement: '', objects: [], line: 1, column: 1, observed: false, ...finding };
}

function resolverOf(sources: readonly SourceText[]): (from: string, specifier: string) => string | undefined {
  const candidates = importCandidates();
  const known = new Set(sources.map(({ path }) => path));
  return (from, specifier) => candidates(from, specifier).find((path) => known.has(path));
}

function globOf({ entities }: LoadedDataSource): (path: string) => boolean {
  return (path) => entities.patterns.some((pattern) => picomatch.isMatch(path, pattern));
}

async function generate(opened: Opened, request: GenerateRequest): Promise<OrmMigration> {
  const { started, loaded, history, before, resolving } = opened;
  const { plan, changes, edits, name } = request;
  const { current, staged, project } = started;
  const files = Object.fromEntries(edits.map(({ path, after }) => [path, after]));
  const loading = { root: project.root, dataSourcePath: project.dataSourcePath, edits };
  const edited = await staged.load(files).catch((cause: unknown) => {
    // What other entities refer to by now is in none of the lists. A new one that does not find another was loaded itself.
    const [, owner] = /Entity metadata for (\w+)#\S+ was not found/.exec(String(cause)) ?? [];
    const isOwn = edits.some(({ before: old, after }) => old === null && after?.includes(`class ${owner} `));
    if (owner !== undefined && !isOwn) refuseUnloaded(changes, { ...loading, edited: loaded });
    throw brokenByEdit(cause);
  });
  refuseUnloaded(changes, { ...loading, edited });
  const generating = async () => {
    const generated = await generateTypeormMigration({
      current,
      staged,
      shadow: history.shadow,
      changes,
      before,
      after: request.after,
      loaded,
      models: { current: loaded.models, staged: edited.models },
      tables: affectedTables(loaded, edited, changes),
    });
    const all = [...generated.down, ...generated.up].map(({ sql }) => sql).join(';\n');
    await checkTypeormMigration(plan, generated.schema, resolving, all);
    return generated;
  };
  const statements = await generating().catch(async (cause: unknown) => {
    // TypeORM leaves out what it takes for nothing (a length of 0): then it is the plan that is wrong.
    await refusePlannedDdl(
      history.shadow.engine,
      await plannedDdl({ changes, before, told: [], ask: current.names }),
      plan,
    );
    throw cause;
  });
  const planned = await plannedDdl({ changes, before, told: statements.told, ask: current.names });
  const notices = [...left('before the plan', statements.baseline), ...left('after it', statements.endless)];
  const { root, dataSourcePath } = project;
  const written = { root, loaded, dataSourcePath, name, now: Date.now() };
  const common = { planned, after: statements.schema, notices, byHand: statements.byHand };
  return asOrmMigration(written, statements, common);
}

/** What TypeORM would generate besides, time and again: not this plan's, and left out. */
function left(when: string, queries: readonly Query[]): Notice[] {
  return queries.length === 0
    ? []
    : [
        {
          severity: 'info',
          rule: 'spurious-diff',
          message: `TypeORM finds differences ${when} that are not the plan's; they are left out: ${someOf(queries.map(({ sql }) => sql))}`,
        },
      ];
}

/** The first statements, and how many more there are: a history that was never in order has hundreds. */
function someOf(statements: readonly string[]): string {
  const shown = statements.slice(0, 3).map((sql) => (sql.length > 120 ? `${sql.slice(0, 119)}…` : sql));
  const more = statements.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

type Writing = Omit<Parameters<typeof writeTypeormMigration>[0], 'up' | 'down'>;

async function asOrmMigration(
  writing: Writing,
  { up, down }: { readonly up: readonly Query[]; readonly down: readonly Query[] },
  common: Pick<OrmMigration, 'planned' | 'after' | 'notices' | 'byHand'>,
): Promise<OrmMigration> {
  const written = await writeTypeormMigration({ ...writing, up, down });
  const statements = up.map(asStatement);
  const back = down.map(asStatement);
  const known = new Map([...up, ...down].map((query) => [asStatement(query), query]));
  const asQuery = (text: string): Query => known.get(text) ?? { sql: text.replace(/;\s*$/, '') };
  return {
    ...common,
    tag: basename(written.path).replace(/\.[jt]s$/, ''),
    appliedAs: written.className,
    number: written.number,
    statements,
    sql: asScript(up),
    down: back,
    edits: written.edits,
    sqlPath: written.path,
    rollbackPath: written.path,
    notices: [...common.notices, ...written.notices],
    inFile: placing(written, statements),
    rewritten: (change) =>
      asOrmMigration(
        writing,
        { up: change.statements.map(asQuery), down: change.down.map(asQuery) },
        { ...common, byHand: [...common.byHand, ...change.byHand] },
      ),
  };
}

/** Findings at the lines of the class: its queries stand there one by one, as they are in the script. */
function placing(
  { path, className, edits }: WrittenMigration,
  statements: readonly string[],
): NonNullable<OrmMigration['inFile']> {
  const text = migrationText(path, edits[0]?.after ?? '', { className, name: className });
  const script = text.scriptOf('up', text.written?.up.queries ?? []);
  return (finding, judged) =>
    text.place({ ...finding, line: lineAmong(statements, judged, finding.line) }, script);
}

/** The line in a script of statements that have got comments above them since they were judged. */
function lineAmong(now: readonly string[], judged: readonly string[], line: number): number {
  let [first, added] = [1, 0];
  for (const [index, statement] of judged.entries()) {
    if (first > line) break;
    added += lines(now[index] ?? statement) - lines(statement);
    first += lines(statement);
  }
  return line + added;
}

function lines(statement: string): number {
  return asScript([{ sql: statement }]).split('\n').length;
}
