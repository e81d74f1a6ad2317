import type { ModifyTableDocument, PlanField, PlanForeignKey, PlanIndex } from '../plan/plan.ts';
import { type ColumnDef, displayName, type TableDef } from '../plan/database-schema.ts';

/** What a table has on one of its columns alone: its key, `unique`, where it leads, an index. */
function standingOn({ name }: ColumnDef, table: TableDef): string[] {
  const isAlone = (columns: readonly string[] | undefined): boolean => columns?.join() === name;
  const index = table.indexes.find(({ columns }) => isAlone(columns.map(({ expression }) => expression)));
  const key = table.foreignKeys.find(({ columns }) => isAlone(columns));
  return [
    ...(isAlone(table.primaryKey?.columns) ? ['primary key'] : []),
    ...(table.uniques.some(({ columns }) => isAlone(columns)) ? ['unique'] : []),
    ...(key ? [`→ ${displayName(key.references)}`] : []),
    ...(index ? [index.unique ? 'unique index' : 'index'] : []),
  ];
}

/** What stands on several columns, or on expressions. */
function ofSeveral({ primaryKey, uniques, foreignKeys, indexes, checks }: TableDef): string[] {
  const several = (columns: readonly string[]): boolean => columns.length > 1;
  const listed = (columns: readonly string[]): string => `(${columns.join(', ')})`;
  return [
    ...(primaryKey && several(primaryKey.columns) ? [`primary key ${listed(primaryKey.columns)}`] : []),
    ...uniques.filter(({ columns }) => several(columns)).map(({ columns }) => `unique ${listed(columns)}`),
    ...foreignKeys
      .filter(({ columns }) => several(columns))
      .map(({ columns, references }) => `${listed(columns)} → ${displayName(references)}`),
    ...indexes
      .filter(({ columns }) => columns.length > 1 || columns.some(({ isExpression }) => isExpression))
      .map(
        ({ unique, columns }) =>
          `${unique ? 'unique index' : 'index'} ${listed(columns.map(({ expression }) => expression))}`,
      ),
    ...checks.map(({ expression }) => `check (${expression})`),
  ];
}

type TableChanges = ModifyTableDocument['changes'];

/** What an interview has of a table so far. */
export interface TableSoFar {
  readonly name: string;
  readonly fields: readonly PlanField[];
  readonly foreignKeys?: readonly PlanForeignKey[] | undefined;
  readonly indexes?: readonly PlanIndex[] | undefined;
  /** Constraints and the like, each as a line. */
  readonly more?: readonly string[] | undefined;
}

/** A table as it stands beside the questions: a line for each column, its index and where it leads. */
export function tablePanel({ name, fields, foreignKeys = [], indexes = [], more = [] }: TableSoFar): string {
  const width = Math.max(0, ...fields.map((field) => field.name.length));
  const lines = fields.map((field) => {
    const key = foreignKeys.find((each) => each.field === field.name);
    const index = indexes.find(({ fields: of }) => of?.length === 1 && of[0] === field.name);
    return [
      `  ${field.name.padEnd(width)}  ${field.type}`,
      ...(field.constraints ?? []).map((constraint) =>
        constraint.replace(/^[A-Z ]+$/, (text) => text.toLowerCase()),
      ),
      ...(key
        ? [`→ ${key.references}${key.on_delete ? ` on delete ${key.on_delete.toLowerCase()}` : ''}`]
        : []),
      ...(index ? [index.type === 'unique' ? 'unique index' : 'index'] : []),
    ].join('  ');
  });
  const several = indexes
    .filter(({ fields: of }) => of === undefined || of.length > 1)
    .map(
      ({ fields: of, expression, type }) => `  ${type ?? 'index'} on ${of?.join(', ') ?? expression ?? ''}`,
    );
  return [name, ...lines, ...several, ...more.map((line) => `  ${line}`)].join('\n');
}

/** A column as it is: `varchar(50) not null default 'x'`. */
export function describeColumn({ type, notNull, default: fallback, identity, generated }: ColumnDef): string {
  return [
    type,
    ...(notNull ? ['not null'] : []),
    ...(fallback === undefined ? [] : [`default ${fallback}`]),
    ...(identity ? ['identity'] : []),
    ...(generated === undefined ? [] : [`generated as (${generated})`]),
  ].join(' ');
}

/** A table that is there. */
export function existingPanel(table: TableDef, pending: readonly string[]): string {
  const width = Math.max(0, ...table.columns.map(({ name }) => name.length));
  return [
    displayName(table),
    ...table.columns.map((column) =>
      [`  ${column.name.padEnd(width)}  ${describeColumn(column)}`, ...standingOn(column, table)].join('  '),
    ),
    ...ofSeveral(table).map((line) => `  ${line}`),
    ...(pending.length === 0 ? [] : ['Changes so far', ...pending.map((line) => `  ${line}`)]),
  ].join('\n');
}

/** `add_columns: nick, age`. */
export function pendingLines(changes: TableChanges): string[] {
  return Object.entries(changes).map(([key, value]) => `${key.replaceAll('_', ' ')}: ${shown(value)}`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, from, to, fields, expression, field, references } = value as Record<string, unknown>;
  if (from !== undefined) return `${String(from)} → ${String(to)}`;
  if (references !== undefined) return `${shown(field ?? fields)} → ${String(references)}`;
  return shown(name ?? fields ?? expression ?? '');
}
