import type {
  CheckDef,
  ColumnDef,
  EnumDef,
  ForeignKeyDef,
  IndexDef,
  ObjectName,
  PrimaryKeyDef,
  ReferentialAction,
  TableDef,
  UniqueDef,
} from './database-schema.ts';

/**
 * One step from the current schema to the one the plan asks for. Names are resolved: every object that a
 * change refers to exists (or is made by an earlier change), and every derived name is filled in.
 * Changes come in the order in which they can be applied. After a rename in the same plan, later changes
 * (and `table`) use the new names.
 */
export type Change =
  | { readonly kind: 'create-enum'; readonly enum: EnumDef }
  | {
      readonly kind: 'add-enum-value';
      readonly enum: ObjectName;
      readonly value: string;
      readonly before?: string | undefined;
      readonly after?: string | undefined;
    }
  | {
      readonly kind: 'rename-enum-value';
      readonly enum: ObjectName;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'drop-enum-value'; readonly enum: ObjectName; readonly value: string }
  | { readonly kind: 'drop-enum'; readonly enum: ObjectName }
  | { readonly kind: 'create-table'; readonly table: TableDef; readonly domain: string | undefined }
  | { readonly kind: 'rename-table'; readonly table: ObjectName; readonly to: string }
  | { readonly kind: 'drop-table'; readonly table: ObjectName }
  | {
      readonly kind: 'rename-column';
      readonly table: ObjectName;
      readonly from: string;
      readonly to: string;
      /** The code goes on calling it as before. */
      readonly keepProperty?: boolean | undefined;
    }
  | { readonly kind: 'add-column'; readonly table: ObjectName; readonly column: ColumnDef }
  | AlterColumn
  | { readonly kind: 'drop-column'; readonly table: ObjectName; readonly column: string }
  | {
      readonly kind: 'set-primary-key';
      readonly table: ObjectName;
      readonly primaryKey: PrimaryKeyDef;
      readonly from: PrimaryKeyDef | undefined;
    }
  | { readonly kind: 'add-unique'; readonly table: ObjectName; readonly unique: UniqueDef }
  | { readonly kind: 'drop-unique'; readonly table: ObjectName; readonly unique: UniqueDef }
  | { readonly kind: 'add-index'; readonly table: ObjectName; readonly index: IndexDef }
  | { readonly kind: 'drop-index'; readonly table: ObjectName; readonly index: IndexDef }
  | { readonly kind: 'add-foreign-key'; readonly table: ObjectName; readonly foreignKey: ForeignKeyDef }
  | {
      readonly kind: 'alter-foreign-key';
      readonly table: ObjectName;
      readonly foreignKey: ForeignKeyDef;
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
    }
  | { readonly kind: 'drop-foreign-key'; readonly table: ObjectName; readonly foreignKey: ForeignKeyDef }
  | { readonly kind: 'add-check'; readonly table: ObjectName; readonly check: CheckDef }
  | { readonly kind: 'drop-check'; readonly table: ObjectName; readonly check: CheckDef }
  | { readonly kind: 'comment'; readonly table: ObjectName; readonly text: string }
  | RawSql;

/** `column` is the column as it was; the optional keys say what becomes of it. `set: undefined` drops the default. */
export interface AlterColumn {
  readonly kind: 'alter-column';
  readonly table: ObjectName;
  readonly column: ColumnDef;
  readonly type?: { readonly to: string; readonly using?: string | undefined } | undefined;
  readonly notNull?: boolean | undefined;
  readonly default?: { readonly set: string | undefined } | undefined;
}

/** What the ORM's source cannot express and the plan marked `raw: true`: SQL appended to the migration by hand. */
export interface RawSql {
  readonly kind: 'raw-sql';
  readonly table: ObjectName;
  readonly up: string;
  readonly down: string;
  readonly summary: string;
}

/** Something worth telling that stops nothing: what the plan lacks, what was merged, what was done already. */
export interface Notice {
  readonly severity: 'info' | 'warning';
  /** A stable slug, so that tests and tools can recognise it. */
  readonly rule: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}
