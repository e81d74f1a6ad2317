import type { EntityColumn, EntityModel, EntityRelation } from '../../orm/typeorm/model.ts';
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
import type { EntitySource } from './model.ts';

/** What a new EntitySchema is called beside its variable. */
export interface SchemaNames {
  /** Its `name` option, by which relations find it. */
  readonly name: string;
  /** The type that it is of. */
  readonly typeName: string;
}

/**
 * What becomes of an entity. The changes of a plan write into drafts, one after the other; the text is made once, from
 * the finished draft, so that several changes to one entity (or to one column) come out as one.
 */
export interface EntityDraft {
  /** The table's name, as it is at this point of the plan. */
  name: ObjectName;
  readonly path: string;
  /** What the file exports: the class, or the variable of an EntitySchema. */
  readonly exported: string;
  /** Undefined for a table that the plan makes. */
  readonly entity: EntityModel | undefined;
  readonly source: EntitySource | undefined;
  /** Names of a new EntitySchema; undefined for a class. */
  readonly schema: SchemaNames | undefined;
  /** Class that a new entity extends. */
  readonly base: BaseClass | undefined;
  readonly columns: ColumnDraft[];
  readonly relations: RelationDraft[];
  readonly addedIndexes: { readonly index: IndexDef; readonly columns: readonly ColumnDraft[] }[];
  readonly droppedIndexes: { readonly index: IndexDef; readonly columns: readonly ColumnDraft[] }[];
  readonly addedUniques: { readonly unique: UniqueDef; readonly columns: readonly ColumnDraft[] }[];
  readonly droppedUniques: { readonly unique: UniqueDef; readonly columns: readonly ColumnDraft[] }[];
  readonly addedChecks: CheckDef[];
  readonly droppedChecks: CheckDef[];
  primaryKey: PrimaryKeyDef | undefined;
  /** The primary key changes: `primaryKey` is to be written. */
  isKeyChanged: boolean;
  comment: string | undefined;
  isDropped: boolean;
}

export interface BaseClass {
  /** The class, and what stands behind `extends`: `BaseRecord`, `AbstractEntity<Product>`. */
  readonly name: string;
  readonly text: string;
  /** Undefined for a class of TypeORM or another package. */
  readonly path: string | undefined;
  readonly module: string | undefined;
}

export interface ColumnDraft {
  /** What TypeORM knows of it; undefined for a new one. */
  readonly column: EntityColumn | undefined;
  /** The property as it will be; of a column that only a relation has, the relation's. */
  property: string;
  def: ColumnDef;
  readonly before: ColumnDef;
  /** The base class has it: nothing is written. */
  readonly isInherited: boolean;
  isDropped: boolean;
}

/** A foreign key: a relation that is there, or one to be written. */
export interface RelationDraft {
  /** Undefined for a new one. */
  readonly relation: EntityRelation | undefined;
  property: string;
  readonly columns: readonly ColumnDraft[];
  readonly foreignKey: ForeignKeyDef | undefined;
  actions: { readonly onDelete: ReferentialAction; readonly onUpdate: ReferentialAction } | undefined;
  isDropped: boolean;
}

/** The column with this name, as it is at this point of the plan. */
export function columnOf(draft: EntityDraft, name: string): ColumnDraft | undefined {
  return draft.columns.find((column) => column.def.name === name && !column.isDropped);
}

/** Whether a column was there and will be called otherwise, as a property or in the database. */
export function isRenamed(column: ColumnDraft): boolean {
  return column.column !== undefined && column.before.name !== column.def.name;
}

/** Properties of an entity that get another name, old to new. */
export function propertyRenames(draft: EntityDraft): ReadonlyMap<string, string> {
  const columns = draft.columns
    .filter((each) => !each.isDropped && each.column?.isVirtual === false)
    .map((each) => [each.column!.property, each.property] as const);
  const relations = draft.relations
    .filter((each) => !each.isDropped && each.relation !== undefined)
    .map((each) => [each.relation!.property, each.property] as const);
  return new Map([...columns, ...relations].filter(([from, to]) => from !== to));
}
