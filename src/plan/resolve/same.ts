import type {
  ColumnDef,
  ForeignKeyDef,
  IdentityDef,
  IndexDef,
  TableDef,
  UniqueDef,
} from '../database-schema.ts';
import { isSameObject } from '../database-schema.ts';
import { sameExpression, sameType } from '../../postgres/sql.ts';
import { columnList, sameSequence } from './lookup.ts';

/** What differs between a column as the plan wants it and as it is, in words; nothing when they mean the same. */
export function columnDifferences(wanted: ColumnDef, existing: ColumnDef, table: string): string[] {
  return [
    ...(sameType(wanted.type, existing.type) ? [] : [`its type is ${existing.type}, not ${wanted.type}`]),
    ...(wanted.notNull === existing.notNull ? [] : [existing.notNull ? 'it is NOT NULL' : 'it is nullable']),
    ...(sameSql(wanted.default, existing.default, table)
      ? []
      : [`its default is ${existing.default ?? 'none'}, not ${wanted.default ?? 'none'}`]),
    ...(sameSql(wanted.generated, existing.generated, table)
      ? []
      : [
          existing.generated === undefined
            ? 'it is not generated'
            : `it is generated as ${existing.generated}`,
        ]),
    ...(sameIdentity(wanted.identity, existing.identity)
      ? []
      : [existing.identity ? 'it is another identity' : 'it is no identity']),
  ];
}

/** Whether two optional expressions mean the same; DEFAULT NULL is no default. */
export function sameSql(a: string | undefined, b: string | undefined, table: string): boolean {
  const [left, right] = [withoutNull(a), withoutNull(b)];
  if (left === undefined || right === undefined) return left === right;
  return sameExpression(left, right, { table });
}

function withoutNull(sql: string | undefined): string | undefined {
  return sql?.trim().toLowerCase() === 'null' ? undefined : sql;
}

/** What the plan does not say about the sequence is Postgres' choice. */
function sameIdentity(wanted: IdentityDef | undefined, existing: IdentityDef | undefined): boolean {
  if (!wanted || !existing) return wanted === existing;
  const said = (['start', 'increment', 'min', 'max', 'cache', 'cycle'] as const).filter(
    (key) => wanted[key] !== undefined,
  );
  return wanted.always === existing.always && said.every((key) => wanted[key] === existing[key]);
}

/** Whether two indexes do the same, whatever they are called and however they are built. */
export function sameIndex(a: IndexDef, b: IndexDef, table: string): boolean {
  return (
    a.unique === b.unique &&
    a.using === b.using &&
    sameSql(a.where, b.where, table) &&
    sameIndexColumns(a, b, table)
  );
}

function sameIndexColumns(a: IndexDef, b: IndexDef, table: string): boolean {
  if (a.columns.length !== b.columns.length) return false;
  return a.columns.every((column, position) => {
    const other = b.columns[position];
    if (!other || column.isExpression !== other.isExpression) return false;
    const sameKey = column.isExpression
      ? sameExpression(column.expression, other.expression, { table })
      : column.expression === other.expression;
    const ordered = a.using === 'btree';
    return (
      sameKey &&
      column.opclass === other.opclass &&
      (!ordered || (column.order === other.order && column.nulls === other.nulls))
    );
  });
}

/** Plain columns of an index that guarantees them unique in all rows; undefined for any other index. */
export function uniqueColumnsOf(index: IndexDef): readonly string[] | undefined {
  const plain =
    index.unique && index.where === undefined && index.columns.every((column) => !column.isExpression);
  return plain ? index.columns.map((column) => column.expression) : undefined;
}

export function sameUnique(a: UniqueDef, b: UniqueDef): boolean {
  return sameSequence(a.columns, b.columns) && a.nullsNotDistinct === b.nullsNotDistinct;
}

/** Whether two foreign keys lead from the same columns to the same ones; their actions may differ. */
export function sameForeignKey(a: ForeignKeyDef, b: ForeignKeyDef): boolean {
  return (
    isSameObject(a.references, b.references) &&
    sameSequence(a.columns, b.columns) &&
    sameSequence(a.references.columns, b.references.columns)
  );
}

export function sameActions(
  a: Pick<ForeignKeyDef, 'onDelete' | 'onUpdate'>,
  b: Pick<ForeignKeyDef, 'onDelete' | 'onUpdate'>,
): boolean {
  return a.onDelete === b.onDelete && a.onUpdate === b.onUpdate;
}

/**
 * What differs between a table as the plan wants it and as it is, in words. Derived names make no difference; those in
 * `given` do.
 */
export function tableDifferences(wanted: TableDef, existing: TableDef, given: ReadonlySet<string>): string[] {
  const named = (a: { name: string }, b: { name: string }) => !given.has(a.name) || a.name === b.name;
  const table = wanted.name;
  return [
    ...columnsDiffer(wanted, existing),
    ...keyDiffers(wanted, existing),
    ...listsDiffer(
      'unique',
      wanted.uniques,
      existing.uniques,
      (a, b) => named(a, b) && sameUnique(a, b),
      (item) => columnList(item.columns),
    ),
    ...listsDiffer(
      'index',
      wanted.indexes,
      existing.indexes,
      (a, b) => named(a, b) && sameIndex(a, b, table),
      (item) => item.name,
    ),
    ...listsDiffer(
      'foreign key',
      wanted.foreignKeys,
      existing.foreignKeys,
      (a, b) => named(a, b) && sameForeignKey(a, b) && sameActions(a, b) && a.deferrable === b.deferrable,
      (item) => columnList(item.columns),
    ),
    ...listsDiffer(
      'check',
      wanted.checks,
      existing.checks,
      (a, b) => named(a, b) && sameExpression(a.expression, b.expression, { table }),
      (item) => item.expression,
    ),
  ];
}

function columnsDiffer(wanted: TableDef, existing: TableDef): string[] {
  const missing = wanted.columns.flatMap((column) => {
    const other = existing.columns.find((candidate) => candidate.name === column.name);
    if (!other) return [`column ${column.name}: missing`];
    return columnDifferences(column, other, wanted.name).map(
      (difference) => `column ${column.name}: ${difference}`,
    );
  });
  const more = existing.columns.filter(
    (column) => !wanted.columns.some((candidate) => candidate.name === column.name),
  );
  return [...missing, ...more.map((column) => `column ${column.name}: not in the plan`)];
}

function keyDiffers(wanted: TableDef, existing: TableDef): string[] {
  const [a, b] = [wanted.primaryKey?.columns ?? [], existing.primaryKey?.columns ?? []];
  return sameSequence(a, b)
    ? []
    : [
        `primary key: ${b.length === 0 ? 'none' : columnList(b)}, not ${a.length === 0 ? 'none' : columnList(a)}`,
      ];
}

function listsDiffer<Item>(
  word: string,
  wanted: readonly Item[],
  existing: readonly Item[],
  same: (a: Item, b: Item) => boolean,
  label: (item: Item) => string,
): string[] {
  const missing = wanted.filter((item) => !existing.some((other) => same(item, other)));
  const more = existing.filter((item) => !wanted.some((other) => same(other, item)));
  return [
    ...missing.map((item) => `${word} ${label(item)}: missing`),
    ...more.map((item) => `${word} ${label(item)}: not in the plan`),
  ];
}
