import type { Node } from 'libpg-query';

/** A relation as a statement names it; `public` and no schema are the same one for the reviewer. */
export interface TableRef {
  readonly schema: string | undefined;
  readonly name: string;
}

export interface TypeSpec {
  /** Postgres' internal name: `int4`, `varchar`, `timestamptz`, `serial`, or the user's own. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

export type ConstraintSpec = {
  readonly name: string | undefined;
  /** Columns that it constrains; of an inline one the column it stands at. Empty where it does not name them. */
  readonly columns: readonly string[];
  readonly notValid: boolean;
} & (
  | {
      readonly type: 'foreign-key';
      readonly references: TableRef;
      readonly refColumns: readonly string[];
      /** `CASCADE`, `SET NULL`, `NO ACTION` … */
      readonly onDelete: string;
      readonly onUpdate: string;
      readonly notEnforced: boolean;
      /** As written behind the constraint itself; empty for an inline one. */
      readonly deferrable: '' | 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED';
    }
  | { readonly type: 'check'; readonly expression: Node | undefined; readonly notEnforced: boolean }
  | {
      readonly type: 'unique' | 'primary-key';
      readonly usingIndex: string | undefined;
      readonly including: readonly string[];
      readonly nullsNotDistinct: boolean;
      /** `WITHOUT OVERLAPS`: its index is a GiST one, which USING INDEX does not take. */
      readonly withoutOverlaps: boolean;
      readonly deferrable: '' | 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED';
    }
  | { readonly type: 'exclude' }
  | { readonly type: 'not-null' }
);

export interface ColumnSpec {
  readonly name: string;
  readonly type: TypeSpec;
  readonly notNull: boolean;
  /** The DEFAULT expression; a default of NULL counts as none. */
  readonly default: Node | undefined;
  readonly identity: boolean;
  readonly generated: 'stored' | 'virtual' | undefined;
  /** Inline constraints except NOT NULL. */
  readonly constraints: readonly ConstraintSpec[];
}

/** What has operations of no kind of its own, in Postgres' words. */
export type ObjectKind =
  | 'view'
  | 'materialized view'
  | 'foreign table'
  | 'sequence'
  | 'type'
  | 'domain'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'operator'
  | 'cast'
  | 'collation'
  | 'language'
  | 'server'
  | 'foreign data wrapper'
  | 'extension'
  | 'role'
  | 'database'
  /** DROP OWNED: everything that belongs to a role. */
  | 'owned';

/**
 * What a statement does, one entry for each thing: an ALTER TABLE with three commands is three operations. Rules match on
 * these; `other` keeps the parse node of everything that no rule needs in a form of its own.
 */
