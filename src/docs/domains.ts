import { posix } from 'node:path';
import { displayName, isSameObject, type ObjectName, type TableDef } from '../plan/database-schema.ts';
import { type Cluster, clustersOf } from './clusters.ts';

/** A table's source file, relative to the project, with `/`. */
export interface TablePlace extends ObjectName {
  readonly file: string;
}

/** A diagram shows no more tables than these. */
export const MOST_TABLES = 25;

/**
 * The parts in which a schema is drawn: one where it is small; else a part each folder of its sources (or Postgres
 * schema), and what is still too large by what hangs together. The same schema always gives the same parts.
 */
export function drawnParts(tables: readonly TableDef[], places: readonly TablePlace[]): Cluster[] {
  const sorted = tables.toSorted((a, b) => compare(displayName(a), displayName(b)));
  if (sorted.length <= MOST_TABLES) return [{ name: 'All tables', tables: sorted }];
  const domains = domainNames(places);
  const byDomain = grouped(sorted, (table) => domains(table) ?? '');
  const bySchema = grouped(sorted, ({ schema }) => schema);
  const groups = [byDomain, bySchema].find(tellsApart) ?? new Map([['', sorted]]);
  return [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([name, members]) =>
      members.length <= MOST_TABLES
        ? [{ name: name === '' ? 'Other tables' : name, tables: members }]
        : clustersOf(members, MOST_TABLES).map((cluster) => ({
            ...cluster,
            name: name === '' ? cluster.name : `${name}: ${cluster.name}`,
          })),
    );
}

/** More than one group, and not about one for every table. */
function tellsApart(groups: ReadonlyMap<string, readonly TableDef[]>): boolean {
  const members = [...groups.values()].flat().length;
  return groups.size > 1 && members / groups.size >= 2;
}

/**
 * How the sources call the domain of a table: the folder below the one that all sources share, or the file's own name
 * where it lies right there. Undefined for tables that no source declares.
 *
 * @example domainNames([{ …, file: 'src/db/users/user.schema.ts' }, { …, file: 'src/db/tags.ts' }]) // users, tags
 */
export function domainNames(places: readonly TablePlace[]): (table: ObjectName) => string | undefined {
  const base = sharedFolder(places.map(({ file }) => posix.dirname(file)));
  return (table) => {
    const place = places.find((each) => isSameObject(each, table));
    if (!place) return undefined;
    const [first = '', ...deeper] = posix.relative(base, place.file).split('/');
    return deeper.length > 0 ? first : stem(first);
  };
}

function stem(file: string): string {
  return file
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/[._-](schema|entity|table|model|record|orm-entity|typeorm-entity)$/, '');
}

function sharedFolder(folders: readonly string[]): string {
  const [first = '.', ...others] = folders.map((folder) => folder.split('/'));
  if (typeof first === 'string') return first;
  const differs = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (differs === -1 ? first : first.slice(0, differs)).join('/') || '.';
}

function grouped(
  tables: readonly TableDef[],
  keyOf: (table: TableDef) => string,
): Map<string, readonly TableDef[]> {
  const groups = new Map<string, TableDef[]>();
  for (const table of tables) {
    const key = keyOf(table);
    const members = groups.get(key);
    if (members) members.push(table);
    else groups.set(key, [table]);
  }
  return groups;
}

/** By code units: the same order on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
