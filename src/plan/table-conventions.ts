import type { ColumnDef, DatabaseSchema, TableDef } from './database-schema.ts';
import type { PlanField } from './plan.ts';

/** What the tables of a project have in common, as fields for the next one. */
export interface TableConventions {
  /** No table shows any: these are the usual ones. */
  readonly isUsual: boolean;
  /** The primary key of most tables; Postgres' own uuid where there are no tables. */
  readonly key: PlanField;
  /**
   * When a row was made and changed, as most tables that have it say it; the usual ones where there are no tables. When it
   * was deleted, where all tables mark their rows so.
   */
  readonly timestamps: readonly PlanField[];
}

const KEY: PlanField = {
  name: 'id',
  type: 'uuid',
  constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()'],
};

const TIMESTAMPS: readonly PlanField[] = ['created_at', 'updated_at'].map((name) => ({
  name,
  type: 'timestamp with time zone',
  constraints: ['NOT NULL', 'DEFAULT now()'],
}));

const TIME = /^(timestamp|date)\b/;
const MADE = /^(?:created?|inserted|added)(?:_?(?:at|on|date|time))?$|^date_?created$/i;
const DELETED = /^(?:deleted|removed)_?(?:at|on)$/i;
const CHANGED = /^(?:updated?|modified|changed)(?:_?(?:at|on|date|time))?$|^date_?(?:updated|modified)$/i;

/**
 * The key and the timestamps that most tables of a schema have: their names, types, defaults. Where most tables have no
 * timestamps there are none.
 */
export function tableConventions({ tables }: DatabaseSchema): TableConventions {
  const keys = tables.flatMap((table) => singleKey(table) ?? []);
  const key = mostFrequent(keys.map((column) => fieldOf(column, true)));
  // Tables that only link others need none.
  const own = tables.filter((table) => singleKey(table) !== undefined);
  if (own.length === 0) return { isUsual: true, key: key ?? KEY, timestamps: TIMESTAMPS };
  const timestamps = [MADE, CHANGED].flatMap((pattern) => {
    const columns = own.flatMap((table) => table.columns.find((column) => isTime(column, pattern)) ?? []);
    const usual =
      columns.length * 2 >= own.length ? mostFrequent(columns.map((each) => fieldOf(each))) : undefined;
    return usual ?? [];
  });
  return { isUsual: false, key: key ?? KEY, timestamps: [...timestamps, ...deletionOf(own)] };
}

/** The mark of deleted rows. Some tables with it and some without show nothing. */
function deletionOf(tables: readonly TableDef[]): readonly PlanField[] {
  const marks = tables.flatMap(
    (table) => table.columns.find((column) => isTime(column, DELETED) && !column.notNull) ?? [],
  );
  const most = marks.length === tables.length ? mostFrequent(marks.map((each) => fieldOf(each))) : undefined;
  return most === undefined ? [] : [most];
}

function isTime({ name, type }: ColumnDef, pattern: RegExp): boolean {
  return pattern.test(name) && TIME.test(type);
}

/** The column of a primary key that refers to no other table. */
function singleKey({ primaryKey, columns, foreignKeys }: TableDef): ColumnDef | undefined {
  const [name, ...others] = primaryKey?.columns ?? [];
  if (name === undefined || others.length > 0) return undefined;
  if (foreignKeys.some((key) => key.columns.includes(name))) return undefined;
  return columns.find((column) => column.name === name);
}

function fieldOf(column: ColumnDef, isKey = false): PlanField {
  const { name, type, notNull, identity } = column;
  return {
    name,
    type,
    constraints: [
      ...(isKey ? ['PRIMARY KEY'] : notNull ? ['NOT NULL'] : []),
      ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
      ...(identity ? [`GENERATED ${identity.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`] : []),
    ],
  };
}

/** The one that is there most often; the first of those that are there equally often. */
function mostFrequent(fields: readonly PlanField[]): PlanField | undefined {
  const counts = new Map<string, number>();
  for (const field of fields) counts.set(JSON.stringify(field), (counts.get(JSON.stringify(field)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return fields.find((field) => counts.get(JSON.stringify(field)) === most);
}
