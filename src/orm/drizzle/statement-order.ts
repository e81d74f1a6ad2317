import type { Operation } from '../../review/operation.ts';
import type { SnapshotJson } from './snapshot-json.ts';
import { readTies, type SnapshotTies } from './snapshot-ties.ts';
import {
  columnKey,
  type ObjectKey,
  policyKey,
  readNeeds,
  type StatementNeeds,
  typeKey,
} from './statement-needs.ts';

export interface Ordered {
  readonly statements: readonly string[];
  /** Why statements stand elsewhere than drizzle-kit put them, in words for the record. */
  readonly reasons: readonly string[];
}

/**
 * drizzle-kit 0.31 sorts its statements by kind, and in some plans Postgres refuses that order: a key before its column,
 * `DROP TABLE … CASCADE` before a foreign key that goes with it. Here each comes after what it needs and before what
 * would take that away; all else stays where it is. `from` is the snapshot that the statements start from. Needs the
 * SQL parser to be loaded.
 */
export function inDependencyOrder(statements: readonly string[], from: SnapshotJson): Ordered {
  if (statements.length < 2) return { statements, reasons: [] };
  const all = statements.map((text): Step => ({ text, ...readNeeds(text) }));
  const steps = withoutChangesOfDropped(all);
  const order = sorted(steps, dependencies(steps, readTies(from)));
  const reasons = [
    ...(steps.length < all.length
      ? ['what drizzle-kit changes of a column that is dropped anyway is left out']
      : []),
    ...order.moved.map(
      ({ text, before }) => `the order: \`${shortened(text)}\` before \`${shortened(before)}\``,
    ),
  ];
  return { statements: order.steps.map(({ text }) => text), reasons };
}

interface Step extends StatementNeeds {
  readonly text: string;
}

/** Conversions to a new enum and the like, which the rows of a column that goes need not survive. */
function withoutChangesOfDropped(steps: readonly Step[]): readonly Step[] {
  const dropped = new Set(
    steps.flatMap(({ operations }) =>
      operations.flatMap((each) => (each.kind === 'drop-column' ? [columnKey(each.table, each.column)] : [])),
    ),
  );
  const added = new Set(steps.flatMap(({ makes }) => makes));
  return steps.filter(({ operations }) => {
    const [only] = operations;
    const column = operations.length === 1 && only ? alteredColumn(only) : undefined;
    return column === undefined || !dropped.has(column) || added.has(column);
  });
}

/** The column that an ALTER COLUMN is about. */
function alteredColumn(operation: Operation): ObjectKey | undefined {
  switch (operation.kind) {
    case 'alter-type':
    case 'set-default':
    case 'drop-default':
    case 'set-not-null':
    case 'drop-not-null':
    case 'set-expression':
    case 'add-identity':
      return columnKey(operation.table, operation.column);
    default:
      return undefined;
  }
}

/** For every step the steps that come before it. */
type Before = readonly ReadonlySet<number>[];

class Edges {
  readonly before: Set<number>[];

  constructor(count: number) {
    this.before = Array.from({ length: count }, () => new Set<number>());
  }

  add(first: number, second: number): void {
    if (first !== second) this.before[second]?.add(first);
  }

  /** Whether one step has to come before another by what is known so far. */
  leads(first: number, second: number, seen = new Set<number>()): boolean {
    if (seen.has(second)) return false;
    seen.add(second);
    const before = this.before[second] ?? new Set();
    return before.has(first) || [...before].some((step) => this.leads(first, step, seen));
  }
}

function dependencies(steps: readonly Step[], ties: SnapshotTies): Before {
  const edges = new Edges(steps.length);
  const makers = indexed(steps, ({ makes }) => makes);
  const needers = indexed(steps, ({ needs }) => needs);
  const droppers = indexed(steps, (step) => droppedWith(step, ties));
  // What a step that drops or alters something is in the way of.
  const freeing = indexed(steps, (step) => freedBy(step, ties));

  for (const [key, drops] of droppers) {
    const isRemade = makers.has(key);
    for (const drop of drops) {
      for (const step of freeing.get(key) ?? []) edges.add(step, drop);
      if (!isRemade) for (const step of needers.get(key) ?? []) edges.add(step, drop);
      for (const maker of makers.get(key) ?? []) edges.add(drop, maker);
    }
  }
  orderAlterations(steps, edges);
  orderRetyped(steps, { edges, freeing, needers });
  orderEnums(steps, { edges, droppers, ties });
  orderNullsOfKeys(steps, { edges, ties });
  // What is made anew is needed by those only that need not go before the old one, as far as the others tell.
  const isRemade = ([key]: readonly [ObjectKey, unknown]): boolean => droppers.has(key);
  for (const [key, made] of [...makers].toSorted((a, b) => Number(isRemade(a)) - Number(isRemade(b))))
    for (const step of needers.get(key) ?? [])
      for (const maker of made) if (!droppers.has(key) || !edges.leads(step, maker)) edges.add(maker, step);
  return edges.before;
}

function indexed(
  steps: readonly Step[],
  keysOf: (step: Step) => readonly ObjectKey[],
): Map<ObjectKey, number[]> {
  const found = new Map<ObjectKey, number[]>();
  for (const [at, step] of steps.entries())
    for (const key of new Set(keysOf(step))) found.set(key, [...(found.get(key) ?? []), at]);
  return found;
}

