import type { Change } from '../../plan/change.ts';
import { displayName, type ObjectName } from '../../plan/database-schema.ts';
import { isDerivedForeignKey, isDerivedUnique } from './derived-constraints.ts';
import { applyRenames } from './rename-snapshot.ts';
import { listObjects, type ObjectKind, type SnapshotObject } from './snapshot-objects.ts';

/** An object that two snapshots do not have alike. */
export interface Difference {
  /** `column users.nick`, `index products.products_name_idx`, `enum order_status`. */
  readonly object: string;
  readonly what: 'added' | 'removed' | 'changed';
  /** What of it changed, for those that did. */
  readonly detail?: string | undefined;
  /** It is as it was before the plan's renames, which it should have followed. */
  readonly isLeftBehind?: boolean | undefined;
}

type FoundDifference = Difference & {
  readonly kind: ObjectKind;
  readonly owner: string;
  readonly name: string;
  readonly before: SnapshotObject | undefined;
  readonly after: SnapshotObject | undefined;
};

/**
 * What differs between two snapshots and no change of the plan asks for: "it contains only the expected changes".
 * Constraints and indexes that drizzle-kit rebuilds under a newly derived name are explained by the rename.
 * `previous` is undefined before the first migration. Needs the SQL parser to be loaded.
 *
 * @example unexplained(before, after, changes).map(({ object, what }) => `${object} (${what})`)
 */
export function unexplained(previous: unknown, next: unknown, changes: readonly Change[]): Difference[] {
  const told = listObjects(applyRenames(previous, changes));
  const differences = compare(told, listObjects(next));
  const rebuilt = rebuiltByRenames(differences, renamedTables(changes));
  return differences
    .filter(
      (difference) => !rebuilt.has(difference) && !changes.some((change) => explains(change, difference)),
    )
    .map((difference) => ({
      object: difference.object,
      what: difference.what,
      ...(difference.detail === undefined ? {} : { detail: difference.detail }),
      ...(isLeftBehind(difference, previous) ? { isLeftBehind: true } : {}),
    }));
}

function isLeftBehind({ kind, name, what, after }: FoundDifference, previous: unknown): boolean {
  if (what !== 'changed' || after === undefined) return false;
  return [...listObjects(previous).values()].some(
    (before) => before.kind === kind && before.name === name && before.isSame(after),
  );
}

function compare(
  before: ReadonlyMap<string, SnapshotObject>,
  after: ReadonlyMap<string, SnapshotObject>,
): FoundDifference[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const object = now ?? old;
    if (!object || (old && now && old.isSame(now))) return [];
    const what = !old ? 'added' : !now ? 'removed' : 'changed';
    const { label, kind, owner, name } = object;
    return [
      {
        object: label,
        what,
        kind,
        owner,
        name,
        before: old,
        after: now,
        detail: old && now ? detailOf(old, now) : undefined,
      },
    ];
  });
}

function detailOf(before: SnapshotObject, after: SnapshotObject): string {
  const keys = new Set([...Object.keys(before.definition), ...Object.keys(after.definition)]);
  return [...keys]
    .filter((key) => JSON.stringify(before.definition[key]) !== JSON.stringify(after.definition[key]))
    .map((key) => `${key}: ${shown(before.definition[key])} → ${shown(after.definition[key])}`)
    .join(', ');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

/** Names of tables whose derived names a rename changes, as they are afterwards. */
function renamedTables(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change) => {
      if (change.kind === 'rename-table') return [displayName({ ...change.table, name: change.to })];
      return change.kind === 'rename-column' ? [displayName(change.table)] : [];
    }),
  );
}

const REBUILT: ReadonlySet<ObjectKind> = new Set(['primary key', 'unique', 'index', 'foreign key']);

/** One goes, one comes, and but for the name they are the same, in a table that was renamed or refers to one. */
function rebuiltByRenames(
  differences: readonly FoundDifference[],
  renamed: ReadonlySet<string>,
): ReadonlySet<FoundDifference> {
  const explained = new Set<FoundDifference>();
  if (renamed.size === 0) return explained;
  for (const gone of differences.filter(({ what, kind }) => what === 'removed' && REBUILT.has(kind))) {
    const come = differences.find(
      (candidate) => candidate.what === 'added' && !explained.has(candidate) && isRebuilt(gone, candidate),
    );
    const affected = renamed.has(gone.owner) || renamed.has(gone.before?.refersTo ?? '');
    if (!come || !affected) continue;
    explained.add(gone).add(come);
  }
  for (const column of differences.filter(isSequenceRename))
    if (renamed.has(column.owner)) explained.add(column);
  return explained;
}

