import type {
  CheckDef,
  ColumnDef,
  DatabaseSchema,
  EnumDef,
  ForeignKeyDef,
  IndexColumn,
  IndexDef,
  ObjectName,
  PrimaryKeyDef,
  ReferentialAction,
  TableDef,
  UniqueDef,
} from '../plan/database-schema.ts';
import type { Engine } from './engines/engine.ts';
import { COLUMNS, CONSTRAINTS, INDEXES, NAMES } from './read-schema-sql.ts';

interface InTable {
  readonly schema: string;
  readonly table: string;
}

interface ColumnRow extends InTable {
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly expression: string | null;
  readonly is_generated: boolean;
  readonly identity: '' | 'a' | 'd';
  readonly sequence: {
    readonly start: string;
    readonly increment: string;
    readonly min: string;
    readonly max: string;
    readonly cache: string;
    readonly cycle: boolean;
  } | null;
  /** The default is the next value of a sequence that the column owns. */
  readonly is_serial: boolean;
  readonly description: string | null;
}

interface ConstraintRow extends InTable {
  readonly name: string;
  readonly kind: 'p' | 'u' | 'f' | 'c';
  readonly columns: readonly string[];
  readonly nulls_not_distinct: boolean;
  readonly target_schema: string | null;
  readonly target: string | null;
  readonly target_columns: readonly string[];
  readonly on_delete: string;
  readonly on_update: string;
  readonly is_deferrable: boolean;
  readonly is_deferred: boolean;
  readonly expression: string | null;
}

interface IndexRow extends InTable {
  readonly name: string;
  readonly is_unique: boolean;
  readonly method: string;
  readonly predicate: string | null;
  readonly keys: readonly {
    readonly text: string;
    readonly is_expression: boolean;
    readonly options: number;
    readonly opclass: string | null;
  }[];
}

interface NamesRow {
  readonly kind: 'schema' | 'view' | 'enum' | 'table';
  readonly schema: string;
  readonly name: string;
  readonly labels: readonly string[] | null;
  readonly description: string | null;
}

export interface ReadSchemaOptions {
  /** Tables that are not the schema's: the migrator's own. */
  readonly ignored?: readonly ObjectName[] | undefined;
}

/**
 * The schema of a database as a plan is resolved against it, read from its catalog. SQL texts are as Postgres prints
 * them, but for the cast of a literal default to its column's own type, which would not outlive a change of that; an
 * integer whose default is its own sequence is `serial`. Every constraint counts as `named`: which names an
 * ORM would derive itself is the ORM's matter.
 */
export async function readDatabaseSchema(
  engine: Pick<Engine, 'query'>,
  options: ReadSchemaOptions = {},
): Promise<DatabaseSchema> {
  const [before] = await engine.query<{ path: string }>("select current_setting('search_path') as path");
  // What is in public is printed without its schema, all else with it.
  await engine.query("select set_config('search_path', 'public', false)");
  try {
    const names = await engine.query<NamesRow>(NAMES);
    const parts = {
      columns: byTable(await engine.query<ColumnRow>(COLUMNS)),
      constraints: byTable(await engine.query<ConstraintRow>(CONSTRAINTS)),
      indexes: byTable(await engine.query<IndexRow>(INDEXES)),
    };
    const ignored = new Set((options.ignored ?? []).map(({ schema, name }) => `${schema}.${name}`));
    const of = (kind: NamesRow['kind']) => names.filter((row) => row.kind === kind);
    return {
      tables: of('table')
        .filter(({ schema, name }) => !ignored.has(`${schema}.${name}`))
        .map((row) => readTable(row, parts)),
      enums: of('enum').map(({ schema, name, labels }): EnumDef => ({ schema, name, values: labels ?? [] })),
      schemas: of('schema')
        .map(({ name }) => name)
        .filter((name) => name !== 'public'),
      views: of('view').map(({ schema, name }) => `${schema}.${name}`),
    };
  } finally {
    await engine.query("select set_config('search_path', $1, false)", [before?.path ?? 'public']);
  }
}

interface Parts {
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly constraints: ReadonlyMap<string, readonly ConstraintRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
}

function byTable<Row extends InTable>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.schema}.${row.table}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function readTable({ schema, name, description }: NamesRow, parts: Parts): TableDef {
  const key = `${schema}.${name}`;
  const constraints = parts.constraints.get(key) ?? [];
  const of = (kind: ConstraintRow['kind']) => constraints.filter((row) => row.kind === kind);
  const [primaryKey] = of('p');
  return {
    schema,
    name,
    columns: (parts.columns.get(key) ?? []).map(readColumn),
    primaryKey: primaryKey && readPrimaryKey(primaryKey),
    uniques: of('u').map(readUnique),
    indexes: (parts.indexes.get(key) ?? []).map(readIndex),
    foreignKeys: of('f').map(readForeignKey),
    checks: of('c').map((row): CheckDef => ({ name: row.name, expression: row.expression ?? '' })),
    ...(description !== null && { description }),
  };
}

const SERIALS: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

function readColumn(row: ColumnRow): ColumnDef {
  const serial = row.is_serial ? SERIALS[row.type] : undefined;
  const { expression, identity, sequence, description } = row;
  return {
    name: row.name,
    type: serial ?? row.type,
    notNull: row.not_null,
    ...(expression !== null &&
      serial === undefined &&
      !row.is_generated && { default: withoutOwnCast(expression, row.type) }),
    ...(expression !== null && row.is_generated && { generated: expression }),
    ...(identity !== '' && { identity: { always: identity === 'a', ...sequence } }),
    ...(description !== null && { description }),
  };
}

function withoutOwnCast(expression: string, type: string): string {
  const [, literal, cast] = /^('(?:[^']|'')*')::(.+)$/s.exec(expression) ?? [];
  return literal !== undefined && cast !== undefined && bareType(cast) === bareType(type)
    ? literal
    : expression;
}

/** `character varying` is printed for a `character varying(20)`. */
function bareType(type: string): string {
  return type.replaceAll(/\([^)]*\)/g, '').trim();
}

function readPrimaryKey({ name, columns }: ConstraintRow): PrimaryKeyDef {
  return { name, named: true, columns };
}

function readUnique({ name, columns, nulls_not_distinct: nullsNotDistinct }: ConstraintRow): UniqueDef {
  return { name, named: true, columns, nullsNotDistinct };
}

function readForeignKey(row: ConstraintRow): ForeignKeyDef {
  return {
    name: row.name,
    named: true,
    columns: row.columns,
    references: {
      schema: row.target_schema ?? 'public',
      name: row.target ?? '',
      columns: row.target_columns,
    },
    onDelete: ACTIONS[row.on_delete] ?? 'no action',
    onUpdate: ACTIONS[row.on_update] ?? 'no action',
    ...(row.is_deferrable && {
      deferrable: row.is_deferred ? ('initially deferred' as const) : ('initially immediate' as const),
    }),
  };
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function readIndex(row: IndexRow): IndexDef {
  return {
    name: row.name,
    unique: row.is_unique,
    columns: row.keys.map(readKey),
    using: row.method,
    ...(row.predicate !== null && { where: row.predicate }),
    concurrently: false,
  };
}

/** Bits of pg_index.indoption: 1 is DESC, 2 is NULLS FIRST. */
function readKey({
  text,
  is_expression: isExpression,
  options,
  opclass,
}: IndexRow['keys'][number]): IndexColumn {
  return {
    expression: text,
    isExpression,
    order: options % 2 === 1 ? 'desc' : 'asc',
    nulls: options >= 2 ? 'first' : 'last',
    ...(opclass !== null && { opclass }),
  };
}
