import type { SnapshotJson } from './snapshot-json.ts';

/** Where an object stands in a snapshot: keys from the top. */
export type SnapshotPath = readonly string[];

/**
 * The objects of a snapshot by the names that a catalog has for them (`column public.users.email`, without quotes). A key
 * that stands on its column has no place of its own.
 */
export function snapshotPaths(snapshot: SnapshotJson): ReadonlyMap<string, SnapshotPath> {
  const paths = new Map<string, SnapshotPath>();
  const add = (object: string, ...path: string[]): void => void paths.set(object, path);
  for (const [key, { name, schema }] of Object.entries(snapshot.enums))
    add(`enum ${schema || 'public'}.${name}`, 'enums', key);
  for (const [key, view] of Object.entries(snapshot.views)) {
    const kind = view['materialized'] === true ? 'materialized view' : 'view';
    add(`${kind} ${view.schema || 'public'}.${view.name}`, 'views', key);
  }
  for (const [key, table] of Object.entries(snapshot.tables)) {
    const name = `${table.schema || 'public'}.${table.name}`;
    add(`table ${name}`, 'tables', key);
    for (const [kind, objects] of Object.entries(PARTS)) {
      for (const part of Object.keys(table[kind] ?? {})) {
        const object =
          objects === 'index' ? `index ${table.schema || 'public'}.${part}` : `${objects} ${name}.${part}`;
        add(object, 'tables', key, kind, part);
      }
    }
  }
  return paths;
}

/** The maps of a table, and what a catalog calls the objects in them. */
const PARTS: Readonly<Record<string, string>> = {
  columns: 'column',
  indexes: 'index',
  foreignKeys: 'constraint',
  compositePrimaryKeys: 'constraint',
  uniqueConstraints: 'constraint',
  checkConstraints: 'constraint',
  policies: 'policy',
};

/** The table that an object of a catalog belongs to or is, as its key in a snapshot; undefined for all else. */
export function tableKeyOf(object: string): string | undefined {
  const [, schema, table] = /^(?:table|column|constraint|policy) ([^.]+)\.([^.]+)/.exec(object) ?? [];
  return schema === undefined ? undefined : `${schema}.${table}`;
}

/** The value at a path; undefined where there is none. */
export function valueAt(snapshot: SnapshotJson, path: SnapshotPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    snapshot,
  );
}

/** The same snapshot with another value at a path, or, where it is undefined, with none. */
export function withValueAt(snapshot: SnapshotJson, path: SnapshotPath, value: unknown): SnapshotJson {
  return replaced(snapshot, path, value) as SnapshotJson;
}

function replaced(whole: unknown, [key, ...rest]: SnapshotPath, value: unknown): unknown {
  if (key === undefined) return value;
  const record = (whole ?? {}) as Readonly<Record<string, unknown>>;
  const next = replaced(record[key], rest, value);
  if (next !== undefined) return { ...record, [key]: next };
  const { [key]: _gone, ...others } = record;
  return others;
}
