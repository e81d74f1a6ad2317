import type { Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { type QueryRename, renameInQuery } from '../../postgres/rename-in-query.ts';
import type { PolicyJson, SnapshotJson, TableJson, ViewJson } from './snapshot-json.ts';

/** A table under another name, or one of its columns. */
interface Rename {
  readonly table: ObjectName;
  readonly column?: string | undefined;
  readonly to: string;
}

/** A column of a view whose name follows that of the column that it selects. */
export interface ViewColumnRename {
  readonly view: ViewJson;
  readonly from: string;
  readonly to: string;
}

/**
 * A snapshot whose policies and views follow a rename as Postgres has them follow it. Of views only what a query builder
 * has written does: SQL of the project's own stands in the source as it is.
 */
export function renameInQueries(snapshot: SnapshotJson, rename: Rename): SnapshotJson {
  const followed = { ...snapshot, tables: mapValues(snapshot.tables, followPolicies(snapshot, rename)) };
  return renameInViews(followed, rename).snapshot;
}

/**
 * The columns of views that a renamed column gives another name, in the source at once and in Postgres by a statement of
 * its own: a view keeps the names that it was made with. `next` is the snapshot of the source; what declares the columns
 * of a view by hand has their old names there.
 */
export function viewColumnRenames(
  snapshot: SnapshotJson,
  change: Extract<Change, { kind: 'rename-column' }>,
  next: SnapshotJson,
): ViewColumnRename[] {
  const rename = { table: change.table, column: change.from, to: change.to };
  return renameInViews(snapshot, rename).renamed.filter(({ view, from, to }) => {
    const columns = Object.values(next.views).find((other) => isSameView(other, view))?.columns ?? {};
    return columns[from] === undefined && columns[to] !== undefined;
  });
}

function renameInViews(
  snapshot: SnapshotJson,
  rename: Rename,
): { snapshot: SnapshotJson; renamed: ViewColumnRename[] } {
  const renamed: ViewColumnRename[] = [];
  const views = mapValues(snapshot.views ?? {}, (view) => {
    const { definition } = view;
    if (definition === undefined) return view;
    const { sql, isSelected } = renameInQuery(definition, queryRename(snapshot, rename, 'view'));
    const { column, to } = rename;
    if (column === undefined || !isSelected) return { ...view, definition: sql };
    renamed.push({ view, from: column, to });
    return { ...view, definition: sql, columns: renameKey(view.columns ?? {}, column, to) };
  });
  // What selects from such a view sees the new name as well.
  return renamed.reduce(
    (result, { view, from, to }) => {
      const table = { schema: view.schema || 'public', name: view.name };
      const further = renameInViews(result.snapshot, { table, column: from, to });
      return { snapshot: further.snapshot, renamed: [...result.renamed, ...further.renamed] };
    },
    { snapshot: { ...snapshot, views }, renamed },
  );
}

function followPolicies(snapshot: SnapshotJson, rename: Rename) {
  return (table: TableJson): TableJson => {
    const isOwn = (table.schema || 'public') === rename.table.schema && table.name === rename.table.name;
    const follow = (sql: string): string =>
      renameInQuery(sql, queryRename(snapshot, rename, isOwn ? 'own policy' : 'policy')).sql;
    if (!table.policies) return table;
    return {
      ...table,
      policies: mapValues(table.policies, (policy): PolicyJson => ({
        ...policy,
        ...(policy.using === undefined ? {} : { using: follow(policy.using) }),
        ...(policy.withCheck === undefined ? {} : { withCheck: follow(policy.withCheck) }),
      })),
    };
  };
}

function queryRename(
  { tables }: SnapshotJson,
  { table, column, to }: Rename,
  place: 'view' | 'policy' | 'own policy',
): QueryRename {
  return {
    table,
    column,
    to,
    isExpression: place !== 'view',
    isOwnRow: place === 'own policy',
    quotedOnly: place === 'view',
    hasColumn: ({ schema, name }) =>
      column !== undefined &&
      Object.values(tables).some(
        (other) =>
          (other.schema || 'public') === schema && other.name === name && other.columns[column] !== undefined,
      ),
  };
}

function renameKey(
  columns: Readonly<Record<string, unknown>>,
  from: string,
  to: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) =>
      key === from ? [to, { ...(column as object), name: to }] : [key, column],
    ),
  );
}

function isSameView(a: ViewJson, b: ViewJson): boolean {
  return a.name === b.name && (a.schema || 'public') === (b.schema || 'public');
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