/** What goes with a step, uniqueness that others rely on included. */
function droppedWith({ drops }: Step, { vouchesFor }: SnapshotTies): ObjectKey[] {
  return [...drops, ...drops.flatMap((key) => vouchesFor.get(key) ?? [])];
}

/** What no longer has something standing on it after a step. */
function freedBy({ drops, operations }: Step, { standsOn }: SnapshotTies): ObjectKey[] {
  const altered = operations.flatMap((operation) =>
    operation.kind === 'alter-policy' ? [policyKey(operation.table, operation.name)] : [],
  );
  return [...drops, ...altered].flatMap((key) => standsOn.get(key) ?? []);
}

/** Alterations of one column keep their order, but that a default goes before the type that it may not fit. */
function orderAlterations(steps: readonly Step[], edges: Edges): void {
  const byColumn = indexed(steps, ({ operations }) =>
    operations.flatMap((operation) => alteredColumn(operation) ?? []),
  );
  for (const altering of byColumn.values()) {
    const is = (kind: Operation['kind']) => (at: number) =>
      steps[at]?.operations.some((operation) => operation.kind === kind) ?? false;
    const [gone] = altering.filter(is('drop-default'));
    const sets = altering.some(is('set-default'));
    const chain =
      gone === undefined || sets || !altering.some(is('alter-type'))
        ? altering
        : [gone, ...altering.filter((at) => at !== gone)];
    for (const [index, at] of chain.entries()) if (index > 0) edges.add(chain[index - 1] ?? at, at);
  }
}

type Found = ReadonlyMap<ObjectKey, readonly number[]>;

/** What stands on a column of another type goes before it changes, and what comes is made of the new type. */
function orderRetyped(
  steps: readonly Step[],
  { edges, freeing, needers }: { edges: Edges; freeing: Found; needers: Found },
): void {
  for (const [column, retypes] of indexed(steps, ({ operations }) => operations.flatMap(retyped))) {
    for (const at of retypes) {
      for (const step of freeing.get(column) ?? []) edges.add(step, at);
      for (const step of needers.get(column) ?? [])
        if ((steps[step]?.makes.length ?? 0) > 0) edges.add(at, step);
    }
  }
}

function retyped(operation: Operation): ObjectKey[] {
  return operation.kind === 'alter-type' ? [columnKey(operation.table, operation.column)] : [];
}

/** Before a type goes, every column of it is of another or gone, and no default of these says its name. */
function orderEnums(
  steps: readonly Step[],
  { edges, droppers, ties }: { edges: Edges; droppers: Found; ties: SnapshotTies },
): void {
  const typesOf = new Map([...ties.typesOf, ...steps.flatMap(({ operations }) => operations.flatMap(typed))]);
  for (const [at, step] of steps.entries())
    for (const type of leaving(step).flatMap((key) => typesOf.get(key) ?? [])) {
      if (step.needs.includes(type)) continue;
      const isDefault = step.operations.every(({ kind }) => kind.endsWith('-default'));
      for (const drop of droppers.get(type) ?? []) if (!isDefault || at < drop) edges.add(at, drop);
    }
}

/** Columns with their types, of a step that makes them. */
function typed(operation: Operation): [ObjectKey, readonly ObjectKey[]][] {
  if (operation.kind === 'add-column')
    return [[columnKey(operation.table, operation.column.name), [typeKey(operation.column.type)]]];
  if (operation.kind !== 'create-table') return [];
  return operation.columns.map(({ name, type }) => [columnKey(operation.table, name), [typeKey(type)]]);
}

/** Tables and columns that a step takes away, and columns whose type or default is another after it. */
function leaving({ operations, drops }: Step): ObjectKey[] {
  return [
    ...drops,
    ...operations.flatMap((operation) =>
      ['alter-type', 'set-default', 'drop-default'].includes(operation.kind)
        ? (alteredColumn(operation) ?? [])
        : [],
    ),
  ];
}

/** A column is NOT NULL for as long as it is in a primary key. */
function orderNullsOfKeys(
  steps: readonly Step[],
  { edges, ties }: { edges: Edges; ties: SnapshotTies },
): void {
  const nulls = indexed(steps, ({ operations }) =>
    operations.flatMap((each) => (each.kind === 'drop-not-null' ? (alteredColumn(each) ?? []) : [])),
  );
  for (const [at, { drops }] of steps.entries())
    for (const column of drops.flatMap((key) => ties.keyColumns.get(key) ?? []))
      for (const step of nulls.get(column) ?? []) edges.add(at, step);
}

interface Moved {
  readonly text: string;
  readonly before: string;
}

/** The steps in their order, each preceded by what has to come before it. */
function sorted(steps: readonly Step[], before: Before): { steps: Step[]; moved: Moved[] } {
  const placed = new Set<number>();
  const open = new Set<number>();
  const result: Step[] = [];
  const moved: Moved[] = [];
  const place = (at: number, wanting: number | undefined): void => {
    const step = steps[at];
    if (step === undefined || placed.has(at) || open.has(at)) return;
    open.add(at);
    for (const earlier of [...(before[at] ?? [])].toSorted((a, b) => a - b)) place(earlier, at);
    placed.add(at);
    result.push(step);
    if (wanting !== undefined && wanting < at)
      moved.push({ text: step.text, before: steps[wanting]?.text ?? '' });
  };
  for (const at of steps.keys()) place(at, undefined);
  return { steps: result, moved };
}

function shortened(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ').replace(/;$/, '');
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
