import type { PlannedFailure } from '../plan/place-of-failure.ts';
import { type Catalog, type CatalogDifference, diffCatalogs, readCatalog } from '../postgres/catalog.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import type { TransactionMode } from '../review/rule.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { type IndexUse, useOfNewIndexes } from './index-use.ts';
import type { ObjectName } from '../plan/database-schema.ts';
import { newTypesOf } from './casts.ts';
import { affectedTables } from './affected-tables.ts';
import { type Compared, comparedOf, requireWhole } from './coverage.ts';
import { realDifferences } from './drift.ts';
import { type InventedRows, inventRows } from './invent-rows.ts';
import { loadDump, type LoadedDump, type SeededRows } from './load-dump.ts';
import { privateDifference, privateRefusal, privateTrace, withoutValues } from './private-rows.ts';
import { isAboutRows, type RefusedRows, removeRefusedRows } from './refused-rows.ts';
import {
  compareRows,
  type GoneValues,
  goneWith,
  MOST_ROWS,
  type RowDifference,
  snapshotRows,
} from './row-snapshot.ts';
import { compareSequences, readSequences } from './sequence-values.ts';
import { snapshotLag, type SourceCatalogs, sourceDrift } from './source-drift.ts';
import { sessionDependence, steadily } from './session-settings.ts';
import { rollbackOfLaterRows } from './later-rows.ts';
import { untestedTables } from './untested.ts';
import type { SeedDump } from './seed-dump.ts';
import { zoneChanges } from './zone-changes.ts';
import { runStatements, type StatementTrace, type TracedRun, traceStatements } from './trace.ts';
import { endsTransaction, operationsOf } from './transaction-state.ts';

export interface RehearsalInput {
  /** A disposable database on which the history has been replayed and committed. */
  readonly engine: Engine;
  /** The migration as the migrator runs it. */
  readonly up: string;
  /** SQL of the way back; undefined where there is none. */
  readonly down: string | undefined;
  readonly transaction: TransactionMode;
  /** The plan's own DDL, one statement an entry: what the migration is expected to come to. */
  readonly planned?: readonly string[] | undefined;
  /** What the schema source comes to, for a migration without a plan; a sentence where that cannot be told. */
  readonly source?: SourceCatalogs | string | undefined;
  /** Tables of the migrator itself: rows of a dump for them are passed over, and theirs are not counted. */
  readonly migratorTables?: readonly ObjectName[] | undefined;
  /** Rows of the team's own for the tables that it has; the others get invented ones. Its values are shown nowhere. */
  readonly seed?: SeedDump | undefined;
}

export type RollbackLabel = 'exact' | 'schema-only' | 'irreversible';

type Step = 'ok' | 'failed' | 'not run';

export interface Rehearsal {
  readonly engine: Engine['kind'];
  readonly version: string;
  readonly statements: readonly StatementTrace[];
  readonly up: Step;
  readonly down: Step;
  readonly again: Step;
  readonly rollback: RollbackLabel;
  /** What was compared before and after; undefined where the rollback did not run. */
  readonly compared: Compared | undefined;
  /** What a rollback does to rows that are written after the migration, in sentences. */
  readonly limits: readonly string[];
  /** What the way back does not bring back, and why it is not exact; empty where it is. */
  readonly lost: readonly string[];
  readonly drift: readonly CatalogDifference[];
  /** What the drift is a drift from. */
  readonly comparedWith: 'plan' | SourceCatalogs['of'] | undefined;
  /** What the snapshot of the migration does not have as schema source and database have it. */
  readonly lag: readonly CatalogDifference[];
  /** Values of kept columns that the way up has changed. */
  readonly rows: readonly RowDifference[];
  /** Values of tables and columns that the way up has taken away. */
  readonly gone: readonly GoneValues[];
  /** What the way up adds, and whether a search finds its way to it. */
  readonly indexes: readonly IndexUse[];
  readonly invented: readonly InventedRows[];
  /** Rows from a dump, by table; empty without one. */
  readonly seeded: readonly SeededRows[];
  readonly refused: readonly RefusedRows[];
  /** Where Postgres refuses the plan's own DDL. */
  readonly planFailure: PlannedFailure | undefined;
  /** What could not be rehearsed, in sentences. */
  readonly notTested: readonly string[];
}

/**
 * Up, down and up again, with rows: what each statement locks, rewrites and reads, whether the schema comes out as
 * planned, whether the rows are what they were. Leaves the database as the second way up left it. Throws `dump-invalid`.
 */
