import { setTimeout as sleep } from 'node:timers/promises';
import type { CodeDraft, WriteCode } from './crud/code.ts';
import { TableplanError } from './errors.ts';
import { openProject } from './orm/open.ts';
import type { OrmMigration, OrmProject, OrmWords } from './orm/orm.ts';
import type { Change, Notice } from './plan/change.ts';
import { type DatabaseSchema, displayName } from './plan/database-schema.ts';
import { deriveMigrationName } from './plan/migration-name.ts';
import type { ParsedPlan } from './plan/parse.ts';
import { planRefused } from './plan/plan-refused.ts';
import type { PlanSafety } from './plan/plan.ts';
import { printPlan } from './plan/print.ts';
import { type TableNames, withTableNames } from './plan/table-names.ts';
import { formatEdit, type FormatOptions, warmFormatter } from './project/format.ts';
import type { ProjectBase } from './project/locate.ts';
import { readSettings, type Settings } from './project/settings.ts';
import { shownPaths } from './project/shown-paths.ts';
import type { SeedDump } from './rehearse/seed-dump.ts';
import { tickedChecks, type Verification, verify } from './project/verification.ts';
import { type StepResult, typecheckAhead } from './project/verify.ts';
import type { Check } from './record/record.ts';
import { type Proof, prove } from './rehearse/prove.ts';
import { refuseUnrunnable } from './rehearse/unrunnable.ts';
import type { Rehearsal } from './rehearse/rehearse.ts';
import type { Unproven } from './rehearse/unproven.ts';
import { type Decision, withAllowed, withFixes } from './review/decide.ts';
import { withAllowComments } from './review/allow.ts';
import type { Finding } from './review/finding.ts';
import { gate, type GateResult, type OverriddenFinding } from './review/gate.ts';
import { noticesWithLevels, rulesOff, withLevels } from './review/rule-levels.ts';
import type { StartedProject } from './start.ts';
import { posixRelative } from './workspace/diff.ts';
import { keepDraft, type KeptDraft } from './workspace/drafts.ts';
import type { FileEdit } from './workspace/file-edit.ts';
import type { Limits } from './limits.ts';
import { requireInside } from './workspace/inside.ts';
import type { ProjectFolders } from './workspace/own-folder.ts';
import { freeRunId, hashOf, rememberRun } from './workspace/remembered.ts';
import { inWorkspace } from './workspace/session.ts';

/** How a plan reaches the pipeline: words need to know which tables there are, and, newest first, which there were. */
export type PlanSource = (
  schema: DatabaseSchema,
  earlier: () => AsyncIterable<DatabaseSchema>,
  names: TableNames | undefined,
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
  /** Stop where nothing was rehearsed or compared, unless that was left out on purpose: in CI. */
  readonly mustBeProven?: boolean | undefined;
  /** Make the newest snapshot from the replayed history where it is missing or lags behind. */
  readonly repairSnapshots?: boolean | undefined;
  /** Why it is to be written though something stops it; goes into the record. */
  readonly writeAnyway?: string | undefined;
  /** The answers that the plan comes from, and the id that they are kept under. */
  readonly answers?: (() => Pick<KeptDraft, 'answers'> & { readonly id: string | undefined }) | undefined;
  /** Talk for people: what is waited for, what was put right. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Asked with everything that is about to be written, again after decisions that change it. */
  readonly confirm?: ((draft: MigrationDraft) => Promise<Answer>) | undefined;
}

/** What a person says of a draft: write it, leave all as it is, or do this about its findings first. */
export type Answer = 'write' | 'leave' | readonly Decision[];

/** Everything that a run would write, before it is written. */
export interface MigrationDraft {
  readonly project: ProjectBase;
  readonly plan: ParsedPlan;
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  /** Rules that the settings turn off. */
  readonly rulesOff: readonly string[];
  /** Schema sources, code, migration, rollback script and record, as one list. */
  readonly edits: readonly FileEdit[];
  readonly code: CodeDraft | undefined;
  readonly migration: OrmMigration;
  readonly proof: MigrationProof;
  readonly words: OrmWords;
  /** Absolute path of the record. */
  readonly record: string;
}

/** What rehearsal and review say of the migration, and what of it stops the command. */
export interface MigrationProof extends GateResult {
  /** Why it is to be written though something stopped it; those findings are among the overridden. */
  readonly writtenAnyway: string | undefined;
  readonly rehearsal: Rehearsal | undefined;
  readonly notRehearsed: Unproven | undefined;
  readonly notCompared: Unproven | undefined;
}

