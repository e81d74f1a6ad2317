import type { ObjectName } from '../plan/database-schema.ts';

/** What the documentation asks of a project's history and sources. Paths are absolute. */
export interface Documented {
  /** Oldest first. */
  readonly migrations: readonly DocumentedMigration[];
  readonly migrationsFolder: string;
  /** Where rollback scripts go; undefined where the way down is in the migration itself. */
  readonly rollbackFolder: string | undefined;
  /** Drizzle config or data source; undefined where the project's script does without. */
  readonly config: string | undefined;
  /** Tables that a source file declares, with that file. */
  readonly tables: readonly DeclaredTable[];
  /** What the ORM loads: the barrel, or the sources themselves. */
  readonly entries: readonly string[];
  /** Where databases keep what has run: `drizzle.__drizzle_migrations`. */
  readonly bookkeeping: string;
  /** The SQL of some migrations, by tag; those that cannot be read are left out. */
  scripts(tags: readonly string[]): Promise<ReadonlyMap<string, MigrationScript>>;
}

export interface DocumentedMigration {
  /** `0007_add_brand_id_to_products`: its file's name without the ending. */
  readonly tag: string;
  /** What stands before the name: `0007`, or a stamp; undefined where nothing does. */
  readonly number: string | undefined;
  /** In snake_case. */
  readonly name: string;
  /** When it was made, in milliseconds, as its own files say. */
  readonly made: number | undefined;
  readonly file: string | undefined;
}

export interface DeclaredTable extends ObjectName {
  readonly file: string;
}

export interface MigrationScript {
  readonly up: string;
  /** The way down; undefined where there is none that can be told. */
  readonly down: string | undefined;
  /** Why there is none, as a sentence. */
  readonly noWayBack?: string | undefined;
  /** File of the way down. */
  readonly downFile: string | undefined;
}
