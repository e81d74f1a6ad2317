/**
 * The schema of a database as plain data: what a plan is resolved against, and what a new table in a plan
 * looks like once it is normalised. One shape for both, so that "already there" is a comparison.
 * SQL texts (types, defaults, expressions) are kept as written; compare them with `postgres/sql.ts`.
 */
export interface DatabaseSchema {
  readonly tables: readonly TableDef[];
  readonly enums: readonly EnumDef[];
  /** Postgres schemas that exist besides `public`. */
  readonly schemas: readonly string[];
  /** Names of views and materialised views (`schema.name`), which share the namespace of tables. */
  readonly views: readonly string[];
}

/** A table or enum by its real name in the database; `schema` is `public` unless said. */
export interface ObjectName {
  readonly schema: string;
  readonly name: string;
}

export interface TableDef extends ObjectName {
  readonly columns: readonly ColumnDef[];
  readonly primaryKey?: PrimaryKeyDef | undefined;
  readonly uniques: readonly UniqueDef[];
  readonly indexes: readonly IndexDef[];
  readonly foreignKeys: readonly ForeignKeyDef[];
  readonly checks: readonly CheckDef[];
  readonly description?: string | undefined;
}

export interface ColumnDef {
  readonly name: string;
  /** Postgres type as text: `varchar(100)`, `timestamp with time zone`, `uuid[]`, `order_status`. */
  readonly type: string;
  readonly notNull: boolean;
  /** Default as a SQL expression. */
  readonly default?: string | undefined;
  readonly identity?: IdentityDef | undefined;
  /** Expression of GENERATED ALWAYS AS (…) STORED. */
  readonly generated?: string | undefined;
  readonly description?: string | undefined;
}

export interface IdentityDef {
  readonly always: boolean;
  readonly start?: string | undefined;
  readonly increment?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly cache?: string | undefined;
  readonly cycle?: boolean | undefined;
}

/** `named`: the name was given by the plan (or differs from the ORM's derived one); else it is the derived name. */
export interface PrimaryKeyDef {
  readonly name: string;
  readonly named: boolean;
  readonly columns: readonly string[];
}

export interface UniqueDef {
  readonly name: string;
  readonly named: boolean;
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
}

export interface IndexDef {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly IndexColumn[];
  /** Access method; `btree` unless said. */
  readonly using: string;
  /** Predicate of a partial index, as SQL. */
  readonly where?: string | undefined;
  readonly concurrently: boolean;
  /** As for constraints; unknown where the ORM derives no names for indexes, or has not said. */
  readonly named?: boolean | undefined;
}

export interface IndexColumn {
  /** A column name, or a SQL expression when `isExpression`. */
  readonly expression: string;
  readonly isExpression: boolean;
  readonly order: 'asc' | 'desc';
  /** Postgres' defaults: NULLS LAST for asc, NULLS FIRST for desc. */
  readonly nulls: 'first' | 'last';
  readonly opclass?: string | undefined;
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKeyDef {
  readonly name: string;
  readonly named: boolean;
  readonly columns: readonly string[];
  readonly references: ObjectName & { readonly columns: readonly string[] };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** When it is checked, where a transaction may put that off. */
  readonly deferrable?: Deferral | undefined;
}

export type Deferral = 'initially immediate' | 'initially deferred';

export interface CheckDef {
  readonly name: string;
  readonly named?: boolean | undefined;
  readonly expression: string;
}

export interface EnumDef extends ObjectName {
  readonly values: readonly string[];
}

/** `schema.name`, without the schema when it is `public`: how messages, snapshots and records call it. */
export function displayName(object: ObjectName): string {
  return object.schema === 'public' ? object.name : `${object.schema}.${object.name}`;
}

/** Whether two names mean the same object. */
export function isSameObject(a: ObjectName, b: ObjectName): boolean {
  return a.schema === b.schema && a.name === b.name;
}

/** The table with this name, if the schema has it. */
export function findTable(schema: DatabaseSchema, name: ObjectName): TableDef | undefined {
  return schema.tables.find((table) => isSameObject(table, name));
}

/** The enum with this name, if the schema has it. */
export function findEnum(schema: DatabaseSchema, name: ObjectName): EnumDef | undefined {
  return schema.enums.find((candidate) => isSameObject(candidate, name));
}
