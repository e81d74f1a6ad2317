import { quoteIdentifier, quoteLiteral } from '../postgres/quote.ts';
import type { AlterColumn, Change } from './change.ts';
import {
  type DatabaseSchema,
  findEnum,
  findTable,
  type ForeignKeyDef,
  type ObjectName,
  type TableDef,
} from './database-schema.ts';
import {
  checkSql,
  columnSql,
  createEnumSql,
  createIndexSql,
  dropIndexSql,
  foreignKeySql,
  primaryKeySql,
  qualified,
  uniqueSql,
} from './ddl-text.ts';
import { drizzleNaming, type Naming } from './naming.ts';
import { alterSerial } from './serial.ts';
import { isOfEnum, typeText } from './resolve/enum-type.ts';
import { applyChange } from './resolve/evolve.ts';

export interface DdlOptions {
  /** How names are derived anew after a rename; Drizzle's unless said. */
  readonly naming?: Naming | undefined;
  /** Whether comments go into the database (TypeORM) or only into the source (Drizzle, the default). */
  readonly comments?: 'source' | 'database' | undefined;
}

/**
 * Canonical SQL for changes, one statement an entry: what the plan itself means, against which the ORM's migration can
 * be compared. It runs statement by statement; CONCURRENTLY is left out (design §2.2).
 * `before` is the schema that the changes start from.
 */
export function renderDdl(
  changes: readonly Change[],
  before: DatabaseSchema,
  options: DdlOptions = {},
): string[] {
  const naming = options.naming ?? drizzleNaming(before);
  let schema = before;
  const schemas = new Set(['public', ...before.schemas]);
  return changes.flatMap((change) => {
    const after = applyChange(schema, change, naming);
    const made = missingSchema(change, schemas);
    const statements = render(change, { before: schema, after, comments: options.comments ?? 'source' });
    schema = after;
    return [...made, ...statements];
  });
}

/** The first table or enum of a Postgres schema makes the schema, as both ORMs have it. */
function missingSchema(change: Change, known: Set<string>): string[] {
  const object =
    change.kind === 'create-table' ? change.table : change.kind === 'create-enum' ? change.enum : undefined;
  if (object === undefined || known.has(object.schema)) return [];
  known.add(object.schema);
  return [`CREATE SCHEMA ${quoteIdentifier(object.schema)}`];
}

interface Step {
  readonly before: DatabaseSchema;
  readonly after: DatabaseSchema;
  readonly comments: 'source' | 'database';
}

function render(change: Change, step: Step): string[] {
  switch (change.kind) {
    case 'create-enum':
      return [createEnumSql(change.enum)];
    case 'add-enum-value':
      return [
        `ALTER TYPE ${qualified(change.enum)} ADD VALUE ${quoteLiteral(change.value)}${placeOf(change)}`,
      ];
    case 'rename-enum-value':
      return [
        `ALTER TYPE ${qualified(change.enum)} RENAME VALUE ${quoteLiteral(change.from)} TO ${quoteLiteral(change.to)}`,
      ];
    case 'drop-enum-value':
      return rebuildEnum(change.enum, step);
    case 'drop-enum':
      return [`DROP TYPE ${qualified(change.enum)}`];
    case 'create-table':
      return createTable(change.table, step);
    case 'rename-table':
      return [
        `ALTER TABLE ${qualified(change.table)} RENAME TO ${quoteIdentifier(change.to)}`,
        ...renameDerived(step, change),
      ];
    case 'drop-table':
      return [`DROP TABLE ${qualified(change.table)}`];
    case 'rename-column':
      return [
        `${alter(change.table)} RENAME COLUMN ${quoteIdentifier(change.from)} TO ${quoteIdentifier(change.to)}`,
        ...renameDerived(step),
      ];
    case 'raw-sql':
      return [change.up.replace(/;\s*$/, '')];
    default:
      return renderInTable(change, step);
  }
}

type ChangeInTable = Exclude<
  Change,
  {
    kind:
      | `${string}-enum${string}`
      | 'create-table'
      | 'rename-table'
      | 'drop-table'
      | 'rename-column'
      | 'raw-sql';
  }
>;

function renderInTable(change: ChangeInTable, step: Step): string[] {
  const table = alter(change.table);
  switch (change.kind) {
    case 'add-column':
      return [
        `${table} ADD COLUMN ${columnSql(change.column)}`,
        ...commentOnColumn(change.table, change.column, step),
      ];
    case 'alter-column':
      return alterColumn(change, step);
    case 'drop-column':
      return [`${table} DROP COLUMN ${quoteIdentifier(change.column)}`];
    case 'set-primary-key':
      return [
        ...(change.from ? [dropConstraint(change.table, change.from.name)] : []),
        `${table} ADD ${primaryKeySql(change.primaryKey)}`,
      ];
    case 'add-unique':
      return [`${table} ADD ${uniqueSql(change.unique)}`];
    case 'drop-unique':
      return [dropConstraint(change.table, change.unique.name)];
    case 'add-index':
      return [createIndexSql(change.table, change.index)];
    case 'drop-index':
      return [dropIndexSql(change.table, change.index.name)];
    case 'add-foreign-key':
      return [`${table} ADD ${foreignKeySql(change.foreignKey)}`];
    case 'alter-foreign-key': {
      const { onDelete, onUpdate, foreignKey } = change;
      return [
        dropConstraint(change.table, foreignKey.name),
        `${table} ADD ${foreignKeySql({ ...foreignKey, onDelete, onUpdate })}`,
      ];
    }
    case 'drop-foreign-key':
      return [dropConstraint(change.table, change.foreignKey.name)];
    case 'add-check':
      return [`${table} ADD ${checkSql(change.check)}`];
    case 'drop-check':
      return [dropConstraint(change.table, change.check.name)];
    case 'comment':
      return step.comments === 'database'
        ? [`COMMENT ON TABLE ${qualified(change.table)} IS ${quoteLiteral(change.text)}`]
        : [];
  }
}

