import type { DatabaseSchema } from '../../plan/database-schema.ts';
import type { Finding } from '../finding.ts';
import type { TransactionMode } from '../rule.ts';

/** A file in which an ORM keeps a schema. */
export interface KeptSchema {
  readonly path: string;
  /** The schema that a text of it says. Throws where it says none. */
  read(text: string): Promise<DatabaseSchema>;
}

/** A migration on disk that is to be reviewed. */
export interface MigrationFile {
  readonly path: string;
  /** As it is shown. */
  readonly file: string;
  readonly sql: string;
  /** Files of one batch are applied in one transaction, in their order: what an earlier one makes is new to a later one. */
  readonly batch: string;
  /** The schema before this migration and after it, where the ORM keeps them. */
  readonly schemaBefore?: KeptSchema | undefined;
  readonly schemaAfter?: KeptSchema | undefined;
  /** How the migrator runs it; `all` unless given. */
  readonly transaction?: TransactionMode | undefined;
  /** A finding about `sql` as one about the file, where the file is no SQL. */
  readonly inFile?: ((finding: Finding) => Finding) | undefined;
}
