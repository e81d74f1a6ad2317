import type { OrmName } from '../orm/orm.ts';
import type { PackageManager } from '../project/package-manager.ts';

/** What is true of a project, for its guide and its skill. Paths are relative to `root`, with `/`. */
export interface ProjectFacts {
  readonly orm: OrmName;
  /** Folder of the project within its repository; empty where it is the repository. */
  readonly folder: string;
  readonly packageManager: PackageManager;
  readonly config: string | undefined;
  /** The config has to be named to every command, because there are others. */
  readonly namesConfig: boolean;
  /** What the ORM loads. */
  readonly entries: readonly string[];
  /** Files that declare tables. */
  readonly schemaFiles: readonly string[];
  readonly migrationsFolder: string;
  readonly rollbackFolder: string | undefined;
  readonly rollbackExists: boolean;
  /** File name of the newest migration, with its ending. */
  readonly newest: string | undefined;
  readonly bookkeeping: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** A plopfile that loads tableplan. */
  readonly plopfile: string | undefined;
  readonly tsconfig: boolean;
  readonly lockTimeout: string | undefined;
  readonly enforce: boolean;
  readonly postgresVersion: number | undefined;
  /** What applies migrations, as it is typed. */
  readonly migrate: string;
}
