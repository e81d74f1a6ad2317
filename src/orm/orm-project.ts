import type { Change, Notice } from '../plan/change.ts';
import type { DatabaseSchema, ObjectName } from '../plan/database-schema.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import type { Resolution } from '../plan/resolve.ts';
import type { Capabilities } from '../plan/resolve/capabilities.ts';
import type { TableNames } from '../plan/table-names.ts';
import type { ReplayedHistory } from '../rehearse/replayed-history.ts';
import type { Settings } from '../project/settings.ts';
import type { Finding } from '../review/finding.ts';
import type { TransactionMode } from '../review/rule.ts';
import type { EditResult } from '../schema/edit-result.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { Documented } from './documented.ts';

/** How an ORM's parts are called in records and messages. */
export interface OrmWords {
  /** What generates migrations: `drizzle-kit`. */
  readonly generator: string;
  /** How it was seen that the migration holds the plan and nothing else. */
  readonly compared: string;
  /** The command that applies migrations, where the project has no script for it. */
  readonly migrate: string;
}

/** A project whose history and sources have been read: what the pipeline asks of every ORM. */
export interface OrmProject {
  readonly words: OrmWords;
  /** What its source can express. */
  readonly capabilities: Capabilities;
  /** The schema as the newest migration leaves it. */
  readonly before: DatabaseSchema;
  /** What the names of all tables have; plans may leave it out. */
  readonly tableNames?: TableNames | undefined;
  /** Older states of it, newest first. */
  earlier(): AsyncIterable<DatabaseSchema>;
  /** What is odd about the history, and harmless. */
  readonly notices: readonly Notice[];
  /** What is wrong with the history or the config without standing in the way; judged as the rest is. */
  readonly findings: readonly Finding[];
  /** Files that put the history right, where that was asked for; `generate` has them among its own. */
  readonly repairs: readonly FileEdit[];
  /** How the project's migrator runs migrations. */
  readonly transaction: TransactionMode;
  /** Tables of the migrator itself. */
  readonly migratorTables: readonly ObjectName[];
  /** A disposable database with the history on it, another one each time; the first one may have been started before. */
  replay(): Promise<ReplayedHistory>;
  /** Throws what `resolvePlan` throws. */
  resolve(plan: ParsedPlan): Promise<Resolution>;
  /** Where the project keeps what belongs to the ORM; absolute. */
  readonly places: OrmPlaces;
  /** Edits the schema sources; nothing is written. Throws `schema-not-editable`. */
  edit(changes: readonly Change[]): EditResult;
  /** Has the ORM generate the migration for staged sources, and checks it. Throws `generate-failed`, `schema-drift`. */
  generate(input: GenerateRequest): Promise<OrmMigration>;
  /** For the documentation of the project. */
  documented(): Promise<Documented>;
  /** Ends everything that is still running, and the databases that nobody has taken. */
  close(): Promise<void>;
}

export interface OrmPlaces {
  /** The migrations folder. */
  readonly migrations: string;
  /** Drizzle's schema files; the module that makes TypeORM's data source. */
  readonly entries: readonly string[];
}

export interface OpenOptions {
  readonly settings: Settings;
  /** Start the disposable database at once: it is ready when the SQL is. */
  readonly rehearse: boolean;
  /** False in a dry run: nothing is kept of the replayed history. */
  readonly keep: boolean;
  /** Nothing will be generated: a history that cannot be added to is reported, not refused. */
  readonly readOnly?: boolean | undefined;
  /** Make the newest snapshot from the replayed history where it is missing or lags behind. */
  readonly repairSnapshots?: boolean | undefined;
  /** `pglite`, `embedded`, or the URL of an empty database. */
  readonly engine: string;
  /** Ends the databases. */
  readonly signal: AbortSignal | undefined;
}

export interface GenerateRequest {
  readonly plan: ParsedPlan;
  readonly changes: readonly Change[];
  /** The schema that the changes lead to. */
  readonly after: DatabaseSchema;
  /** The staged sources. */
  readonly edits: readonly FileEdit[];
  /** `add_brand_id_to_products` */
  readonly name: string;
}

/** A migration as it would be written. */
export interface OrmMigration {
  /** `0007_add_brand_id_to_products` */
  readonly tag: string;
  /** As the migrator's own table calls it. */
  readonly appliedAs: string;
  /** What stands before the name. */
  readonly number: string;
  /** The way up, statement by statement. */
  readonly statements: readonly string[];
  /** The way up as one script, as the migrator runs it. */
  readonly sql: string;
  readonly down: readonly string[];
  /** Everything that makes it, the way down too. Absolute paths. */
  readonly edits: readonly FileEdit[];
  readonly sqlPath: string;
  readonly rollbackPath: string;
  /** What stands in it that the ORM did not write, in words for the record. */
  readonly byHand: readonly string[];
  /** The schema that it leads to. */
  readonly after: DatabaseSchema;
  /** The plan's own DDL, statement by statement: what the migration has to come to. */
  readonly planned: readonly string[];
  readonly notices: readonly Notice[];
  /**
   * Findings about `judged`, the statements as a script, as findings about the file that is written, where that is no SQL.
   * What stands in `judged` are its own statements, comments above them aside.
   */
  readonly inFile?: ((finding: Finding, judged: readonly string[]) => Finding) | undefined;
  /** The same with other statements. */
  rewritten(change: Rewriting): Promise<OrmMigration>;
}

export interface Rewriting {
  readonly statements: readonly string[];
  readonly down: readonly string[];
  /** What was done to them, in words for the record. */
  readonly byHand: readonly string[];
}