/** The schema is as the plan wants it already; the history may have been put right all the same. */
export interface NoChanges {
  readonly status: 'no_changes';
  readonly project: ProjectBase;
  readonly plan: ParsedPlan;
  readonly notices: readonly Notice[];
  /** Files that put the history right; not written in a dry run. */
  readonly repairs: readonly FileEdit[];
}

/** Something stops the migration, or a person does not want it: no file was written. */
export interface NotWritten {
  readonly status: 'stopped' | 'declined';
  readonly draft: MigrationDraft;
  /** What `--resume` takes up, or why nothing was kept for it. */
  readonly kept: { readonly id: string } | { readonly why: string };
  readonly verification: undefined;
}

export type MigrationOutcome =
  | NoChanges
  | NotWritten
  | {
      readonly status: 'done' | 'dry-run';
      readonly draft: MigrationDraft;
      readonly verification: Verification | undefined;
    };

export type RunOutcome = MigrationOutcome | CodeOutcome;

/** A request for a migration and the code about its tables. */
export type CodeRequest = MigrationRequest & {
  readonly code: WriteCode;
  /** Asked with the code that is about to be written where there is no migration. */
  readonly confirmCode?: ((drafted: CodeOutcome) => Promise<boolean>) | undefined;
};

type AnyRequest = MigrationRequest & Partial<CodeRequest>;

/** The schema is as the plan wants it already; only code was to be written. */
export interface CodeOutcome {
  readonly status: 'code';
  readonly state: 'done' | 'dry-run' | 'declined';
  readonly project: ProjectBase;
  readonly plan: ParsedPlan;
  readonly notices: readonly Notice[];
  readonly code: CodeDraft;
  readonly verification: Verification | undefined;
}

/**
 * The whole way through: a plan in; schema edits, the ORM's migration, its rollback and the record out.
 * Every stage is one call, data flows down. Up to `flush` nothing of the project is touched; the flush is journalled.
 * Throws TableplanError, and then every file is as it was.
 */
export function runPipeline(request: MigrationRequest, started: StartedProject): Promise<MigrationOutcome>;
export function runPipeline(request: CodeRequest, started: StartedProject): Promise<RunOutcome>;
export async function runPipeline(request: AnyRequest, started: StartedProject): Promise<RunOutcome> {
  const { project } = started;
  const workspace = {
    root: project.root,
    repoRoot: project.repoRoot,
    dryRun: request.dryRun,
    say: request.say,
    signal: request.signal,
  };
  return inWorkspace(workspace, async (flush) => {
    const first = await draftMigration(request, started);
    await requireInside(editsOf(first), project.repoRoot);
    if (first.status === 'no_changes') return writeRepairs(first, request, flush);
    if (first.status === 'code') return writeCode(first, { ...request, limits: started.limits }, flush);
    const { drafted, isWanted } = await decided(first, request.confirm);
    const { draft } = drafted;
    if (request.dryRun && isWanted) return { status: 'dry-run', draft, verification: undefined };
    request.signal?.throwIfAborted();
    if (!isWanted || draft.proof.stopping.length > 0)
      return notWritten(draft, request, isWanted ? 'stopped' : 'declined');
    const types = await provenTypes(project, { ...request, limits: started.limits }, draft);
    request.signal?.throwIfAborted();
    await flush(draft.edits);
    const remember = await remembering(project, draft, request.say);
    await remember(draft.edits);
    const verification = await unlessInterrupted(request.signal, async (stopped) => {
      const checks = checksOf(request, draft.code);
      const verified = await Promise.race([
        verify(project, { ...checks, edits: draft.edits, limits: started.limits, types }),
        stopped,
      ]);
      // The signal may have reached the compiler before it is heard here.
      if (!verified.ok) await sleep(10);
      request.signal?.throwIfAborted();
      const ticked = await drafted.recordWith(tickedChecks(verified, draft.proof, draft.words));
      if (ticked) {
        await flush([ticked]).catch(refuseTicks);
        await remember(withLater(draft.edits, ticked));
      }
      return verified;
    });
    return { status: 'done', draft, verification };
  });
}

/** Code whose packages are still to be installed does not compile yet, and its tests do not run. */
function checksOf({ typecheck, tests }: MigrationRequest, code: CodeDraft | undefined) {
  const isComplete = code === undefined || code.install.length === 0;
  return { typecheck: typecheck && isComplete, tests: tests && isComplete };
}

