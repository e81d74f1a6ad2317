/**
 * What an ORM's source can express (plan-format, "What the ORMs can express"), and what its differ gets right.
 * Each `false` is refused with a hint, unless the entry says `raw: true`.
 */
export interface Capabilities {
  /** How messages call the ORM. */
  readonly orm: string;
  readonly collation: boolean;
  readonly indexInclude: boolean;
  readonly indexOrder: boolean;
  /** Indexes on an expression. */
  readonly indexExpression: boolean;
  readonly operatorClass: boolean;
  /** Access methods that do not come with Postgres, such as hnsw. */
  readonly indexMethods: boolean;
  readonly nullsNotDistinct: boolean;
  readonly deferrableForeignKey: boolean;
  /** Enums that stand alone, without a column. */
  readonly enums: boolean;
  /** The source has serial as a type: what makes or takes away the sequence of a column is written by the plan. */
  readonly serial: boolean;
  /** A table may do without a primary key. */
  readonly tableWithoutKey: boolean;
  /** The differ can drop a primary key that is written on its column. */
  readonly dropInlinePrimaryKey: boolean;
  /** Renaming a table that has an identity column, whose sequence is named after it. */
  readonly renameIdentity: boolean;
}
