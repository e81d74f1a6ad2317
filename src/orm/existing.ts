import type { DatabaseSchema, ObjectName } from '../plan/database-schema.ts';
import type { Settings } from '../project/settings.ts';
import type { FreshFailure } from '../rehearse/fresh.ts';
import type { ReplayedHistory } from '../rehearse/replayed-history.ts';
import type { NotCompared } from '../rehearse/unproven.ts';
import type { SourceCatalogs } from '../rehearse/source-drift.ts';
import type { Finding } from '../review/finding.ts';
import type { TransactionMode } from '../review/rule.ts';

/** A migration that is there already, with all that its rehearsal wants to know: the same of every ORM. */
export interface ExistingMigration {
  /** Tag, or TypeORM's name of it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Where its way back stands; undefined where there is none. */
  readonly rollbackPath: string | undefined;
  /** One script each way. */
  readonly up: string;
  readonly down: string | undefined;
  /** The schema before it; undefined where that is not known. */
  readonly schema: DatabaseSchema | undefined;
  /** What the schema source comes to; undefined where there is nothing to compare with. */
  readonly source: Promise<SourceCatalogs | string> | undefined;
  /** Why there is nothing to compare with. */
  readonly noSource: NotCompared | undefined;
  /** How the project's migrator runs it, and how it runs the whole history. */
  readonly transaction: TransactionMode;
  /** Tables of the migrator itself. */
  readonly migratorTables: readonly ObjectName[];
  /** What there is to say beside its SQL. `file` is relative to the project. */
  readonly findings: readonly Finding[];
  /** False where it fails for want of something else than SQL: then its SQL is judged alone. */
  readonly isRunnable: boolean;
  /** A disposable database with the history before it. */
  replay(): Promise<ReplayedHistory>;
  /** The whole history, with it, on an empty database. */
  fresh(): Promise<FreshFailure | undefined>;
  /** Findings about the script as findings about its file. */
  inFile(findings: readonly Finding[]): readonly Finding[];
}

export interface ExistingOptions {
  /** Name, number or path; the newest when absent. */
  readonly migration: string | undefined;
  readonly settings: Settings;
  /** `pglite`, `embedded`, or the URL of an empty database. */
  readonly engine: string;
  /** The whole history is wanted too. */
  readonly fresh: boolean;
  readonly signal: AbortSignal | undefined;
}
