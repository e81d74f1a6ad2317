/**
 * A snapshot of drizzle-kit 0.31 as it lies on disk (format 7), as far as tableplan reads or writes it. Whatever
 * else stands in the file is carried along untouched.
 */
export interface SnapshotJson {
  readonly id: string;
  readonly prevId: string;
  readonly version: string;
  readonly dialect: string;
  /** Keyed `public.users`; the `schema` of a table in `public` is ''. */
  readonly tables: Readonly<Record<string, TableJson>>;
  readonly enums: Readonly<Record<string, EnumJson>>;
  readonly schemas: Readonly<Record<string, string>>;
  readonly views: Readonly<Record<string, ViewJson>>;
  readonly [other: string]: unknown;
}

export interface TableJson {
  readonly name: string;
  readonly schema: string;
  readonly columns: Readonly<Record<string, ColumnJson>>;
  readonly indexes: Readonly<Record<string, IndexJson>>;
  readonly foreignKeys: Readonly<Record<string, ForeignKeyJson>>;
  readonly compositePrimaryKeys: Readonly<Record<string, PrimaryKeyJson>>;
  readonly uniqueConstraints: Readonly<Record<string, UniqueJson>>;
  readonly checkConstraints: Readonly<Record<string, CheckJson>>;
  readonly policies?: Readonly<Record<string, PolicyJson>>;
  readonly [other: string]: unknown;
}

export interface ColumnJson {
  readonly name: string;
  readonly type: string;
  /** Only for columns of an enum. */
  readonly typeSchema?: string;
  readonly primaryKey: boolean;
  readonly notNull: boolean;
  readonly default?: string | number | boolean;
  readonly identity?: IdentityJson;
  readonly generated?: { readonly as: string; readonly type: string };
  readonly [other: string]: unknown;
}

export interface IdentityJson {
  readonly type: 'always' | 'byDefault';
  readonly name: string;
  readonly increment?: string;
  readonly startWith?: string;
  readonly minValue?: string;
  readonly maxValue?: string;
  readonly cache?: string;
  readonly cycle?: boolean;
  readonly [other: string]: unknown;
}

export interface IndexColumnJson {
  readonly expression: string;
  readonly isExpression: boolean;
  readonly asc: boolean;
  readonly nulls?: string;
  readonly opclass?: string;
}

export interface IndexJson {
  readonly name: string;
  readonly columns: readonly IndexColumnJson[];
  readonly isUnique: boolean;
  readonly where?: string;
  readonly concurrently?: boolean;
  readonly method?: string;
  readonly [other: string]: unknown;
}

export interface ForeignKeyJson {
  readonly name: string;
  readonly tableFrom: string;
  readonly tableTo: string;
  /** Absent or '' for `public`. */
  readonly schemaTo?: string;
  readonly columnsFrom: readonly string[];
  readonly columnsTo: readonly string[];
  readonly onDelete?: string;
  readonly onUpdate?: string;
  readonly [other: string]: unknown;
}

export interface PrimaryKeyJson {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface UniqueJson {
  readonly name: string;
  readonly columns: readonly string[];
  readonly nullsNotDistinct?: boolean;
}

export interface CheckJson {
  readonly name: string;
  readonly value: string;
}

export interface PolicyJson {
  readonly name: string;
  readonly using?: string;
  readonly withCheck?: string;
  readonly [other: string]: unknown;
}

export interface EnumJson {
  readonly name: string;
  readonly schema: string;
  readonly values: readonly string[];
}

export interface ViewJson {
  readonly name: string;
  readonly schema: string;
  readonly definition?: string;
  readonly materialized?: boolean;
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

/** What drizzle-kit compares the first migration with: a snapshot of nothing, at the root of the chain. */
export const EMPTY_SNAPSHOT: SnapshotJson = {
  id: '00000000-0000-0000-0000-000000000000',
  prevId: '',
  version: '7',
  dialect: 'postgresql',
  tables: {},
  enums: {},
  schemas: {},
  sequences: {},
  roles: {},
  policies: {},
  views: {},
  _meta: { columns: {}, schemas: {}, tables: {} },
};
