import type { Notice } from '../plan/change.ts';
import type { ObjectName } from '../plan/database-schema.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** What an editor of a schema has to say: the files before and after, and what is worth telling. */
export interface EditResult {
  readonly edits: readonly FileEdit[];
  readonly notices: readonly Notice[];
  /** How the edited source has a table; undefined where it has none of that name. */
  describe(table: ObjectName): TableInSource | undefined;
}

/** A table as the code of a project knows it. */
export interface TableInSource {
  /** Absolute. */
  readonly path: string;
  /** The variable of a Drizzle table or an EntitySchema, the name of an entity's class. */
  readonly variable: string;
  readonly isDefaultExport: boolean;
  readonly properties: readonly PropertyInSource[];
}

export interface PropertyInSource {
  /** The name in the database. */
  readonly column: string;
  readonly key: string;
  /** What its values are in TypeScript where the source says so: `Date`, `string | null | undefined`. */
  readonly type: string | undefined;
  /** Values that the source narrows its type to: `text('role', { enum: ['admin', 'guest'] })`. */
  readonly values?: readonly string[] | undefined;
  /** The type in TypeScript is narrower than the column's, by `$type` or a list of values. */
  readonly isNarrowed: boolean;
  /** The ORM gives a value that is left out: `$defaultFn`, `@PrimaryGeneratedColumn`, `@BeforeInsert` is not seen. */
  readonly hasDefault: boolean;
  /** The ORM sets it at each change: `$onUpdate`, `@UpdateDateColumn`. */
  readonly isTouched: boolean;
  /** What the ORM itself does with it: `@CreateDateColumn`, `@UpdateDateColumn`, `@DeleteDateColumn`, `@VersionColumn`. */
  readonly role?: 'created' | 'updated' | 'deleted' | 'version' | undefined;
  /** The source keeps it from being shown: `select: false`, `@Exclude()`. */
  readonly isHidden?: boolean | undefined;
}