function alter(table: ObjectName): string {
  return `ALTER TABLE ${qualified(table)}`;
}

function dropConstraint(table: ObjectName, name: string): string {
  return `${alter(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`;
}

function placeOf({ before, after }: { before?: string | undefined; after?: string | undefined }): string {
  if (before !== undefined) return ` BEFORE ${quoteLiteral(before)}`;
  return after === undefined ? '' : ` AFTER ${quoteLiteral(after)}`;
}

function createTable(table: TableDef, step: Step): string[] {
  const parts = [
    ...table.columns.map(columnSql),
    ...(table.primaryKey ? [primaryKeySql(table.primaryKey)] : []),
    ...table.uniques.map(uniqueSql),
    ...table.checks.map(checkSql),
  ];
  return [
    `CREATE TABLE ${qualified(table)} (\n  ${parts.join(',\n  ')}\n)`,
    ...table.indexes.map((index) => createIndexSql(table, index)),
    ...table.foreignKeys.map((key) => `${alter(table)} ADD ${foreignKeySql(key)}`),
    ...table.columns.flatMap((column) => commentOnColumn(table, column, step)),
  ];
}

function commentOnColumn(
  table: ObjectName,
  column: TableDef['columns'][number],
  { comments }: Step,
): string[] {
  if (comments === 'source' || column.description === undefined) return [];
  return [
    `COMMENT ON COLUMN ${qualified(table)}.${quoteIdentifier(column.name)} IS ${quoteLiteral(column.description)}`,
  ];
}

/** A default that the old type had need not fit the new one: it is dropped first and set again last. */
function alterColumn(change: AlterColumn, { after }: Step): string[] {
  const { column, type, notNull } = change;
  const serial = alterSerial(change);
  if (serial) return serial;
  const head = `${alter(change.table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
  const value = change.default ? change.default.set : column.default;
  const resets = change.default !== undefined || (type !== undefined && column.default !== undefined);
  return [
    ...(resets && column.default !== undefined ? [`${head} DROP DEFAULT`] : []),
    ...(type ? [`${head} TYPE ${type.to}${castOf(change, after)}`] : []),
    ...(resets && value !== undefined ? [`${head} SET DEFAULT ${value}`] : []),
    ...(notNull === undefined ? [] : [`${head} ${notNull ? 'SET' : 'DROP'} NOT NULL`]),
  ];
}

/** Text becomes an enum only by a cast; drizzle-kit writes that one too. */
function castOf({ column, type }: AlterColumn, schema: DatabaseSchema): string {
  if (!type) return '';
  if (type.using !== undefined) return ` USING ${type.using}`;
  const toEnum = schema.enums.some((item) => isOfEnum({ ...column, type: type.to }, item));
  return toEnum ? ` USING ${quoteIdentifier(column.name)}::text${arraySuffix(type.to)}::${type.to}` : '';
}

function arraySuffix(type: string): string {
  return /(\[\d*\])+$/.exec(type)?.[0] ?? '';
}

/** Postgres has no way to drop a value: a new type takes the place of the old one. */
function rebuildEnum(name: ObjectName, { before, after }: Step): string[] {
  const item = findEnum(after, name);
  const old = { schema: name.schema, name: `${name.name}__old` };
  const columns = before.tables.flatMap((table) =>
    table.columns.filter((column) => isOfEnum(column, name)).map((column) => ({ table, column })),
  );
  const head = ({ table, column }: (typeof columns)[number]) =>
    `${alter(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
  return [
    `ALTER TYPE ${qualified(name)} RENAME TO ${quoteIdentifier(old.name)}`,
    createEnumSql({ ...name, values: item?.values ?? [] }),
    ...columns.flatMap((entry) => {
      const { column } = entry;
      const arrays = arraySuffix(column.type);
      const type = `${typeText(name)}${arrays}`;
      return [
        ...(column.default === undefined ? [] : [`${head(entry)} DROP DEFAULT`]),
        `${head(entry)} TYPE ${type} USING ${quoteIdentifier(column.name)}::text${arrays}::${type}`,
        ...(column.default === undefined ? [] : [`${head(entry)} SET DEFAULT ${column.default}`]),
      ];
    }),
    `DROP TYPE ${qualified(old)}`,
  ];
}

/** The ORM's rename carries derived names of constraints along: so does the plan's. */
function renameDerived(
  { before, after }: Step,
  renamed?: { readonly table: ObjectName; readonly to: string },
): string[] {
  return before.tables.flatMap((old) => {
    const isRenamed = renamed && old.schema === renamed.table.schema && old.name === renamed.table.name;
    const table = findTable(after, isRenamed ? { ...old, name: renamed.to } : old);
    if (!table) return [];
    const pairs = [
      ...named(old.primaryKey, table.primaryKey),
      ...pairsOf(old.uniques, table.uniques),
      ...pairsOf<ForeignKeyDef>(old.foreignKeys, table.foreignKeys),
    ];
    return pairs.map(
      ([from, to]) => `${alter(table)} RENAME CONSTRAINT ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    );
  });
}

function named(a: { name: string } | undefined, b: { name: string } | undefined): [string, string][] {
  return a && b && a.name !== b.name ? [[a.name, b.name]] : [];
}

function pairsOf<Item extends { readonly name: string }>(
  a: readonly Item[],
  b: readonly Item[],
): [string, string][] {
  return a.flatMap((item, index) => named(item, b[index]));
}
