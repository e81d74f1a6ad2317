import type {
  CheckDef,
  ColumnDef,
  ForeignKeyDef,
  IndexDef,
  ObjectName,
  PrimaryKeyDef,
  ReferentialAction,
  UniqueDef,
} from '../../plan/database-schema.ts';
import type { ColumnModel, ColumnsModel, ExtrasModel, TableModel, TableRef } from './model.ts';
import type { Span } from '../source-file.ts';

/**
 * What becomes of a table. The changes of a plan write into drafts, one after the other; the text is made once,
 * from the finished draft, so that several changes to one table (or to one column) come out as one.
 */
export interface TableDraft {
  /** The name in the database, as it is at this point of the plan. */
  name: ObjectName;
  variable: string;
  readonly path: string;
  /** Undefined for a table that the plan makes. */
  readonly model: TableModel | undefined;
  readonly listed: ColumnsModel | undefined;
  readonly extras: ExtrasModel | 'opaque' | undefined;
  readonly columns: ColumnDraft[];
  /** Entries of the third argument that go, by their index. */
  readonly droppedExtras: Set<number>;
  readonly addedExtras: ExtraSpec[];
  /** The callback of the third argument needs a written type: see `markCycles`. */
  extrasCloseCycle?: boolean;
  /** Foreign keys of the third argument that get other actions, by index. */
  readonly changedActions: Map<number, ReferentialActions>;
  /** Foreign keys that come and go, for relations(). */
  readonly addedKeys: AddedKey[];
  readonly droppedKeys: DroppedKey[];
  /** Comment to write above the declaration. */
  comment: string | undefined;
  isDropped: boolean;
}

export type ColumnOrigin =
  | { readonly kind: 'listed'; readonly column: ColumnModel }
  | { readonly kind: 'spread' }
  | { readonly kind: 'new' };

export interface ColumnDraft {
  readonly origin: ColumnOrigin;
  key: string;
  /** The column as it will be. */
  def: ColumnDef;
  /** The column as it is; for a new one as it was added. */
  readonly before: ColumnDef;
  isDropped: boolean;
  primaryKey: 'add' | 'remove' | undefined;
  unique: { readonly kind: 'add'; readonly unique: UniqueDef } | { readonly kind: 'remove' } | undefined;
  references: ReferenceDraft | undefined;
}

export interface ReferentialActions {
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export type ReferenceDraft =
  | {
      readonly kind: 'add';
      readonly foreignKey: ForeignKeyDef;
      readonly target: KeyTarget;
      /** It needs a written type: see `markCycles`. */
      readonly closesCycle?: true;
    }
  | { readonly kind: 'remove' }
  | (ReferentialActions & { readonly kind: 'actions' });

/** An entry to be written into the third argument. Columns are drafts: they may still be renamed. */
export type ExtraSpec =
  | { readonly kind: 'index'; readonly index: IndexDef; readonly columns: readonly ColumnDraft[] }
  | { readonly kind: 'unique'; readonly unique: UniqueDef; readonly columns: readonly ColumnDraft[] }
  | {
      readonly kind: 'primaryKey';
      readonly primaryKey: PrimaryKeyDef;
      readonly columns: readonly ColumnDraft[];
    }
  | {
      readonly kind: 'foreignKey';
      readonly foreignKey: ForeignKeyDef;
      readonly columns: readonly ColumnDraft[];
      readonly target: KeyTarget;
    }
  | { readonly kind: 'check'; readonly check: CheckDef; readonly columns: readonly ColumnDraft[] };

/** What a foreign key refers to: as drafts, since later changes may rename it. */
export interface KeyTarget {
  readonly table: TableDraft;
  readonly columns: readonly ColumnDraft[];
}

export interface AddedKey {
  readonly columns: readonly ColumnDraft[];
  readonly target: KeyTarget;
}

export interface DroppedKey {
  readonly columns: readonly ColumnDraft[];
  readonly target: ObjectName;
  readonly targetColumns: readonly string[];
}

/** A draft as others name it. */
export function refOf(draft: TableDraft): TableRef {
  return { ...draft.name, path: draft.path, variable: draft.variable };
}

/** Where to point when something about a table cannot be done. */
export function declarationSpan(draft: TableDraft): Span {
  return draft.model?.variableSpan ?? { start: 0, end: 0 };
}