/**
 * What the project's compiler says of the code that is to be written, before it is: code that does not compile is not written.
 * Undefined where no code is, or it cannot be tried beforehand. Throws `code-not-proven` for errors that were not there before.
 */
async function provenTypes(
  project: ProjectBase,
  request: AnyRequest & { readonly limits: Limits },
  draft: MigrationDraft | CodeDraft,
): Promise<StepResult | undefined> {
  const code = 'proof' in draft ? draft.code : draft;
  if (code === undefined || code.edits.length === 0 || !checksOf(request, code).typecheck) return undefined;
  const types = await typecheckAhead(project, draft.edits, request.limits);
  if (types === undefined || types.ok) return types;
  throw new TableplanError(
    'code-not-proven',
    `The code for ${code.domains.map(displayName).join(', ')} does not compile in this project.`,
    {
      frame: types.output,
      hint: `Nothing was written; these errors of ${types.command} are not there without it. --no-typecheck writes it all the same.`,
    },
  );
}

/** Lets a run be taken back: the files that it has written are kept as they were, under the name of its migration. */
async function remembering(
  folders: ProjectFolders,
  { migration, code }: MigrationDraft,
  say: (line: string) => void,
): Promise<(edits: readonly FileEdit[]) => Promise<void>> {
  const id = await freeRunId(folders.root, migration.tag);
  const at = new Date().toISOString();
  const file = migration.edits.find(({ path }) => path === migration.sqlPath);
  const remembered = { name: migration.appliedAs, hash: hashOf(file?.after ?? '') };
  return async (edits) => {
    const run = { id, at, migration: remembered, edits, shared: code?.shared };
    sayNotUndoable(await rememberRun(folders, run), say);
  };
}

function sayNotUndoable(reason: string | undefined, say: (line: string) => void): void {
  if (reason !== undefined) say(`This run cannot be undone by tableplan undo: ${reason}.`);
}

/** The files are written by then, whatever a second flush says of itself. */
function refuseTicks(cause: unknown): never {
  if (!(cause instanceof TableplanError)) throw cause;
  throw new TableplanError(cause.code, cause.message, {
    hint: `The migration is written and stays. Only the boxes in its record are not ticked. ${cause.hint?.replace(/^Nothing was written[.;]( every file is as it was\.)? ?/, '') ?? ''}`.trim(),
    at: cause.at,
    cause,
  });
}

/** The edits of a run with a later one of one of its files. */
function withLater(edits: readonly FileEdit[], later: FileEdit): readonly FileEdit[] {
  return edits.map((edit) => (edit.path === later.path ? { ...edit, after: later.after } : edit));
}

/** All that a run would write. */
function editsOf(drafted: Drafted): readonly FileEdit[] {
  if (drafted.status === 'no_changes') return drafted.repairs;
  return drafted.status === 'code' ? drafted.code.edits : drafted.draft.edits;
}

async function writeRepairs(
  drafted: NoChanges,
  request: AnyRequest,
  flush: (edits: readonly FileEdit[]) => Promise<void>,
): Promise<NoChanges> {
  const { project, repairs } = drafted;
  if (request.dryRun || repairs.length === 0) return drafted;
  request.signal?.throwIfAborted();
  await flush(repairs);
  const id = await freeRunId(project.root, 'repair-snapshots');
  const run = { id, at: new Date().toISOString(), migration: undefined, edits: repairs };
  sayNotUndoable(await rememberRun(project, run), request.say);
  return drafted;
}

async function writeCode(
  drafted: CodeOutcome,
  request: AnyRequest & { readonly limits: Limits },
  flush: (edits: readonly FileEdit[]) => Promise<void>,
): Promise<CodeOutcome> {
  if (request.dryRun) return { ...drafted, state: 'dry-run' };
  if (request.confirmCode && !(await request.confirmCode(drafted))) return { ...drafted, state: 'declined' };
  request.signal?.throwIfAborted();
  const types = await provenTypes(drafted.project, request, drafted.code);
  request.signal?.throwIfAborted();
  await flush(drafted.code.edits);
  const names = drafted.code.domains.map(({ name }) => name).join('-');
  const id = await freeRunId(drafted.project.root, `crud-${names}`);
  const at = new Date().toISOString();
  const { edits, shared } = drafted.code;
  const run = { id, at, migration: undefined, edits, shared };
  sayNotUndoable(await rememberRun(drafted.project, run), request.say);
  const verification = await unlessInterrupted(request.signal, (stopped) =>
    Promise.race([
      verify(drafted.project, { ...checksOf(request, drafted.code), edits, limits: request.limits, types }),
      stopped,
    ]),
  );
  return { ...drafted, verification };
}

