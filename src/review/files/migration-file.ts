import type { Finding } from '../finding.ts';
import type { TransactionMode } from '../rule.ts';

/** A migration on disk that is to be reviewed. */
export interface MigrationFile {
  readonly path: string;
  /** As it is shown. */
  readonly file: string;
  readonly sql: string;
  /** Files of one batch are applied in one transaction, in their order: what an earlier one makes is new to a later one. */
  readonly batch: string;
  /** drizzle-kit's snapshot of the schema before this migration, where that is known. */
  readonly snapshotBefore: string | undefined;
  /** drizzle-kit's snapshot of the schema after it. */
  readonly snapshot?: string | undefined;
  /** How the migrator runs it; `all` unless given. */
  readonly transaction?: TransactionMode | undefined;
  /** A finding about `sql` as one about the file, where the file is no SQL. */
  readonly inFile?: ((finding: Finding) => Finding) | undefined;
}
