import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TableplanError } from './errors.ts';
import { checkMigration } from './orm/drizzle/check-migration.ts';
import { type GeneratedMigration, generateMigration } from './orm/drizzle/generate.ts';
import {
  checkHistory,
  type DrizzleHistory,
  olderSchemas,
  readHistory,
  readMigrations,
} from './orm/drizzle/history.ts';
import type { DrizzleConfig, Kit } from './orm/drizzle/kit/kit.ts';
import { refuseUnrecordedSchema, requirePostgres } from './orm/drizzle/preconditions.ts';
import { lockTimeoutSql, withLockTimeout } from './orm/drizzle/lock-timeout.ts';
import { applyRenames } from './orm/drizzle/rename-snapshot.ts';
import { rollbackPath } from './orm/drizzle/rollback-file.ts';
import { rollbackStatements, withoutCommonTables } from './orm/drizzle/rollback.ts';
import { EMPTY_SNAPSHOT } from './orm/drizzle/snapshot-json.ts';
import { EMPTY_SCHEMA, readSnapshot, requireSnapshot } from './orm/drizzle/snapshot.ts';
import { joinStatements } from './orm/drizzle/artifacts.ts';
import type { Change, Notice } from './plan/change.ts';
import type { DatabaseSchema } from './plan/database-schema.ts';
import { renderDdl } from './plan/ddl.ts';
import { deriveMigrationName } from './plan/migration-name.ts';
import type { ParsedPlan } from './plan/parse.ts';
import { resolveFor } from './orm/drizzle/resolve-for.ts';
import { cacheFolder } from './project/cache-folder.ts';
import { formatEditedFile, formatNewFile, warmFormatter } from './project/format.ts';
import type { ProjectLocation } from './project/locate.ts';
import { majorOf, readSettings, type Settings } from './project/settings.ts';
import type { StartedProject } from './start.ts';
import { readSources, type SchemaSources } from './project/sources.ts';
import { loadSqlParser } from './postgres/sql.ts';
import type { Check } from './record/record.ts';
import { prove } from './rehearse/prove.ts';
import type { Rehearsal } from './rehearse/rehearse.ts';
import type { ReplayedHistory } from './rehearse/replayed-history.ts';
import type { SeedDump } from './rehearse/seed-dump.ts';
import { gate, type GateResult } from './review/gate.ts';
import { tickedChecks, type Verification, verify } from './project/verification.ts';
import { editDrizzleSchema } from './schema/drizzle/edit.ts';
import { posixRelative } from './workspace/diff.ts';
import type { FileEdit } from './workspace/file-edit.ts';
import { inWorkspace } from './workspace/session.ts';

/** How a plan reaches the pipeline: words need to know which tables there are, and, newest first, which there were. */
export type PlanSource = (
  schema: DatabaseSchema,
  earlier: () => AsyncIterable<DatabaseSchema>,
) => Promise<ParsedPlan>;

export interface MigrationRequest {
  readonly plan: PlanSource;
  readonly dryRun: boolean;
  readonly typecheck: boolean;
  readonly tests: boolean;
  /** Rehearse on a disposable Postgres; without, the SQL alone is judged. */
  readonly rehearse: boolean;
  /** `pglite`, `embedded`, or the URL of an empty database. */
  readonly engine: string;
  /** Rows of the team's own to rehearse with, instead of invented ones. */
  readonly seed?: SeedDump | undefined;
  /** Stop at warnings too, whatever the settings say. */
  readonly enforce: boolean;
  /** Talk for people: what is waited for, what was put right. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Asked once with everything that is about to be written; false leaves all as it is. */
  readonly confirm?: ((draft: MigrationDraft) => Promise<boolean>) | undefined;
}

/** Everything that a run would write, before it is written. */
export interface MigrationDraft {
  readonly project: ProjectLocation;
  readonly plan: ParsedPlan;
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  /** Schema sources, migration, rollback script and record, as one list. */
  readonly edits: readonly FileEdit[];
  readonly migration: GeneratedMigration;
  readonly down: readonly string[];
  readonly proof: MigrationProof;
  /** Absolute path of the record. */
  readonly record: string;
}

/** What rehearsal and review say of the migration, and what of it stops the command. */
export interface MigrationProof extends GateResult {
  readonly rehearsal: Rehearsal | undefined;
}

export type MigrationOutcome =
  | {
      readonly status: 'no_changes';
      readonly project: ProjectLocation;
      readonly plan: ParsedPlan;
      readonly notices: readonly Notice[];
    }
  | {
      readonly status: 'done' | 'dry-run' | 'declined';
      readonly draft: MigrationDraft;
      readonly verification: Verification | undefined;
    };

/**
 * The whole way through: a plan in; schema edits, the ORM's migration, its rollback and the record out.
 * Every stage is one call, data flows down. Up to `flush` nothing of the project is touched; the flush is journalled.
 * Throws TableplanError, and then every file is as it was.
 */