/** Keeps the plan for `--resume`; a dry run keeps nothing. */
async function notWritten(
  draft: MigrationDraft,
  request: AnyRequest,
  status: NotWritten['status'],
): Promise<NotWritten> {
  const kept = request.dryRun
    ? { why: 'a dry run writes nothing' }
    : await keepDraft(draft.project, {
        name: draft.migration.tag,
        command: request.code === undefined ? 'migration' : 'crud',
        plan: printPlan(draft.plan.plan),
        ...request.answers?.(),
      });
  return { status, draft, kept, verification: undefined };
}

/** Asks until the draft stands as it is to be written, or is not to be. */
async function decided(
  first: DraftedMigration,
  confirm: MigrationRequest['confirm'],
): Promise<{ readonly drafted: DraftedMigration; readonly isWanted: boolean }> {
  let drafted = first;
  for (;;) {
    const answer = (await confirm?.(drafted.draft)) ?? 'write';
    if (answer === 'write' || answer === 'leave') return { drafted, isWanted: answer === 'write' };
    drafted = await drafted.revised(answer);
  }
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

type Drafted = NoChanges | CodeOutcome | DraftedMigration;

interface DraftedMigration {
  readonly status: 'drafted';
  readonly draft: MigrationDraft;
  /** The record with other boxes ticked, as an edit of the one in the draft; undefined when nothing differs. */
  recordWith(checks: readonly Check[]): Promise<FileEdit | undefined>;
  /** The same migration with decisions about its findings carried out, rehearsed anew where its SQL is another. */
  revised(decisions: readonly Decision[]): Promise<DraftedMigration>;
}

async function draftMigration(request: AnyRequest, started: StartedProject): Promise<Drafted> {
  const { project } = started;
  const settings = await readSettings(project.root);
  const { rehearse, engine, repairSnapshots } = request;
  const orm = await openProject(started, {
    settings,
    rehearse,
    engine,
    repairSnapshots,
    keep: !request.dryRun,
    signal: request.signal,
  });
  try {
    return await draftWith(request, { project, settings, orm, ormName: started.orm });
  } catch (error) {
    await orm.close();
    throw error;
  }
}

/** The project of a run, and its ORM. */
interface Opened {
  readonly project: ProjectBase;
  readonly settings: Settings;
  readonly orm: OrmProject;
  readonly ormName: StartedProject['orm'];
}

/** Schema and code as one list; code may go on editing a file of the schema. */
function withCode(edits: readonly FileEdit[], code: CodeDraft | undefined): readonly FileEdit[] {
  if (code === undefined) return edits;
  const staged = new Map(edits.map((edit) => [edit.path, edit]));
  const further = code.edits.map((edit) => ({
    ...edit,
    before: staged.get(edit.path)?.before ?? edit.before,
  }));
  const paths = new Set(further.map(({ path }) => path));
  return [...edits.filter(({ path }) => !paths.has(path)), ...further];
}

async function draftWith(request: AnyRequest, opened: Opened): Promise<Drafted> {
  const { project, settings, orm } = opened;
  const { before, tableNames } = orm;
  const written = await request.plan(before, () => orm.earlier(), tableNames);
  const plan = withTableNames(written, before, tableNames);
  const { changes, notices: resolving, schema } = await orm.resolve(plan);
  const shown = shownPaths(project);
  const told = noticesWithLevels(shown([...plan.notices, ...resolving, ...orm.notices]), settings.rules);
  const edited = orm.edit(changes);
  const inCode = await request.code?.({
    ...opened,
    ...orm.places,
    ...edited,
    orm: opened.ormName,
    plan,
    schema,
  });
  const ofCode = noticesWithLevels(shown(inCode?.notices ?? []), settings.rules);
  const code = inCode && { ...inCode, notices: ofCode.notices };
  const unformatted = new Map<string, Notice>();
  const options: FormatOptions = {
    root: project.root,
    report: (notice) => void unformatted.set(notice.message, notice),
  };
  if (changes.length === 0) {
    await orm.close();
    const { repairs } = orm;
    if (code === undefined || code.edits.length + code.byHand.length === 0)
      return { status: 'no_changes', project, plan, notices: told.notices, repairs };
    const edits = await formattedEdits(code.edits, code, options);
    const ofFormat = noticesWithLevels(shown([...unformatted.values()]), settings.rules);
    return {
      status: 'code',
      state: 'done',
      project,
      plan,
      notices: [...told.notices, ...ofFormat.notices],
      code: { ...code, edits: [...repairs, ...edits] },
      verification: undefined,
    };
  }
  // What a formatter moves is the same to the ORM, which need not wait for it.
  const formatting = formattedEdits(withCode(edited.edits, code), code, options);

  const name = deriveMigrationName(plan.plan);
  // The ORM works in its own process: what the record needs is loaded meanwhile.
  const writing = import('./record/draft.ts');
  writing.catch(() => undefined);
  void warmFormatter(project.root);
  const generated = await orm.generate({ plan, changes, after: schema, edits: edited.edits, name });
  const edits = await formatting;
  const ofEdits = noticesWithLevels(
    shown([...edited.notices, ...generated.notices, ...unformatted.values()]),
    settings.rules,
  );
  return proveAndRecord({
    ...opened,
    request,
    plan,
    name,
    changes,
    notices: [...told.notices, ...ofEdits.notices],
    errors: [...told.findings, ...ofCode.findings, ...ofEdits.findings],
    edits,
    code,
    migration: await withLockTimeout(await withGuards(generated, settings), settings.lockTimeout),
    record: writing,
  });
}

/** Statements that may run twice, where the settings ask for them (`idempotent-ddl`); up and down. */
async function withGuards(migration: OrmMigration, { optIn }: Settings): Promise<OrmMigration> {
  if (!optIn?.includes('idempotent-ddl')) return migration;
  const { guardedStatements } = await import('./review/guarded-statements.ts');
  const [statements, down] = await Promise.all([
    guardedStatements(migration.statements),
    guardedStatements(migration.down),
  ]);
  return migration.rewritten({
    statements,
    down,
    byHand: ['IF [NOT] EXISTS where a statement can take it (`idempotent-ddl` of package.json)'],
  });
}

/** A lock_timeout before the first statement, as the settings ask for it (`2s`, checked there); up and down. */
async function withLockTimeout(migration: OrmMigration, timeout: string | undefined): Promise<OrmMigration> {
  if (timeout === undefined) return migration;
  // Migrators run migrations in a transaction, with which LOCAL ends.
  const statement = `SET LOCAL lock_timeout = '${timeout}';`;
  return migration.rewritten({
    statements: [statement, ...migration.statements],
    down: [statement, ...migration.down],
    byHand: [`${statement} (the setting lockTimeout of package.json)`],
  });
}

/** Schema and code as the project's formatters write them; new files of the code are so already. */
function formattedEdits(
  edits: readonly FileEdit[],
  code: CodeDraft | undefined,
  options: FormatOptions,
): Promise<FileEdit[]> {
  const written = new Set(code?.edits.filter(({ before }) => before === null).map(({ path }) => path));
  return Promise.all(edits.map((edit) => (written.has(edit.path) ? edit : formatEdit(edit, options))));
}

/** A generated migration, and all that proof and record want to know of it. */
interface GeneratedStage extends Opened {
  readonly request: MigrationRequest;
  readonly plan: ParsedPlan;
  readonly name: string;
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  /** Notices that are errors for this project. */
  readonly errors: readonly Finding[];
  readonly edits: readonly FileEdit[];
  readonly code: CodeDraft | undefined;
  readonly migration: OrmMigration;
  readonly record: Promise<typeof import('./record/draft.ts')>;
  /** The reason by which the plan allows all that stopped it. */
  readonly writtenAnyway?: string | undefined;
}

/** Judges the migration, unless that has been done (`proved`), and drafts its record. */
async function proveAndRecord(stage: GeneratedStage, proved?: Proof): Promise<DraftedMigration> {
  const { request, project, settings, plan, changes, notices, edits } = stage;
  const safety = plan.plan.documents[0]?.safety;
  const judged = proved ?? (await proveMigration(stage));
  const { rehearsal, notRehearsed, notCompared } = judged;
  refusePlanThatFails(rehearsal, plan);
  refuseUnrunnable(stage.migration.sql, rehearsal, stage.orm.words.generator);
  const enforce = request.enforce || settings.safety === 'enforce';
  const history = withLevels(stage.orm.findings, settings.rules);
  const gated = gate(shownPaths(project)([...stage.errors, ...history, ...judged.findings]), {
    safety,
    enforce,
    mustBeProven: request.mustBeProven ?? false,
  });
  const reason = request.writeAnyway;
  if (reason !== undefined && stage.writtenAnyway === undefined && gated.stopping.length > 0) {
    const allowed = gated.stopping.map((finding): Decision => ({ kind: 'allow', finding, reason }));
    const next = { ...stage, plan: withSafety(plan, withAllowed(safety, allowed)), writtenAnyway: reason };
    return proveAndRecord(next, judged);
  }
  // The reasons stand in the SQL too, where the review of CI looks for them.
  const migration = await withReasons(stage.migration, gated.overridden);
  const proof: MigrationProof = {
    rehearsal,
    notRehearsed,
    notCompared,
    writtenAnyway: stage.writtenAnyway,
    ...inFile(gated, stage, migration),
  };
  const { draftRecord } = await stage.record;
  const record = await draftRecord(
    project.root,
    {
      plan,
      generator: stage.orm.words.generator,
      number: migration.number,
      name: stage.name,
      changes,
      after: migration.after,
      up: migration.sql,
      down: migration.down,
      byHand: migration.byHand,
      findings: [...notices, ...proof.findings],
      overridden: proof.overridden,
      rehearsal,
      sqlPath: migration.sqlPath,
      rollbackPath: migration.rollbackPath,
      editedPaths: edits.map(({ path }) => path),
    },
    tickedChecks(undefined, proof, stage.orm.words),
  );
  return {
    status: 'drafted',
    draft: {
      project,
      plan,
      changes,
      notices,
      rulesOff: rulesOff(settings.rules),
      edits: [...edits, ...migration.edits, record.edit],
      code: stage.code,
      migration,
      proof,
      words: stage.orm.words,
      record: record.edit.path,
    },
    recordWith: record.withChecks,
    async revised(decisions) {
      const next = { ...stage, plan: withSafety(plan, withAllowed(safety, decisions)) };
      const fixed = withFixes(stage.migration.statements, decisions);
      if (!fixed) return proveAndRecord(next, judged);
      return proveAndRecord({
        ...next,
        migration: await stage.migration.rewritten({ ...fixed, down: migration.down }),
      });
    },
  };
}

async function withReasons(
  migration: OrmMigration,
  overridden: readonly OverriddenFinding[],
): Promise<OrmMigration> {
  if (overridden.length === 0) return migration;
  const statements = withAllowComments(migration.statements, overridden);
  return migration.rewritten({ statements, down: migration.down, byHand: [] });
}

/** Findings at the lines of the file that is written; those about other files (a data source) stay. */
function inFile(gated: GateResult, stage: GeneratedStage, migration: OrmMigration): GateResult {
  const file = posixRelative(stage.project.root, migration.sqlPath);
  const placed = <Found extends Finding>(findings: readonly Found[]): Found[] =>
    findings.map((finding) =>
      finding.file === file
        ? { ...finding, ...migration.inFile?.(finding, stage.migration.statements) }
        : finding,
    );
  return {
    findings: placed(gated.findings),
    overridden: placed(gated.overridden),
    stopping: placed(gated.stopping),
  };
}

function proveMigration(stage: GeneratedStage): Promise<Proof> {
  const { request, project, settings, orm, plan, migration } = stage;
  return prove({
    up: migration.sql,
    down: migration.down.join(';\n'),
    planned: migration.planned,
    schema: orm.before,
    review: {
      transaction: orm.transaction,
      file: posixRelative(project.root, migration.sqlPath),
      postgresVersion: settings.postgresVersion,
      assumeTimeouts: settings.assumeTimeouts,
      optIn: settings.optIn,
      rules: settings.rules,
    },
    migratorTables: orm.migratorTables,
    history: request.rehearse ? orm.replay() : undefined,
    seed: request.seed,
    isManual: plan.plan.documents[0]?.safety?.rollback === 'manual',
  });
}

function withSafety(plan: ParsedPlan, safety: PlanSafety | undefined): ParsedPlan {
  const [first, ...others] = plan.plan.documents;
  if (!first || !safety) return plan;
  return { ...plan, plan: { documents: [{ ...first, safety }, ...others] } };
}

/** The plan's own DDL is its last check: what Postgres refuses there was never a valid plan. */
function refusePlanThatFails(rehearsal: Rehearsal | undefined, plan: ParsedPlan): void {
  const failure = rehearsal?.planFailure;
  if (failure) throw planRefused(failure, plan);
}
