import type { ObjectName } from '../../plan/database-schema.ts';

/**
 * What TypeORM says of the project's entities once its decorators have run and its naming strategy has been asked: names
 * are those in the database, so nobody has to guess them from the source. Plain JSON: it comes out of the child process
 * that has loaded the project's data source.
 */
export interface EntityModel {
  /** Class, or the `name` of an EntitySchema. */
  readonly name: string;
  readonly form: 'class' | 'schema';
  /** `regular`, `view`, `junction` (made by a many-to-many), `entity-child`, `closure` …, as TypeORM calls it. */
  readonly tableType: string;
  readonly table: ObjectName;
  /** What TypeORM makes a table of by itself: `User.tags` (a many-to-many relation), `Category` (a tree's closure table). */
  readonly madeBy?: string | undefined;
  /** File that declares it, absolute; undefined for what TypeORM makes itself (a junction). */
  readonly file?: string | undefined;
  /** Classes that it extends, nearest first: `['BaseRecord']`. */
  readonly parents: readonly string[];
  readonly columns: readonly EntityColumn[];
  readonly relations: readonly EntityRelation[];
  readonly indices: readonly EntityIndex[];
  readonly uniques: readonly EntityConstraint[];
  readonly checks: readonly EntityCheck[];
}

export interface EntityColumn {
  /** `email`, or `address.city` inside an embedded one. */
  readonly property: string;
  readonly column: string;
  /** Class whose source has the decorator: the entity itself, one of `parents`, or an embedded class. */
  readonly declaredIn: string;
  /** Type as TypeORM normalises it: `character varying`, `timestamp with time zone`, `enum`. */
  readonly type: string;
  readonly isPrimary: boolean;
  readonly isNullable: boolean;
  /** The column exists through a relation's @JoinColumn alone: there is no @Column for it. */
  readonly isVirtual: boolean;
  /** Name of the enum type in the database, whether the source gives it or TypeORM derives it. */
  readonly enumName: string | undefined;
}

export interface EntityRelation {
  readonly property: string;
  readonly kind: 'many-to-one' | 'one-to-one' | 'one-to-many' | 'many-to-many';
  /** Entity at the other end. */
  readonly target: string;
  readonly inverse: string | undefined;
  /** Columns of this table that hold the key; empty on the inverse side. */
  readonly joinColumns: readonly string[];
  readonly foreignKey: string | undefined;
}

export interface EntityIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  readonly where: string | undefined;
}

export interface EntityConstraint {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface EntityCheck {
  readonly name: string;
  readonly expression: string;
}
