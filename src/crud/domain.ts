import type { ObjectName } from '../plan/database-schema.ts';

/**
 * A CRUD domain as plain data: one table, with everything that the code about it has to know. Every stack's templates
 * are rendered from it, whatever the ORM and the framework.
 */
export interface CrudDomain {
  readonly names: DomainNames;
  readonly table: CrudTable;
  readonly fields: readonly CrudField[];
  /** The primary key: one column. */
  readonly id: CrudField;
  /**
   * What is returned: neither what has no form in JSON, nor what is secret by its name (`password_hash`, `api_token`), nor what
   * the source hides (`@Exclude`, `select: false`), nor the mark of a deleted row.
   */
  readonly readable: readonly CrudField[];
  /** Who makes the key of a new row: a default (of Postgres or the ORM), the generated code (`randomUUID()`), or the client. */
  readonly idSource: 'default' | 'application' | 'client';
  /** What a client gives when it creates a row; a field is required when `isRequired`. */
  readonly creatable: readonly CrudField[];
  /** What a client may change; all of them optional there. */
  readonly updatable: readonly CrudField[];
  /** Set to the present time at each change, because the ORM does not do it. */
  readonly touched: CrudField | undefined;
  /** One higher at each change, because the ORM does not do it. */
  readonly bumped: CrudField | undefined;
  /** Rows stay when they are deleted, and are marked; undefined where they go. */
  readonly deletion: SoftDeletion | undefined;
  readonly uniques: readonly CrudUnique[];
  readonly references: readonly CrudReference[];
  /** What CHECKs are about; a refused one is answered with 400 and the fields. */
  readonly checks: readonly CrudCheck[];
  /** Rows that a row of this table needs, in the order in which they can be inserted: for generated tests. */
  readonly parents: readonly CrudParent[];
  /** Foreign keys of other tables point here, and one of them keeps a row that is used from being deleted. */
  readonly isReferenced: boolean;
  readonly list: CrudList;
  /** Who may use the routes, where somebody has said so; else they are as closed as the application's others. */
  readonly authentication: Authentication | undefined;
}

/** How a deleted row is marked. */
export interface SoftDeletion {
  readonly field: CrudField;
  /** The time of it, null before; or true. */
  readonly mark: 'time' | 'flag';
  /** The ORM marks rows, and leaves those out that are marked: `@DeleteDateColumn`. */
  readonly isByOrm: boolean;
}

export type Authentication = 'public' | 'protected' | 'admin';

/** The domain in the forms that code needs. A table `order_items` is `order-items`, `orderItems`, `OrderItems`; `order-item` … */
export interface DomainNames {
  readonly plural: NameForms;
  readonly singular: NameForms;
}

export interface NameForms {
  readonly kebab: string;
  readonly camel: string;
  readonly pascal: string;
  readonly snake: string;
  /** `order items`, for sentences. */
  readonly words: string;
}

export interface CrudTable extends ObjectName {
  /** The file that declares it; absolute. */
  readonly path: string;
  /** The variable of the Drizzle table or the class of the TypeORM entity. */
  readonly variable: string;
  readonly isDefaultExport: boolean;
}

/** What a value is to JSON, validation and comparison. */
export type FieldKind =
  | 'uuid'
  | 'text'
  | 'enum'
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'json'
  /** bytea, ranges, vectors, geometry …: neither given nor returned by the generated code. */
  | 'opaque';

export interface CrudField {
  /** The property in the code and in JSON. */
  readonly key: string;
  /** The name in the database. */
  readonly column: string;
  /** Postgres type as text. */
  readonly sqlType: string;
  readonly kind: FieldKind;
  /** The values are arrays of `kind`. */
  readonly isArray: boolean;
  /** What the ORM gives and takes: `string`, `Date`, `number`, `bigint`; `'draft' | 'sent'` for an enum. */
  readonly rowType: string;
  /** The source narrows the type of the values in a way that only TypeScript knows: they are cast. */
  readonly isNarrowed: boolean;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** Postgres or the ORM makes the value; a client neither gives nor changes it. */
  readonly isGenerated: boolean;
  /** What it is for, where no client may give or change it though Postgres does not make it. */
  readonly role?: ServerRole | undefined;
  /** A value has to be given: NOT NULL without a default. */
  readonly isRequired: boolean;
  readonly rules: FieldRules;
  /** How many other fields CHECKs want it to be above: samples of values keep to it. */
  readonly rank: number;
}

/** What a column is for that is the server's: marks of deletion, who changed a row and when, its version, its tenant. */
export type ServerRole = 'deletion' | 'audit' | 'version' | 'tenant' | 'time';

/** What a value has to be, from the column's type, its checks that can be read, and the plan's `validation`. */
export interface FieldRules {
  readonly minLength?: number | undefined;
  /** varchar(n) and char(n). */
  readonly maxLength?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** A JavaScript regular expression without slashes. */
  readonly pattern?: string | undefined;
  readonly format?: 'email' | 'url' | undefined;
  /** Labels of an enum; `IN ('a', 'b')` of a check. */
  readonly values?: readonly string[] | undefined;
  /** numeric(precision, scale). */
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
}

/** A constraint by its name, and its fields. Columns that two rows cannot share are answered with 409. */
export interface CrudUnique {
  /** The name of the constraint or index, which Postgres gives in its error. */
  readonly name: string;
  readonly fields: readonly CrudField[];
  /** A unique index of some rows only, or of expressions too: the same values need not conflict. */
  readonly isConditional?: boolean | undefined;
}

/** `isOpaque`: it says something that no rule of a field says. */
export interface CrudCheck extends CrudUnique {
  readonly isOpaque: boolean;
}

/** A foreign key: a parent that is not there is answered with 400 and the field. */
export interface CrudReference {
  readonly name: string;
  readonly fields: readonly CrudField[];
  readonly target: ObjectName & { readonly columns: readonly string[] };
}

/** A table that rows of the domain's table refer to, directly or not, through columns that have to be given. */
export interface CrudParent {
  readonly table: CrudTable;
  /** The columns that have to be given. */
  readonly fields: readonly CrudField[];
  readonly references: readonly CrudReference[];
  /** Column → property, of all columns. */
  readonly keys: ReadonlyMap<string, string>;
}

export interface CrudList {
  readonly defaultLimit: number;
  readonly maxLimit: number;
  /** Text fields in which `search` is looked for. */
  readonly search: readonly CrudField[];
  /** Fields that a query parameter of the same name narrows down to. */
  readonly filter: readonly CrudField[];
  readonly sort: readonly CrudField[];
  /** Sorted by this unless the client says otherwise: the time of creation, newest first, else the key. */
  readonly defaultSort: { readonly field: CrudField; readonly order: 'asc' | 'desc' };
}