export async function runPipeline(
  request: MigrationRequest,
  started: StartedProject,
): Promise<MigrationOutcome> {
  const { project } = started;
  const workspace = {
    root: project.root,
    repoRoot: project.repoRoot,
    dryRun: request.dryRun,
    say: request.say,
    signal: request.signal,
  };
  return inWorkspace(workspace, async (flush) => {
    const drafted = await draftMigration(request, started);
    if (drafted.status === 'no_changes') return drafted;
    const { draft } = drafted;
    if (request.confirm && !(await request.confirm(draft)))
      return { status: 'declined', draft, verification: undefined };
    if (request.dryRun) return { status: 'dry-run', draft, verification: undefined };
    request.signal?.throwIfAborted();
    await flush(draft.edits);
    const verification = await unlessInterrupted(request.signal, async (stopped) => {
      const checks = { typecheck: request.typecheck, tests: request.tests };
      const verified = await Promise.race([verify(project, checks), stopped]);
      // The signal may have reached the compiler before it is heard here.
      if (!verified.ok) await sleep(10);
      request.signal?.throwIfAborted();
      const ticked = await drafted.recordWith(tickedChecks(verified, draft.proof));
      if (ticked) await flush([ticked]);
      return verified;
    });
    return { status: 'done', draft, verification };
  });
}

/**
 * Runs the checks of what is written by now. A signal ends them, and `stopped` rejects: they prove nothing then, and the
 * record is not to say that they failed.
 */
async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  check: (stopped: Promise<never>) => Promise<T>,
): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await check(stopped);
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new TableplanError('interrupted', 'Interrupted during the checks; the migration is written.');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

type Drafted =
  | {
      readonly status: 'no_changes';
      readonly project: ProjectLocation;
      readonly plan: ParsedPlan;
      readonly notices: readonly Notice[];
    }
  | {
      readonly status: 'drafted';
      readonly draft: MigrationDraft;
      /** The record with other boxes ticked, as an edit of the one in the draft; undefined when nothing differs. */
      recordWith(checks: readonly Check[]): Promise<FileEdit | undefined>;
    };

async function draftMigration(request: MigrationRequest, started: StartedProject): Promise<Drafted> {
  const database: { history: Promise<ReplayedHistory> | undefined } = { history: undefined };
  try {
    return await draftWith(request, started, database);
  } finally {
    const closed = database.history?.then(({ engine }) => engine.close()).catch(() => undefined);
    // A run that ends early does not wait for a thread that it no longer needs; a server is to be left as it was.
    if (request.engine !== 'pglite') await closed;
  }
}

