import { quoteIdentifier } from '../postgres/quote.ts';
import type { Engine } from '../postgres/engines/engine.ts';

/** The rows of one table as text, at one moment. */
export interface TableRows {
  readonly oid: number;
  /** `users`, `app.users`. */
  readonly name: string;
  /** Empty for a table without rows, as are the others. */
  readonly columns: readonly ColumnIdentity[];
  /** Numbers of the primary key's columns; empty where there is none. */
  readonly key: readonly number[];
  /** One entry a row: values in the order of `columns`, null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A column survives its renaming under its number; one that is dropped and added again has another. */
export interface ColumnIdentity {
  readonly number: number;
  readonly name: string;
  readonly type: string;
}

/** What happened to values that should have stayed. */
export interface RowDifference {
  readonly table: string;
  /** Undefined where whole rows are gone (or new). */
  readonly column: string | undefined;
  readonly count: number;
  readonly example: { readonly before: string | null; readonly after: string | null } | undefined;
}

/** What was stored in a table or column that is gone. */
export type GoneValues = Pick<RowDifference, 'table' | 'column' | 'count'>;

/** More rows than this of a table are not compared: a rehearsal has few, a dump may have many. */
export const MOST_ROWS = 10_000;

/**
 * Reads the rows of all tables, generated columns and all. Of an empty table nothing else is asked: in a rehearsal most are,
 * and a schema may have a thousand.
 */
export async function snapshotRows(engine: Engine): Promise<TableRows[]> {
  const tables = await engine.query<{ oid: number; schema: string; table: string; isEmpty: boolean }>(
    `select c.oid::int8::int4 as oid, n.nspname as schema, c.relname as table, pg_relation_size(c.oid) = 0 as "isEmpty"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by c.oid`,
  );
  const filled = tables.flatMap(({ oid, isEmpty }) => (isEmpty ? [] : [oid]));
  const columns = groupByOid(await columnsOf(engine, filled));
  const snapshots: TableRows[] = [];
  for (const { oid, schema, table } of tables) {
    const own = columns.get(oid) ?? [];
    snapshots.push({
      oid,
      name: schema === 'public' ? table : `${schema}.${table}`,
      columns: own.map(({ number, name, type }) => ({ number, name, type })),
      key: own.filter(({ isKey }) => isKey).map(({ number }) => number),
      rows: own.length === 0 ? [] : await rowsOf(engine, { schema, table }, own),
    });
  }
  return snapshots;
}

interface ColumnRow extends ColumnIdentity {
  readonly oid: number;
  readonly isKey: boolean;
}

async function columnsOf(engine: Engine, tables: readonly number[]): Promise<ColumnRow[]> {
  if (tables.length === 0) return [];
  return engine.query<ColumnRow>(
    `select a.attrelid::int8::int4 as oid, a.attnum as number, a.attname as name,
       format_type(a.atttypid, a.atttypmod) as type, coalesce(a.attnum = any (i.indkey::int2[]), false) as "isKey"
     from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where a.attrelid in (${tables.join(', ')}) and a.attnum > 0 and not a.attisdropped
     order by a.attrelid, a.attnum`,
  );
}

async function rowsOf(
  engine: Engine,
  { schema, table }: { readonly schema: string; readonly table: string },
  columns: readonly ColumnRow[],
): Promise<(string | null)[][]> {
  const key = columns.filter(({ isKey }) => isKey);
  const order = key.length > 0 ? key.map(({ number }) => `"${number}"`).join(', ') : 'ctid';
  const list = columns.map(({ name, number }) => `${quoteIdentifier(name)}::text as "${number}"`).join(', ');
  const rows = await engine.query<Record<string, string | null>>(
    `select ${list} from ${quoteIdentifier(schema)}.${quoteIdentifier(table)} order by ${order} limit ${MOST_ROWS}`,
  );
  return rows.map((row) => columns.map(({ number }) => row[number] ?? null));
}

function groupByOid<Row extends { oid: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.oid);
    if (group) group.push(row);
    else groups.set(row.oid, [row]);
  }
  return groups;
}

/**
 * What the migration did to rows of tables and columns that are still there: by identity (`identity`: a renamed column
 * is the same one, a re-added one is not) for the way up, by name for the way down, which re-creates what was dropped.
 */