export async function rehearse(input: RehearsalInput): Promise<Rehearsal> {
  const { engine, source, migratorTables = [] } = input;
  const up = statementsOf(input.up);
  const down = input.down === undefined ? undefined : statementsOf(input.down);
  const catalog = () => readCatalog(engine);
  const rows = () => steadily(engine, () => snapshotRows(engine));

  const start = await catalog();
  await requireWhole(engine, start);
  const planned = input.planned && (await outcomeOf(engine, input.planned, catalog));
  const affected = await affectedTables(engine, [...up, ...(down ?? [])]);
  const loaded = input.seed && (await loadDump(engine, input.seed, migratorTables));
  const seeded = loaded?.seeded ?? [];
  const changes = await zoneChanges(engine, up);
  await engine.exec('begin');
  const invented = await inventRows(engine, affected, {
    already: new Set(seeded.map(({ table }) => table)),
    newTypes: newTypesOf(up),
    zoneChanges: changes,
  });
  await engine.exec('commit');
  const hidden = (differences: RowDifference[]): RowDifference[] =>
    loaded ? differences.map(privateDifference) : differences;
  const compare = (...sides: Parameters<typeof compareRows>): RowDifference[] =>
    hidden(compareRows(...sides));
  const sequences = await readSequences(engine);

  const { run, refused } = await upWithRowsThatFit(input, up, affected);
  const common = {
    engine: engine.kind,
    version: engine.version,
    statements: loaded ? run.traced.statements.map(privateTrace) : run.traced.statements,
    invented,
    seeded,
    refused: loaded ? refused.map(privateRefusal) : refused,
    planFailure: planned?.failure,
    compared: undefined,
    limits: [],
    comparedWith: planned?.catalog ? ('plan' as const) : typeof source === 'object' ? source.of : undefined,
    notTested: notTested(invented, loaded),
    lag: [],
  };
  if (!run.traced.ok) {
    return {
      ...common,
      up: 'failed',
      down: 'not run',
      again: 'not run',
      rollback: 'irreversible',
      lost: ['The migration fails.'],
      drift: [],
      rows: [],
      gone: [],
      indexes: [],
    };
  }
  const { before } = run;
  const reached = await catalog();
  await requireWhole(engine, reached);
  const drift = planned?.catalog
    ? realDifferences(diffCatalogs(planned.catalog, reached))
    : source && typeof source === 'object'
      ? sourceDrift(source, { start, reached })
      : [];
  const now = await rows();
  const changed = compare(before, now, 'identity');
  const indexes = await useOfNewIndexes(engine, start, reached);
  const lag = typeof source === 'object' ? snapshotLag(source, reached) : [];
  const forth = {
    ...common,
    up: 'ok' as const,
    drift,
    lag,
    rows: changed,
    gone: goneWith(before, now),
    indexes,
  };
  if (!down) {
    return {
      ...forth,
      down: 'not run',
      again: 'not run',
      rollback: 'irreversible',
      lost: ['There is no rollback.'],
    };
  }
  const back = await runStatements(engine, down, input.transaction);
  if (!back.ok) {
    const failure = back.statements.at(-1)?.failure;
    const words = failure && loaded ? withoutValues(failure) : failure?.message;
    const lost = [`The rollback fails: ${words ?? 'unknown'} (${failure?.sqlstate ?? '?'}).`];
    return { ...forth, down: 'failed', again: 'not run', rollback: 'irreversible', lost };
  }
  const label = labelled(realDifferences(diffCatalogs(start, await catalog())), [
    ...compare(before, await rows(), 'name'),
    ...hidden(compareSequences(sequences, await readSequences(engine), [...up, ...down])),
  ]);
  const untested = untestedTables(up, before);
  const again = await runStatements(engine, up, input.transaction);
  const same = again.ok && realDifferences(diffCatalogs(reached, await catalog())).length === 0;
  const compared = comparedOf([start, reached], before, migratorTables);
  const session = same
    ? await sessionDependence(engine, {
        up,
        down,
        before,
        rows,
        compare: (was, is) => compare(was, is, 'name'),
        describe: describeRowDifference,
      })
    : undefined;
  const later = same
    ? await rollbackOfLaterRows(engine, {
        up,
        down,
        before,
        rows,
        describe: (difference) => describeRowDifference(loaded ? privateDifference(difference) : difference),
        words: (failure) => (loaded ? withoutValues(failure) : failure.message),
      })
    : undefined;
  return {
    ...forth,
    limits: later?.limits ?? [],
    down: 'ok',
    again: same ? 'ok' : 'failed',
    compared,
    ...lowered(label, [...untested.map(unknownRows), ...(session?.depends ?? []), ...(later?.changed ?? [])]),
    notTested: [...forth.notTested, ...(session?.notTested ?? []), ...(later?.notTested ?? [])],
  };
}

/** The statements of a script one by one; a text that Postgres cannot read stays whole. */
export function statementsOf(sql: string): string[] {
  return parseScript(sql).map(({ text }) => text);
}

