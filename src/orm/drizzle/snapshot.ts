import { TableplanError } from '../../errors.ts';
import type {
  ColumnDef,
  DatabaseSchema,
  ForeignKeyDef,
  IdentityDef,
  IndexDef,
  PrimaryKeyDef,
  ReferentialAction,
  TableDef,
} from '../../plan/database-schema.ts';
import { drizzleNames } from '../../plan/naming.ts';
import { indexElement } from '../../postgres/index-element.ts';
import { quoteTypeWhereNeeded } from '../../postgres/quote.ts';
import type {
  ColumnJson,
  ForeignKeyJson,
  IdentityJson,
  IndexColumnJson,
  IndexJson,
  SnapshotJson,
  TableJson,
} from './snapshot-json.ts';

/** The schema before the first migration. */
export const EMPTY_SCHEMA: DatabaseSchema = { tables: [], enums: [], schemas: [], views: [] };

/**
 * Reads a snapshot of drizzle-kit 0.31 (format 7, measured in facts/drizzle.md 2.1). SQL texts are taken as they are,
 * none is parsed. Throws TableplanError `history-broken` for anything that is no such snapshot; `file` is what the
 * error calls it.
 *
 * @example readSnapshot(JSON.parse(text)).tables[0].name
 */
export function readSnapshot(json: unknown, file = 'snapshot'): DatabaseSchema {
  const snapshot = requireSnapshot(json, file);
  return {
    tables: Object.values(snapshot.tables).map(readTable),
    enums: Object.values(snapshot.enums).map((item) => ({
      schema: item.schema || 'public',
      name: item.name,
      values: item.values,
    })),
    // A pgSchema that drizzle-kit does not see stands in no snapshot, and its tables do.
    schemas: [
      ...new Set([
        ...Object.keys(snapshot.schemas),
        ...Object.values(snapshot.tables).map(({ schema }) => schema || 'public'),
      ]),
    ].filter((name) => name !== 'public'),
    views: Object.values(snapshot.views).map((view) => `${view.schema || 'public'}.${view.name}`),
  };
}

/** The same value, known to be a snapshot of format 7 for PostgreSQL, with every map that the format has. */
export function requireSnapshot(json: unknown, file: string): SnapshotJson {
  if (!isRecord(json) || typeof json['id'] !== 'string')
    throw broken(file, 'is not a snapshot of drizzle-kit');
  const { version, dialect } = json;
  if (dialect !== 'postgresql' && dialect !== 'pg') {
    throw new TableplanError('dialect-not-supported', `${file} is a snapshot for ${String(dialect)}`, {
      hint: 'tableplan works on PostgreSQL only.',
      at: { file },
    });
  }
  if (version !== '7')
    throw broken(
      file,
      `has the format ${String(version)}, drizzle-kit 0.31 needs 7`,
      'Run npx drizzle-kit up, and commit what it changes.',
    );
  if (!isRecord(json['tables'])) throw broken(file, 'has no tables');
  const whole = { prevId: '', enums: {}, schemas: {}, views: {}, ...json };
  return whole as unknown as SnapshotJson;
}

