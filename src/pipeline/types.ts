import type { OrmName } from '../orm/orm.ts';
import type { CodeDraft, WriteCode } from '../crud/code.ts';
import type { OrmMigration, OrmProject, OrmWords } from '../orm/orm-project.ts';
import type { Change, Notice } from '../plan/change.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import type { Capabilities } from '../plan/resolve/capabilities.ts';
import type { TableNames } from '../plan/table-names.ts';
import type { ProjectBase } from '../project/project.ts';
import type { Settings } from '../project/settings.ts';
import type { Verification } from './verification.ts';
import type { Check } from '../record/record.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import type { SeedDump } from '../rehearse/seed-dump.ts';
import type { Unproven } from '../rehearse/unproven.ts';
import type { Decision } from '../review/decide.ts';
import type { GateResult } from '../rehearse/gate.ts';
import type { StatementEffects } from '../review/statement-effects.ts';
import type { KeptDraft } from '../workspace/drafts.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** How a plan reaches the pipeline: words need to know which tables there are, and, newest first, which there were. */
export type PlanSource = (
  schema: DatabaseSchema,
  earlier: () => AsyncIterable<DatabaseSchema>,
  names: TableNames | undefined,
  capabilities: Capabilities,
) => Promise<ParsedPlan>;

/** Does the work of a step, and shows it. */
export type Progress = <T>(step: string, work: () => Promise<T>) => Promise<T>;

/** Does the work and shows nothing. */
export const unseen: Progress = (_step, work) => work();

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
  /** Told of each step that may take a while; nobody is where there is no terminal. */
  readonly progress?: Progress | undefined;
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
  /** The schema that the migration starts from. */
  readonly before: DatabaseSchema;
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
  /** What each statement does to what was there before. */
  readonly effects: readonly StatementEffects[];
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

export type AnyRequest = MigrationRequest & Partial<CodeRequest>;

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

export type Drafted = NoChanges | CodeOutcome | DraftedMigration;

export interface DraftedMigration {
  readonly status: 'drafted';
  readonly draft: MigrationDraft;
  /** The record with other boxes ticked, as an edit of the one in the draft; undefined when nothing differs. */
  recordWith(checks: readonly Check[]): Promise<FileEdit | undefined>;
  /** The same migration with decisions about its findings carried out, rehearsed anew where its SQL is another. */
  revised(decisions: readonly Decision[]): Promise<DraftedMigration>;
}

/** The project of a run, and its ORM. */
export interface Opened {
  readonly project: ProjectBase;
  readonly settings: Settings;
  readonly orm: OrmProject;
  readonly ormName: OrmName;
}
