import type { Limits } from '../limits.ts';
import type { ProjectBase } from '../project/project.ts';
import type { StoredMigration } from '../workspace/run-store.ts';
import type { DatabaseAddress, MigratorTable } from './applied.ts';
import type { ExistingMigration, ExistingOptions } from './existing.ts';
import type { OpenOptions, OrmProject } from './orm-project.ts';
import type { ReviewSubject, SubjectOptions } from './review-subject.ts';

export type OrmName = 'drizzle' | 'typeorm';

/**
 * One ORM, as everything outside its own folder sees it: a project is located, then started, then opened. Each step loads
 * no more than it needs, so that a command which only looks for files starts no process.
 */
export interface Orm {
  readonly name: OrmName;
  /** Whether a config that is named (`--config`) can be of this ORM, as far as its name tells. */
  owns(config: string): boolean;
  /** Throws `NoProject` where there is nothing of this ORM, other TableplanErrors where something is wrong with it. */
  locate(cwd: string, options: LocateOptions): Promise<LocatedProject>;
}

export interface LocateOptions {
  readonly config?: string | undefined;
}

/** A project of which nothing runs. */
export interface LocatedProject {
  readonly orm: OrmName;
  readonly project: ProjectBase;
  /** Its config or data source; undefined where its script does without. Absolute. */
  readonly configPath: string | undefined;
  /** Starts the ORM's own processes. Whoever calls it stops them. */
  start(options: StartOptions): Promise<StartedProject>;
  /** What `tableplan review` looks at. */
  reviewSubject(options: SubjectOptions): Promise<ReviewSubject>;
  /** The folder in which every SQL file is a migration; undefined where the ORM itself has to tell. Absolute. */
  sqlFolder(): Promise<string | undefined>;
}

export interface StartOptions {
  /** False in a dry run: nothing is kept of what is compiled. */
  readonly keep: boolean;
  /** `edit` unless given. */
  readonly purpose?: Purpose | undefined;
  /** Instead of what the settings of the project say. */
  readonly timeoutMs?: number | undefined;
}

/** What a project is started for: to be edited, or to have its migrations rehearsed or reviewed. */
export type Purpose = 'edit' | 'rehearse' | 'review';

/** A project whose ORM is starting, while the rest of tableplan is loaded. */
export interface StartedProject {
  readonly orm: OrmName;
  readonly project: ProjectBase;
  /** See `LocatedProject`. */
  readonly configPath: string | undefined;
  readonly limits: Limits;
  /** Reads its history and sources. */
  open(options: OpenOptions): Promise<OrmProject>;
  /** A migration that is there already. */
  openExisting(options: ExistingOptions): Promise<ExistingMigration>;
  /** Where its database is, and where that database says whether it has run a migration. */
  migrator(migration: StoredMigration): Promise<Migrator>;
  /** Ends all that was started, whatever it is at. */
  stop(): void | Promise<void>;
}

export interface Migrator {
  /** Undefined where the config names no database. */
  readonly address: DatabaseAddress | undefined;
  readonly table: MigratorTable;
}