function broken(file: string, what: string, hint = 'Restore it from version control.'): TableplanError {
  return new TableplanError('history-broken', `${file} ${what}`, { hint, at: { file } });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readTable(table: TableJson): TableDef {
  const primaryKey = readPrimaryKey(table);
  const columns = Object.values(table.columns);
  return {
    schema: table.schema || 'public',
    name: table.name,
    columns: columns.map((column) => readColumn(column, primaryKey?.columns.includes(column.name) ?? false)),
    primaryKey,
    uniques: Object.values(table.uniqueConstraints ?? {}).map(({ name, columns: on, nullsNotDistinct }) => ({
      name,
      named: name !== drizzleNames.unique(table.name, on),
      columns: on,
      nullsNotDistinct: nullsNotDistinct === true,
    })),
    indexes: Object.values(table.indexes ?? {}).map(readIndex),
    foreignKeys: Object.values(table.foreignKeys ?? {}).map(readForeignKey),
    checks: Object.values(table.checkConstraints ?? {}).map(({ name, value }) => ({
      name,
      expression: value,
    })),
  };
}

/** A key written on its column has no name in the snapshot: Postgres gives it `{table}_pkey`. */
function readPrimaryKey(table: TableJson): PrimaryKeyDef | undefined {
  const [composite] = Object.values(table.compositePrimaryKeys ?? {});
  if (composite) {
    const { name, columns } = composite;
    return { name, named: name !== drizzleNames.compositeKey(table.name, columns), columns };
  }
  const column = Object.values(table.columns).find((candidate) => candidate.primaryKey);
  return column && { name: drizzleNames.inlineKey(table.name), named: false, columns: [column.name] };
}

/** Columns of a composite key may say `notNull: false` in the snapshot; in the database they are NOT NULL. */
function readColumn(column: ColumnJson, inPrimaryKey: boolean): ColumnDef {
  return {
    name: column.name,
    type: column.typeSchema === undefined ? column.type : enumType(column.type, column.typeSchema),
    notNull: column.notNull || inPrimaryKey,
    ...(column.default === undefined ? {} : { default: String(column.default) }),
    ...(column.identity ? { identity: readIdentity(column.identity) } : {}),
    ...(column.generated ? { generated: column.generated.as } : {}),
  };
}

/** The snapshot has the bare name, with `[]` behind it for arrays; in SQL it is quoted and qualified where needed. */
function enumType(type: string, schema: string): string {
  const [, name = type, arrays = ''] = /^(.*?)((?:\[\d*\])*)$/s.exec(type) ?? [];
  const prefix = schema === 'public' || schema === '' ? '' : `${quoteTypeWhereNeeded(schema)}.`;
  return `${prefix}${quoteTypeWhereNeeded(name)}${arrays}`;
}

function readIdentity(identity: IdentityJson): IdentityDef {
  const { startWith: start, increment, minValue: min, maxValue: max, cache, cycle } = identity;
  return { always: identity.type === 'always', start, increment, min, max, cache, cycle };
}

function readIndex(index: IndexJson): IndexDef {
  return {
    name: index.name,
    unique: index.isUnique,
    columns: index.columns.map(readIndexColumn),
    using: index.method ?? 'btree',
    ...(index.where === undefined ? {} : { where: index.where }),
    concurrently: index.concurrently === true,
  };
}

/** An expression's text holds its operator class and order, for which drizzle has no words there. */
function readIndexColumn(column: IndexColumnJson): IndexDef['columns'][number] {
  if (column.isExpression) {
    const { expression, opclass, order = '' } = indexElement(column.expression);
    const isDescending = /^desc\b/i.test(order) || (order === '' && !column.asc);
    const nulls = /\bfirst$/i.test(order) ? 'first' : /\blast$/i.test(order) ? 'last' : undefined;
    return {
      expression,
      isExpression: true,
      order: isDescending ? 'desc' : 'asc',
      nulls:
        nulls ??
        (order === '' ? (column.nulls === 'first' ? 'first' : 'last') : isDescending ? 'first' : 'last'),
      ...(opclass === undefined ? {} : { opclass }),
    };
  }
  return {
    expression: column.expression,
    isExpression: column.isExpression,
    order: column.asc ? 'asc' : 'desc',
    nulls: column.nulls === 'first' ? 'first' : 'last',
    ...(column.opclass === undefined ? {} : { opclass: column.opclass }),
  };
}

function readForeignKey(key: ForeignKeyJson): ForeignKeyDef {
  return {
    name: key.name,
    named: key.name !== drizzleNames.foreignKey(key.tableFrom, key.columnsFrom, key.tableTo, key.columnsTo),
    columns: key.columnsFrom,
    references: { schema: key.schemaTo || 'public', name: key.tableTo, columns: key.columnsTo },
    onDelete: readAction(key.onDelete),
    onUpdate: readAction(key.onUpdate),
  };
}

const ACTIONS: readonly ReferentialAction[] = ['restrict', 'cascade', 'set null', 'set default'];

function readAction(text: string | undefined): ReferentialAction {
  return ACTIONS.find((action) => action === text?.toLowerCase()) ?? 'no action';
}