function isRebuilt(gone: FoundDifference, come: FoundDifference): boolean {
  return (
    gone.kind === come.kind &&
    gone.owner === come.owner &&
    gone.before !== undefined &&
    come.after !== undefined &&
    gone.before.isSame(come.after)
  );
}

/** The sequence of an identity column is named after table and column. */
function isSequenceRename({ kind, before, after }: FoundDifference): boolean {
  if (kind !== 'column' || !before || !after) return false;
  return (
    JSON.stringify(withoutSequenceName(before.definition)) ===
    JSON.stringify(withoutSequenceName(after.definition))
  );
}

function withoutSequenceName(definition: SnapshotObject['definition']): unknown {
  const { identity, ...rest } = definition;
  return { ...rest, identity: typeof identity === 'object' ? { ...identity, name: '' } : identity };
}

function explains(change: Change, difference: FoundDifference): boolean {
  const { kind, owner, name, what } = difference;
  const inTable = (table: ObjectName): boolean => owner === displayName(table);
  const is = (
    table: ObjectName,
    wantedKind: ObjectKind,
    wantedName: string,
    wanted: Difference['what'],
  ): boolean => inTable(table) && kind === wantedKind && name === wantedName && what === wanted;
  switch (change.kind) {
    case 'create-table':
      return (inTable(change.table) && what === 'added') || isSchemaOf(change.table, difference);
    case 'drop-table':
      return inTable(change.table) && what === 'removed';
    case 'create-enum':
      return (
        (kind === 'enum' && name === displayName(change.enum) && what === 'added') ||
        isSchemaOf(change.enum, difference)
      );
    case 'drop-enum':
      return kind === 'enum' && name === displayName(change.enum) && what === 'removed';
    case 'add-enum-value':
    case 'drop-enum-value':
      return kind === 'enum' && name === displayName(change.enum) && what === 'changed';
    case 'add-column':
      return is(change.table, 'column', change.column.name, 'added');
    case 'drop-column':
      return is(change.table, 'column', change.column, 'removed');
    case 'alter-column':
      return is(change.table, 'column', change.column.name, 'changed');
    case 'set-primary-key':
      return inTable(change.table) && (kind === 'primary key' || isKeyColumn(change, difference));
    case 'add-unique':
      return is(change.table, 'unique', change.unique.name, 'added');
    case 'drop-unique':
      return (
        is(change.table, 'unique', change.unique.name, 'removed') ||
        (inTable(change.table) && what === 'removed' && isDerivedUnique(change.unique, difference.before))
      );
    case 'add-index':
      return is(change.table, 'index', change.index.name, 'added');
    case 'drop-index':
      return is(change.table, 'index', change.index.name, 'removed');
    case 'add-foreign-key':
      return is(change.table, 'foreign key', change.foreignKey.name, 'added');
    case 'alter-foreign-key':
      return (
        is(change.table, 'foreign key', change.foreignKey.name, 'changed') ||
        (inTable(change.table) &&
          isDerivedForeignKey(change.foreignKey, difference.before ?? difference.after))
      );
    case 'drop-foreign-key':
      return (
        is(change.table, 'foreign key', change.foreignKey.name, 'removed') ||
        (inTable(change.table) &&
          what === 'removed' &&
          isDerivedForeignKey(change.foreignKey, difference.before))
      );
    case 'add-check':
      return is(change.table, 'check', change.check.name, 'added');
    case 'drop-check':
      return is(change.table, 'check', change.check.name, 'removed');
    case 'rename-table':
    case 'rename-column':
    case 'rename-enum-value':
    case 'comment':
    case 'raw-sql':
      return false;
  }
}

/** The first object of a Postgres schema brings it along. */
function isSchemaOf({ schema }: ObjectName, { kind, name, what }: FoundDifference): boolean {
  return kind === 'schema' && name === schema && what === 'added';
}

/** A key on one column stands on the column in the snapshot, and makes it NOT NULL. */
function isKeyColumn(
  change: Extract<Change, { kind: 'set-primary-key' }>,
  { kind, name, before, after }: FoundDifference,
): boolean {
  if (kind !== 'column' || !before || !after) return false;
  const inKey = change.primaryKey.columns.includes(name) || (change.from?.columns.includes(name) ?? false);
  const rest = ({ primaryKey: _key, notNull: _null, ...others }: Record<string, unknown>) =>
    JSON.stringify(others);
  return inKey && rest(before.definition) === rest(after.definition);
}