async function draftWith(
  request: MigrationRequest,
  { project, kit, reverse }: StartedProject,
  database: { history: Promise<ReplayedHistory> | undefined },
): Promise<Drafted> {
  const config = requirePostgres(await kit.config, project);
  const outDir = join(project.root, config.out ?? 'drizzle');
  const [history, sources, settings] = await Promise.all([
    readHistory(outDir),
    readSources(project.root, config.schema ?? []),
    readSettings(project.root),
  ]);
  if (request.rehearse) {
    // Starts in a thread of its own, and is ready when the SQL is.
    database.history = rehearsalDatabase(history, project, { request, settings });
    database.history.catch(() => undefined);
  }
  const historyNotices = checkHistory(history);
  refuseUnrecordedSchema(history, sources, project);

  const before = history.newest?.schema ?? EMPTY_SCHEMA;
  const plan = await request.plan(before, () => olderSchemas(history));
  const resolved = await resolveFor(plan, before, history);
  const notices = [...plan.notices, ...resolved.notices, ...historyNotices];
  if (resolved.changes.length === 0) return { status: 'no_changes', project, plan, notices };

  const edited = editDrizzleSchema({
    ...sources,
    root: project.root,
    casing: config.casing,
    changes: resolved.changes,
    before,
  });
  const needed = keepNeeded(edited.edits, sources);
  const drafted = await Promise.all(needed.map((edit) => formattedNew(edit, project)));
  // What prettier moves is the same to drizzle-kit, which need not wait for it.
  const formatting = Promise.all(drafted.map((edit) => formattedEdit(edit, project)));

  const name = deriveMigrationName(plan.plan);
  // drizzle-kit works in its own process: what the record needs is loaded meanwhile.
  const writing = import('./record/draft.ts');
  writing.catch(() => undefined);
  void warmFormatter(project.root);
  const breakpoints = config.breakpoints ?? true;
  const { lockTimeout } = settings;
  const generated = await generate({
    kit,
    project,
    config,
    outDir,
    sources,
    edits: drafted,
    history,
    changes: resolved.changes,
    name,
  });
  const migration =
    lockTimeout === undefined ? generated : withLockTimeout(generated, lockTimeout, { breakpoints });
  const edits = await formatting;
  const after = readSnapshot(migration.snapshot);
  await checkMigration({ plan, history, changes: resolved.changes, migration, after });

  const told = applyRenames(history.newest?.json ?? EMPTY_SNAPSHOT, resolved.changes);
  const { from, to } = withoutCommonTables(requireSnapshot(migration.snapshot, migration.tag), told);
  const back = rollbackStatements(await reverse.diff(from, to), resolved.changes, { from, to });
  const down = lockTimeout === undefined ? back : [lockTimeoutSql(lockTimeout), ...back];
  const rollbackFile = await rollbackPath(outDir, migration.tag);
  const allNotices = [...notices, ...edited.notices];
  const safety = plan.plan.documents[0]?.safety;
  const enforce = request.enforce || settings.safety === 'enforce';
  const { rehearsal, ...judged } = await prove({
    up: migration.sql,
    down: down.join(';\n'),
    planned: renderDdl(resolved.changes, before),
    schema: before,
    review: {
      transaction: 'all',
      file: posixRelative(project.root, migration.sqlPath),
      postgresVersion: settings.postgresVersion,
      assumeTimeouts: settings.assumeTimeouts,
    },
    ignoredSchemas: [config.migrations?.schema ?? 'drizzle'],
    history: database.history,
    seed: request.seed,
    isManual: safety?.rollback === 'manual',
  });
  refusePlanThatFails(rehearsal);
  const proof: MigrationProof = { rehearsal, ...gate(judged.findings, { safety, enforce }) };
  const { draftRecord } = await writing;
  const record = await draftRecord(
    project.root,
    {
      plan,
      number: migration.number,
      name,
      changes: resolved.changes,
      after,
      up: migration.sql,
      down,
      byHand: migration.byHand,
      findings: [...allNotices, ...proof.findings],
      overridden: proof.overridden,
      rehearsal,
      sqlPath: migration.sqlPath,
      rollbackPath: rollbackFile,
      editedPaths: edits.map(({ path }) => path),
    },
    tickedChecks(undefined, proof),
  );
  return {
    status: 'drafted',
    draft: {
      project,
      plan,
      changes: resolved.changes,
      notices: allNotices,
      edits: [
        ...edits,
        ...migration.edits,
        {
          path: rollbackFile,
          before: null,
          after: `${joinStatements(down, { breakpoints })}\n`,
        },
        record.edit,
      ],
      migration,
      down,
      proof,
      record: record.edit.path,
    },
    recordWith: record.withChecks,
  };
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

async function formattedNew(edit: FileEdit, { root }: ProjectLocation): Promise<FileEdit> {
  const { path, before, after } = edit;
  if (before !== null || after === null) return edit;
  return { ...edit, after: await formatNewFile(after, path, { root, always: false }) };
}

async function formattedEdit(edit: FileEdit, { root }: ProjectLocation): Promise<FileEdit> {
  const { path, before, after } = edit;
  if (before === null || after === null) return edit;
  return { ...edit, after: await formatEditedFile({ before, after }, path, root) };
}

interface GenerateStage {
  readonly kit: Kit;
  readonly project: ProjectLocation;
  readonly config: DrizzleConfig;
  readonly outDir: string;
  readonly sources: SchemaSources;
  readonly edits: readonly FileEdit[];
  readonly history: DrizzleHistory;
  readonly changes: readonly Change[];
  readonly name: string;
}

async function generate(stage: GenerateStage): Promise<GeneratedMigration> {
  const { history, sources, edits, changes } = stage;
  const created = edits
    .filter(({ path, before }) => before === null && sources.globMatches(path))
    .map(({ path }) => path);
  const deleted = new Set(edits.filter(({ after }) => after === null).map(({ path }) => path));
  const migration = await generateMigration({
    kit: stage.kit,
    cwd: stage.project.root,
    outDir: stage.outDir,
    config: stage.config,
    schemaFiles: [...sources.entries.filter((path) => !deleted.has(path)), ...created],
    edits,
    changes,
    name: stage.name,
    history: {
      journal: history.journal,
      snapshot: history.newest && { ...history.newest, told: applyRenames(history.newest.json, changes) },
    },
    now: Date.now(),
  });
  if (migration) return migration;
  throw new TableplanError(
    'generate-failed',
    'The plan changes the schema source, but neither drizzle-kit nor the plan has a statement to write for it.',
    {
      hint: 'Nothing was written. Is the table exported from a file that drizzle-kit loads?',
    },
  );
}

/** The plan's own DDL is its last check: what Postgres refuses there was never a valid plan. */
function refusePlanThatFails(rehearsal: Rehearsal | undefined): void {
  const failure = rehearsal?.planFailure;
  if (!failure) return;
  throw new TableplanError('plan-invalid', `Postgres refuses what the plan asks for: ${failure.message}.`, {
    frame: failure.sql,
    hint: `SQLSTATE ${failure.sqlstate}, on an empty database with this project's history. Nothing was written.`,
  });
}

/** The history as the project's migrator has run it, on a database made for this run. */
async function rehearsalDatabase(
  history: DrizzleHistory,
  project: ProjectLocation,
  { request, settings }: { readonly request: MigrationRequest; readonly settings: Settings },
): Promise<ReplayedHistory> {
  const [{ replayHistory }, migrations] = await Promise.all([
    import('./rehearse/replayed-history.ts'),
    readMigrations(history),
  ]);
  await loadSqlParser();
  return replayHistory(migrations, {
    cacheFolder: await cacheFolder(project),
    keep: !request.dryRun,
    next: '',
    signal: request.signal,
    engine: { name: request.engine, version: majorOf(settings), from: project.root },
  });
}