interface WayUp {
  readonly traced: TracedRun;
  readonly before: Awaited<ReturnType<typeof snapshotRows>>;
}

/** Runs the way up; where only some rows stand against it, it is run on the others, and those are named. */
async function upWithRowsThatFit(
  { engine, transaction }: RehearsalInput,
  up: readonly string[],
  affected: Parameters<typeof removeRefusedRows>[1],
): Promise<{ run: WayUp; refused: RefusedRows[] }> {
  const refused: RefusedRows[] = [];
  for (;;) {
    const before = await steadily(engine, () => snapshotRows(engine));
    const traced = await traceStatements(engine, up, transaction);
    const failure = traced.statements.at(-1)?.failure;
    const stands = { run: { traced, before }, refused };
    const reached = up.slice(0, traced.statements.length);
    // Outside a transaction, or after a COMMIT, statements before it are there to stay: there is no second try.
    const isKept = transaction === 'none' || endsTransaction(reached.flatMap(operationsOf));
    if (!failure || !isAboutRows(failure.sqlstate) || isKept) return stands;
    const removed = await removeRefusedRows(engine, affected, reached, failure);
    if (!removed) return stands;
    refused.push(...removed);
  }
}

interface Planned {
  readonly catalog: Catalog | undefined;
  readonly failure: Rehearsal['planFailure'];
}

/** What Postgres says of a statement of the plan's own DDL. */
export function plannedFailure(
  sql: string,
  { message, sqlstate, detail, fields }: SqlFailure,
): PlannedFailure {
  const position = Number(fields.position);
  return { sql, message, sqlstate, detail, position: position > 0 ? position : undefined };
}

/** States in which Postgres does not refuse the statement but the place: never the plan's fault. */
const PLACE = new Set(['55P04', '25001']);

/** The catalog that the plan's own DDL leads to; nothing of it stays. */
async function outcomeOf(
  engine: Engine,
  statements: readonly string[],
  catalog: () => Promise<Catalog>,
): Promise<Planned> {
  await engine.exec('begin');
  let running = '';
  try {
    for (const sql of statements) {
      running = sql;
      await engine.exec(sql);
    }
    return { catalog: await catalog(), failure: undefined };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    if (PLACE.has(error.sqlstate)) return { catalog: undefined, failure: undefined };
    return { catalog: undefined, failure: plannedFailure(running, error) };
  } finally {
    await engine.exec('rollback');
  }
}

function labelled(
  catalog: readonly CatalogDifference[],
  rows: readonly RowDifference[],
): Pick<Rehearsal, 'rollback' | 'lost'> {
  if (catalog.length > 0) {
    const lost = catalog.map(({ object, expected, actual }) =>
      actual === undefined
        ? `${object} is not brought back (${expected})`
        : expected === undefined
          ? `${object} stays (${actual})`
          : `${object} is ${actual} afterwards, was ${expected}`,
    );
    return { rollback: 'irreversible', lost };
  }
  if (rows.length === 0) return { rollback: 'exact', lost: [] };
  return { rollback: 'schema-only', lost: rows.map(describeRowDifference) };
}

/** A label with what stands against `exact`: rows that were not there prove nothing, and settings may be others. */
function lowered(
  label: Pick<Rehearsal, 'rollback' | 'lost'>,
  reasons: readonly string[],
): Pick<Rehearsal, 'rollback' | 'lost'> {
  if (label.rollback === 'irreversible' || reasons.length === 0) return label;
  return { rollback: 'schema-only', lost: [...label.lost, ...reasons] };
}

function unknownRows(table: string): string {
  return `${table} had no rows, so that it is not known whether they come back`;
}

/** `products.old_field: 3 values changed, such as 'a' → NULL`. */
export function describeRowDifference({ table, column, count, example }: RowDifference): string {
  if (column === undefined) return `${table}: row count changed by ${count}`;
  const shown = (value: string | null | undefined): string =>
    value === null || value === undefined
      ? 'NULL'
      : `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  const changed = `${table}.${column}: ${count} ${count === 1 ? 'value' : 'values'} changed`;
  if (!example) return changed;
  return `${changed}, such as ${shown(example.before)} → ${shown(example.after)}`;
}

function notTested(invented: readonly InventedRows[], loaded: LoadedDump | undefined): string[] {
  const empty = invented
    .filter(({ count }) => count === 0)
    .map(({ table, refusal }) => `${table} has no rows: ${refusal ?? 'none could be made'}.`);
  const many = (loaded?.seeded ?? []).flatMap(({ table, count }) =>
    count > MOST_ROWS ? [`Of the ${count} rows of ${table}, ${MOST_ROWS} were compared.`] : [],
  );
  return [...empty, ...many, ...(loaded?.notTested ?? [])];
}
