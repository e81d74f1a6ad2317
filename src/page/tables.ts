import { shortType } from '../docs/mermaid.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  displayName,
  type ObjectName,
  type TableDef,
} from '../plan/database-schema.ts';
import { describeForeignKey, describeIndex } from '../plan/describe.ts';
import type { Operation, TableRef } from '../review/operation.ts';
import type { ColumnView, State, TableChange, TableView } from './view.ts';

/** What a script renames, by the names before it. */
interface Renames {
  readonly tables: ReadonlyMap<string, string>;
  /** `users nick` → `handle`. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Tables that differ between two schemas, each before and after; `operations` of the script tell what was renamed. */
export function tableChanges(
  before: DatabaseSchema,
  after: DatabaseSchema,
  operations: readonly Operation[],
): TableChange[] {
  const renames = renamesIn(operations);
  const later = new Map(after.tables.map((table) => [displayName(table), table]));
  const changes = before.tables.flatMap((old): TableChange[] => {
    const name = renames.tables.get(displayName(old)) ?? displayName(old);
    const table = later.get(name);
    later.delete(name);
    if (table === undefined) return [{ before: viewOf(old, () => 'removed', 'dropped'), after: undefined }];
    return isSame(old, table) ? [] : [bothSides(old, table, renames)];
  });
  const added = [...later.values()].map((table) => ({
    before: undefined,
    after: viewOf(table, () => 'added', 'new'),
  }));
  return [...changes, ...added];
}

function isSame(a: TableDef, b: TableDef): boolean {
  return displayName(a) === displayName(b) && linesOf(a).join('\n') === linesOf(b).join('\n');
}

function linesOf(table: TableDef): string[] {
  return [...table.columns.map((column) => columnText(column)), ...partsOf(table)];
}

function bothSides(old: TableDef, table: TableDef, { columns }: Renames): TableChange {
  const laterName = (name: string): string => columns.get(`${displayName(old)} ${name}`) ?? name;
  const pairs = new Map(old.columns.map((column) => [laterName(column.name), column]));
  const laterOf = (column: ColumnDef): ColumnDef | undefined =>
    table.columns.find(({ name }) => name === laterName(column.name));
  const [oldParts, parts] = [new Set(partsOf(old)), new Set(partsOf(table))];
  const isRenamed = displayName(old) !== displayName(table);
  return {
    before: viewOf(
      old,
      (line, column) => {
        if (column === undefined) return parts.has(line) ? 'same' : 'removed';
        const found = laterOf(column);
        if (found === undefined) return 'removed';
        return columnText(found) === columnText(column) ? 'same' : 'changed';
      },
      isRenamed ? `renamed to ${displayName(table)}` : '',
    ),
    after: viewOf(
      table,
      (line, column) => {
        if (column === undefined) return oldParts.has(line) ? 'same' : 'added';
        const found = pairs.get(column.name);
        if (found === undefined) return 'added';
        return columnText(found) === columnText(column) ? 'same' : 'changed';
      },
      isRenamed ? `was ${displayName(old)}` : '',
    ),
  };
}

function viewOf(
  table: TableDef,
  state: (line: string, column?: ColumnDef) => State,
  note: string,
): TableView {
  return {
    name: displayName(table),
    note,
    columns: table.columns.map((column): ColumnView => ({
      name: column.name,
      type: shortType(column.type),
      marks: marksOf(table, column),
      state: state(columnText(column), column),
    })),
    parts: partsOf(table).map((text) => ({ text, state: state(text) })),
  };
}

function columnText(column: ColumnDef): string {
  return JSON.stringify([column.name, column.type, detailsOf(column)]);
}

function detailsOf({ identity, generated, notNull, default: value }: ColumnDef): string[] {
  return [
    ...(notNull ? ['not null'] : []),
    ...(value === undefined ? [] : [`default ${value}`]),
    ...(identity ? ['identity'] : []),
    ...(generated === undefined ? [] : [`generated as (${generated})`]),
  ];
}

function marksOf(table: TableDef, column: ColumnDef): string {
  const isKey = table.primaryKey?.columns.includes(column.name) ?? false;
  return [
    ...(isKey ? ['primary key'] : []),
    ...detailsOf(column).filter((text) => !isKey || text !== 'not null'),
  ].join(', ');
}

function partsOf(table: TableDef): string[] {
  const { primaryKey, foreignKeys, uniques, checks, indexes } = table;
  return [
    ...(primaryKey && primaryKey.columns.length > 1
      ? [`primary key (${primaryKey.columns.join(', ')})`]
      : []),
    ...foreignKeys.map((key) => `foreign key ${describeForeignKey(key)}`),
    ...uniques.map(({ name, columns }) => `unique ${name} (${columns.join(', ')})`),
    ...checks.map(({ name, expression }) => `check ${name} (${expression})`),
    ...indexes.map(describeIndex),
  ];
}

function renamesIn(operations: readonly Operation[]): Renames {
  const tables = new Map<string, string>();
  const columns = new Map<string, string>();
  for (const operation of operations) {
    if (operation.kind === 'rename-table')
      tables.set(nameOf(operation.table), nameOf({ ...operation.table, name: operation.to }));
    if (operation.kind === 'set-schema')
      tables.set(nameOf(operation.table), nameOf({ ...operation.table, schema: operation.to }));
    if (operation.kind === 'rename-column')
      columns.set(`${nameOf(operation.table)} ${operation.column}`, operation.to);
  }
  return { tables, columns };
}

function nameOf(table: TableRef): string {
  return displayName({ schema: table.schema ?? 'public', name: table.name } satisfies ObjectName);
}
