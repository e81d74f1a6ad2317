import type { Notice } from '../plan/change.ts';
import type { DatabaseSchema, ObjectName } from '../plan/database-schema.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import type { DependentPackage } from '../project/checked-project.ts';
import type { ProjectBase } from '../project/project.ts';
import type { EditResult } from '../schema/edit-result.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** What the code about a plan's tables is written from, when their migration is drafted. */
export interface CodeInput {
  readonly project: ProjectBase;
  readonly orm: 'drizzle' | 'typeorm';
  readonly plan: ParsedPlan;
  /** The schema with the plan carried out. */
  readonly schema: DatabaseSchema;
  /** The schema sources as they will be. */
  readonly edits: readonly FileEdit[];
  readonly describe: EditResult['describe'];
  /** The migrations folder; absolute. */
  readonly migrations: string;
  /** Drizzle's schema files, or the module with the data source; absolute. */
  readonly entries: readonly string[];
}

/** Code to be written along with a migration. */
export interface CodeDraft {
  readonly stack: string;
  /** Where the code goes; undefined where that is the package with the schema. */
  readonly application: DependentPackage | undefined;
  readonly domains: readonly ObjectName[];
  /** `before` is what lies on disk, or what the migration's own edits have staged. */
  readonly edits: readonly FileEdit[];
  /** Those of the new files that other domains are going to use too; absolute. */
  readonly shared: readonly string[];
  readonly notices: readonly Notice[];
  /** Edits that could not be made, with the text for a person to paste. */
  readonly byHand: readonly HandWork[];
  /** Packages that the code imports and the project does not have: a command that installs them. */
  readonly install: readonly string[];
}

export interface HandWork {
  readonly what: string;
  readonly paste: string;
}

export type WriteCode = (input: CodeInput) => Promise<CodeDraft>;
