import type { Catalog } from '../../postgres/catalog.ts';
import { sourceDifferences } from '../../rehearse/source-drift.ts';
import { type SnapshotPath, snapshotPaths, tableKeyOf, valueAt, withValueAt } from './snapshot-paths.ts';
import type { SnapshotJson } from './snapshot-json.ts';

/** A snapshot, and what a database has after its SQL has run on an empty one. */
export interface KnownSnapshot {
  readonly snapshot: SnapshotJson;
  readonly catalog: Catalog;
}

export interface MatchedSnapshot {
  readonly snapshot: SnapshotJson;
  /** The source alone would not do. */
  readonly isCorrected: boolean;
  /** Objects that the database has and no snapshot ever had: they are not drizzle-kit's, and are left out. */
  readonly unmanaged: readonly string[];
}

/**
 * The snapshot of the schema source, corrected to what a database has. What only the source has goes; what differs is
 * taken from `others` (older snapshots, an introspection), the first that has it as the database does. The result may
 * still differ: whoever calls it looks at the catalog that it leads to.
 */
export function matchSnapshot(
  source: KnownSnapshot,
  database: Catalog,
  { older, others }: { readonly older: Catalog; readonly others: readonly KnownSnapshot[] },
): MatchedSnapshot {
  const differences = sourceDifferences(source.catalog, database);
  const unmanaged = differences.flatMap(({ object, expected }) =>
    expected === undefined && !older.has(object) ? [object] : [],
  );
  const wrong = differences.filter(({ object }) => !unmanaged.includes(object));
  const snapshot = wrong.reduce(
    (current, { object }) => corrected(current, object, { database, others }),
    source.snapshot,
  );
  return { snapshot, isCorrected: wrong.length > 0, unmanaged };
}

function corrected(
  snapshot: SnapshotJson,
  object: string,
  { database, others }: { readonly database: Catalog; readonly others: readonly KnownSnapshot[] },
): SnapshotJson {
  const name = object.replaceAll('"', '');
  const path = snapshotPaths(snapshot).get(name);
  if (!database.has(object))
    return path ? withValueAt(snapshot, path, undefined) : wholeTable(snapshot, object, others);
  const fitting = others.filter(
    ({ catalog }) => sourceDifferences(only(catalog, object), only(database, object)).length === 0,
  );
  for (const { snapshot: other } of fitting) {
    const from = snapshotPaths(other).get(name);
    if (from && hasParent(snapshot, from)) return withValueAt(snapshot, from, valueAt(other, from));
  }
  return wholeTable(snapshot, object, fitting);
}

/** The table of an object as another snapshot has it: a key that stands on its column, say. */
function wholeTable(snapshot: SnapshotJson, object: string, others: readonly KnownSnapshot[]): SnapshotJson {
  const key = tableKeyOf(object.replaceAll('"', ''));
  const table =
    key === undefined ? undefined : others.map((other) => other.snapshot.tables[key]).find(Boolean);
  return key === undefined || table === undefined ? snapshot : withValueAt(snapshot, ['tables', key], table);
}

/** A part of a table goes nowhere without its table. */
function hasParent(snapshot: SnapshotJson, path: SnapshotPath): boolean {
  return path.length <= 2 || valueAt(snapshot, path.slice(0, 2)) !== undefined;
}

function only(catalog: Catalog, object: string): Catalog {
  const definition = catalog.get(object);
  return new Map(definition === undefined ? [] : [[object, definition]]);
}
