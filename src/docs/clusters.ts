import { displayName, type TableDef } from '../plan/database-schema.ts';

/** Tables that are drawn together. */
export interface Cluster {
  readonly name: string;
  readonly tables: readonly TableDef[];
}

/**
 * Groups of at most `most` tables, in each those that foreign keys tie together most. A group grows around the table with
 * the most ties that are left; tables without ties come last. Wants tables sorted; equals are decided by that order.
 */
export function clustersOf(tables: readonly TableDef[], most: number): Cluster[] {
  const ties = tiesOf(tables);
  const left = new Set(tables.map(displayName));
  const byName = new Map(tables.map((table) => [displayName(table), table]));
  const clusters: Group[] = [];
  for (let hub = best(left, ties, left); hub !== undefined; hub = best(left, ties, left)) {
    const members = new Set([hub]);
    left.delete(hub);
    while (members.size < most) {
      const next = best(left, ties, members);
      if (next === undefined) break;
      members.add(next);
      left.delete(next);
    }
    clusters.push({ hub, members: [...members] });
  }
  const alone = [...left];
  const leftovers = Array.from({ length: Math.ceil(alone.length / most) }, (_, index) =>
    alone.slice(index * most, (index + 1) * most),
  );
  const inOrder = (members: readonly string[]): TableDef[] =>
    tables.filter((table) => members.includes(displayName(table)));
  return [
    ...packed(clusters, most).map(({ hub, members }) => ({
      name: `around ${hub}`,
      tables: inOrder(members),
    })),
    ...leftovers.map((members, index) => ({
      // Their keys may lead to tables of other groups, or to themselves.
      name: leftovers.length === 1 ? 'other tables' : `other tables, ${index + 1}`,
      tables: members.flatMap((name) => byName.get(name) ?? []),
    })),
  ];
}

interface Group {
  readonly hub: string;
  readonly members: readonly string[];
}

/** Groups of a few tables share a diagram, as many as fit: dozens of tiny ones show nobody anything. */
function packed(groups: readonly Group[], most: number): Group[] {
  const isSmall = ({ members }: Group): boolean => members.length <= most / 4;
  const packs: Group[] = [];
  let pack: Group | undefined;
  for (const group of groups.filter(isSmall)) {
    if (pack && pack.members.length + group.members.length <= most) {
      const hub = pack.hub.replace(/( and others)?$/, ' and others');
      pack = { hub, members: [...pack.members, ...group.members] };
      packs[packs.length - 1] = pack;
    } else packs.push((pack = group));
  }
  return [...groups.filter((group) => !isSmall(group)), ...packs];
}

type Ties = ReadonlyMap<string, ReadonlySet<string>>;

function tiesOf(tables: readonly TableDef[]): Ties {
  const ties = new Map(tables.map((table) => [displayName(table), new Set<string>()]));
  for (const table of tables) {
    const from = displayName(table);
    for (const { references } of table.foreignKeys) {
      const to = displayName(references);
      if (from === to || !ties.has(to)) continue;
      ties.get(from)?.add(to);
      ties.get(to)?.add(from);
    }
  }
  return ties;
}

/** The table of `from` that is tied to the most of `to`; undefined where none is tied to any. */
function best(from: ReadonlySet<string>, ties: Ties, to: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  let most = 0;
  for (const name of from) {
    let count = 0;
    for (const other of ties.get(name) ?? []) if (to.has(other)) count += 1;
    if (count > most) [found, most] = [name, count];
  }
  return found;
}