export type Operation =
  | {
      readonly kind: 'create-table';
      readonly table: TableRef;
      readonly columns: readonly ColumnSpec[];
      readonly constraints: readonly ConstraintSpec[];
      readonly partitionOf: TableRef | undefined;
      readonly isPartitioned: boolean;
      readonly inherits: readonly TableRef[];
      readonly like: TableRef | undefined;
      readonly isTemporary: boolean;
      readonly ifNotExists: boolean;
      /** CREATE TABLE … AS: it has rows at once, unless it is made WITH NO DATA. */
      readonly asQuery: boolean;
      readonly withNoData: boolean;
    }
  | {
      readonly kind: 'drop-table';
      readonly table: TableRef;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'rename-table'; readonly table: TableRef; readonly to: string }
  | { readonly kind: 'set-schema'; readonly table: TableRef; readonly to: string }
  | {
      readonly kind: 'add-column';
      readonly table: TableRef;
      readonly column: ColumnSpec;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'drop-column';
      readonly table: TableRef;
      readonly column: string;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'rename-column'; readonly table: TableRef; readonly column: string; readonly to: string }
  | {
      readonly kind: 'alter-type';
      readonly table: TableRef;
      readonly column: string;
      readonly type: TypeSpec;
      readonly using: Node | undefined;
    }
  | {
      readonly kind: 'set-default';
      readonly table: TableRef;
      readonly column: string;
      readonly default: Node;
    }
  | { readonly kind: 'drop-default'; readonly table: TableRef; readonly column: string }
  /** Of a generated column. */
  | { readonly kind: 'set-expression'; readonly table: TableRef; readonly column: string }
  | { readonly kind: 'set-not-null' | 'drop-not-null'; readonly table: TableRef; readonly column: string }
  | { readonly kind: 'add-identity'; readonly table: TableRef; readonly column: string }
  | { readonly kind: 'add-constraint'; readonly table: TableRef; readonly constraint: ConstraintSpec }
  | { readonly kind: 'validate-constraint'; readonly table: TableRef; readonly name: string }
  | {
      readonly kind: 'drop-constraint';
      readonly table: TableRef;
      readonly name: string;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'rename-constraint';
      readonly table: TableRef;
      readonly name: string;
      readonly to: string;
    }
  | {
      readonly kind: 'create-index';
      readonly table: TableRef;
      readonly name: string | undefined;
      /** Column names; undefined for an expression. */
      readonly columns: readonly (string | undefined)[];
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly method: string;
      readonly isPartial: boolean;
      /** The predicate of a partial one. */
      readonly where: Node | undefined;
      readonly only: boolean;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'drop-index';
      readonly index: TableRef;
      readonly concurrently: boolean;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'rename-index'; readonly index: TableRef; readonly to: string }
  | {
      readonly kind: 'reindex';
      readonly what: 'index' | 'table' | 'schema' | 'database' | 'system';
      readonly relation: TableRef | undefined;
      /** Of a schema or database. */
      readonly name: string | undefined;
      readonly concurrently: boolean;
    }
  | {
      readonly kind: 'attach-partition' | 'detach-partition';
      readonly table: TableRef;
      readonly partition: TableRef;
      readonly concurrently: boolean;
      readonly isIndex: boolean;
    }
  | { readonly kind: 'create-enum'; readonly type: TableRef; readonly values: readonly string[] }
  | {
      readonly kind: 'add-enum-value';
      readonly type: TableRef;
      readonly value: string;
      readonly ifNotExists: boolean;
      readonly isPlaced: boolean;
    }
  | {
      readonly kind: 'rename-enum-value';
      readonly type: TableRef;
      readonly value: string;
      readonly to: string;
    }
  | { readonly kind: 'rename-type'; readonly type: TableRef; readonly to: string }
  | {
      readonly kind: 'drop-type';
      readonly type: TableRef;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  /** A sequence, a function or a type that is no enum. */
  | {
      readonly kind: 'create-object';
      readonly what: 'sequence' | 'type' | 'function';
      readonly object: TableRef;
      /** OR REPLACE: there may be one. */
      readonly replace: boolean;
    }
  /** Another name or another schema for what is neither a table nor an enum. */
  | {
      readonly kind: 'rename-object';
      readonly what: ObjectKind;
      readonly object: TableRef;
      readonly to: TableRef;
    }
  /** A column of a view or foreign table, or an attribute of a composite type. */
  | {
      readonly kind: 'rename-attribute';
      readonly what: ObjectKind;
      readonly object: TableRef;
      readonly name: string;
      readonly to: string;
    }
  | {
      readonly kind: 'drop-object';
      readonly what: ObjectKind;
      readonly object: TableRef;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'create-domain';
      readonly domain: TableRef;
      /** What it restricts: a plain type, or another domain. */
      readonly base: TypeSpec;
      readonly constraints: readonly ConstraintSpec[];
    }
  | {
      readonly kind: 'alter-domain';
      readonly domain: TableRef;
      readonly action:
        'add-constraint' | 'set-not-null' | 'drop-not-null' | 'validate' | 'drop-constraint' | 'default';
      readonly notValid: boolean;
      /** Of `validate` and `drop-constraint`, and of `add-constraint` where it is named. */
      readonly name: string | undefined;
      /** What `add-constraint` adds. */
      readonly constraint: ConstraintSpec | undefined;
    }
  | { readonly kind: 'truncate'; readonly table: TableRef; readonly cascade: boolean }
  | { readonly kind: 'vacuum'; readonly table: TableRef | undefined; readonly full: boolean }
  | { readonly kind: 'analyze'; readonly table: TableRef }
  | { readonly kind: 'cluster'; readonly table: TableRef | undefined }
  | {
      readonly kind: 'refresh-matview';
      readonly view: TableRef;
      readonly concurrently: boolean;
      /** Empties it: nobody can read it until the next REFRESH. */
      readonly withNoData: boolean;
    }
  | {
      readonly kind: 'create-trigger';
      readonly table: TableRef;
      readonly name: string;
      readonly isConstraint: boolean;
      /** Of a view. */
      readonly isInsteadOf: boolean;
    }
  | { readonly kind: 'drop-trigger'; readonly table: TableRef; readonly name: string }
  | {
      readonly kind: 'set-trigger';
      readonly table: TableRef;
      readonly name: string;
      readonly enabled: boolean;
    }
  | { readonly kind: 'row-security'; readonly table: TableRef; readonly action: string }
  | {
      readonly kind: 'create-policy' | 'alter-policy' | 'drop-policy';
      readonly table: TableRef;
      readonly name: string;
    }
  | {
      readonly kind: 'storage';
      readonly table: TableRef;
      readonly action: 'logged' | 'unlogged' | 'access-method' | 'tablespace';
    }
  /** SET STORAGE, SET STATISTICS, fillfactor, OWNER TO, REPLICA IDENTITY …: the parser's name of the command. */
  | { readonly kind: 'alter-table-other'; readonly table: TableRef; readonly subtype: string }
  | {
      readonly kind: 'lock-table';
      readonly table: TableRef;
      /** The name in pg_locks: `AccessExclusiveLock` … */
      readonly mode: string;
      readonly nowait: boolean;
    }
  /** Materialised views too. */
  | {
      readonly kind: 'create-view';
      readonly view: TableRef;
      /** CREATE OR REPLACE: there may be one. */
      readonly replace: boolean;
      readonly isMaterialized: boolean;
    }
  | {
      readonly kind: 'drop-view';
      readonly view: TableRef;
      readonly isMaterialized: boolean;
      readonly cascade: boolean;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'drop-schema'; readonly name: string; readonly cascade: boolean }
  | { readonly kind: 'rename-schema'; readonly name: string; readonly to: string }
  | { readonly kind: 'drop-database'; readonly name: string }
  | { readonly kind: 'insert'; readonly table: TableRef; readonly hasValues: boolean }
  | {
      readonly kind: 'update' | 'delete';
      readonly table: TableRef;
      readonly where: Node | undefined;
      /** What an UPDATE sets. */
      readonly columns: readonly string[];
      /** Nothing chooses among the rows: no WHERE, no other table that it is joined with. */
      readonly isOfAll: boolean;
      /** It takes its rows from a query with LIMIT. */
      readonly isBatch: boolean;
      /** In a loop that does not COMMIT: batch by batch or row by row, it is one transaction. */
      readonly isRepeated: boolean;
    }
  | {
      readonly kind: 'select';
      /** It reads tables (or functions as tables). */
      readonly hasFrom: boolean;
    }
  | {
      readonly kind: 'set-variable';
      readonly name: string;
      readonly value: string | undefined;
      readonly local: boolean;
    }
  /** A setting that later sessions start with: ALTER ROLE, ALTER DATABASE or ALTER SYSTEM … SET. */
  | { readonly kind: 'default-setting'; readonly name: string; readonly value: string | undefined }
  /** What Postgres refuses inside a transaction, and no rule needs in a form of its own. */
  | { readonly kind: 'outside-transaction'; readonly command: string }
  | {
      readonly kind: 'transaction';
      readonly action: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to';
      /** Name of the savepoint. */
      readonly savepoint?: string | undefined;
    }
  /** A DO block, or the body of a function that the script has made and calls. The operations of its statements follow it. `opaque` says what cannot be told of them. */
  | { readonly kind: 'do-block'; readonly body: string; readonly opaque: string | undefined }
  /** `isKnown`: what it does is in the script, and follows. */
  | { readonly kind: 'call'; readonly procedure: TableRef; readonly isKnown: boolean }
  /** COMMIT or ROLLBACK in a DO block, procedure or (where Postgres never takes it) function. */
  | { readonly kind: 'block-commit'; readonly isFunction: boolean }
  | { readonly kind: 'other'; readonly tag: string };

export type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** One name for one relation: `public.users` and `users` are the same, `app.orders` and `"app.orders"` are not. */
export function tableKey({ schema, name }: TableRef): string {
  return schema === undefined || schema === 'public' ? keyPart(name) : `${keyPart(schema)}.${keyPart(name)}`;
}

/** The relation of a `tableKey`. */
export function tableOfKey(key: string): TableRef {
  const parts = (key.match(/"(?:[^"]|"")*"|[^."]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' };
}

function keyPart(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