export function compareRows(
  before: readonly TableRows[],
  after: readonly TableRows[],
  by: 'identity' | 'name',
): RowDifference[] {
  return before.flatMap((old) => {
    const now = after.find((table) => (by === 'identity' ? table.oid === old.oid : table.name === old.name));
    return now ? compareTable(old, now, by) : [];
  });
}

/** Values of which the tables or columns are gone: what a way up has dropped, by whatever means. */
export function goneWith(before: readonly TableRows[], after: readonly TableRows[]): GoneValues[] {
  return before.flatMap((old): GoneValues[] => {
    const { name: table, rows } = old;
    if (rows.length === 0) return [];
    const now = after.find(({ oid }) => oid === old.oid);
    if (!now) return [{ table, column: undefined, count: rows.length }];
    // Emptied: nothing is known of its columns, and `compareRows` tells of the rows.
    if (now.columns.length === 0) return [];
    return old.columns.flatMap(({ name, number }, index) => {
      const count = rows.filter((row) => row[index] !== null).length;
      const isThere = now.columns.some((column) => column.number === number);
      return isThere || count === 0 ? [] : [{ table, column: name, count }];
    });
  });
}

function compareTable(old: TableRows, now: TableRows, by: 'identity' | 'name'): RowDifference[] {
  const kept = old.columns.flatMap((column, index) => {
    const found = placeOf(column, now, by);
    return found === -1 ? [] : [{ column, index, found }];
  });
  if (old.rows.length !== now.rows.length) {
    const count = Math.abs(old.rows.length - now.rows.length);
    return [{ table: old.name, column: undefined, count, example: undefined }];
  }
  const pairs = pairRows(old, now, kept);
  return kept.flatMap(({ column, index, found }): RowDifference[] => {
    const isSameType = column.type === now.columns[found]?.type;
    const changed = pairs.filter(
      ([from, to]) => !sameValue(from[index] ?? null, to[found] ?? null, isSameType),
    );
    const [first] = changed;
    if (!first) return [];
    const example = { before: first[0][index] ?? null, after: first[1][found] ?? null };
    return [{ table: old.name, column: column.name, count: changed.length, example }];
  });
}

/** By number; a column that was dropped and added again under its name is meant to be the same one. */
function placeOf(column: ColumnIdentity, now: TableRows, by: 'identity' | 'name'): number {
  const same = now.columns.findIndex(({ number }) => number === column.number);
  if (by === 'identity' && same !== -1) return same;
  return now.columns.findIndex(({ name }) => name === column.name);
}

type Row = readonly (string | null)[];

/** Rows that are the same one: by primary key where it stays, else sorted by what they have in common. */
function pairRows(
  old: TableRows,
  now: TableRows,
  kept: readonly { column: ColumnIdentity; index: number; found: number }[],
): (readonly [Row, Row])[] {
  const key = kept.filter(({ column }) => old.key.includes(column.number));
  const pairing = old.key.length > 0 && key.length === old.key.length ? key : kept;
  const sorted = (rows: readonly Row[], side: 'index' | 'found') =>
    rows
      .map((row) => ({
        row,
        text: JSON.stringify(pairing.map((column) => canonical(row[column[side]] ?? null))),
      }))
      .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ row }) => row);
  const to = sorted(now.rows, 'found');
  return sorted(old.rows, 'index').map((row, index) => [row, to[index] ?? []] as const);
}

/** Of one type, one value has one text; another type may print it otherwise. */
function sameValue(before: string | null, after: string | null, isSameType: boolean): boolean {
  return before === after || (!isSameType && canonical(before) === canonical(after));
}

/** One text for one value whatever its type prints: `1.00` and `1`, `2026-01-01 00:00:00` and the same with `+00`. */
function canonical(value: string | null): string | null {
  if (value === null) return null;
  if (/^-?\d+(\.\d+)?$/.test(value)) return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
  if (/^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d/.test(value))
    return value.replace(/\+00$/, '').replace(/(\.\d*?)0+$/, '$1');
  return value === 't' ? 'true' : value === 'f' ? 'false' : value;
}
