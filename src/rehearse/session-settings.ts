import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import type { Operation } from '../review/operation.ts';
import type { RowDifference, TableRows } from './row-snapshot.ts';
import { operationsOf } from './transaction-state.ts';

type Settings = Readonly<Record<string, string>>;

/** Settings under which values are read as text, so that the same value is the same text whatever a migration has set. */
const FOR_READING: Settings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
};

/** What another session may have set, where a conversion of values may hang on it. */
const OTHERS: Settings = {
  TimeZone: 'Asia/Kolkata',
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'iso_8601',
  extra_float_digits: '-3',
  bytea_output: 'escape',
};

/** Reads something with the settings that values are read with, and puts the session's own back. */
export async function steadily<T>(engine: Engine, read: () => Promise<T>): Promise<T> {
  const own = await current(engine, Object.keys(FOR_READING));
  await set(engine, FOR_READING);
  try {
    return await read();
  } finally {
    await set(engine, own);
  }
}

async function current(engine: Engine, names: readonly string[]): Promise<Settings> {
  const values = names.map((name) => `current_setting('${name}') as "${name}"`).join(', ');
  const [row] = await engine.query<Settings>(`select ${values}`);
  return row ?? {};
}

async function set(engine: Engine, settings: Settings): Promise<void> {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', '${value.replaceAll("'", "''")}', false)`,
  );
  if (calls.length > 0) await engine.query(`select ${calls.join(', ')}`);
}

/** What a rollback hangs on beyond the migration. */
export interface SessionDependence {
  /** In sentences; empty where the values come back whatever the session has set. */
  readonly depends: readonly string[];
  /** Why that could not be tried. */
  readonly notTested: readonly string[];
}

export interface BothWays {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Rows that are to come back; read again and compared with it. */
  readonly before: readonly TableRows[];
  readonly rows: () => Promise<TableRows[]>;
  readonly compare: (before: readonly TableRows[], after: readonly TableRows[]) => RowDifference[];
  readonly describe: (difference: RowDifference) => string;
}

/**
 * Runs both ways with other session settings, one of them at a time, and says which of them the values that come back
 * depend on: `timestamp::timestamptz` asks the session for its time zone, `text::date` for its DateStyle. Begins and ends
 * with the database as the way up leaves it; all of it is undone.
 */
export async function sessionDependence(engine: Engine, ways: BothWays): Promise<SessionDependence> {
  const operations = [...ways.up, ...ways.down].flatMap(operationsOf);
  if (!operations.some(({ kind }) => CONVERTS.has(kind))) return { depends: [], notTested: [] };
  const isUntold = operations.some(({ kind }) => kind === 'transaction');
  const usual = isUntold ? undefined : await outcome(engine, ways, {}, {});
  if (!usual || usual.failure !== undefined) {
    return {
      depends: [],
      notTested: ['Whether the rollback depends on settings of the session was not tried.'],
    };
  }
  const told = new Set(usual.differences.map(keyOf));
  const others = await otherSettings(engine);
  const differing = async (settings: Settings): Promise<string | undefined> => {
    for (const [up, down] of [
      [{}, settings],
      [settings, {}],
    ] as const) {
      const { failure, differences } = await outcome(engine, ways, up, down);
      if (failure !== undefined) return failure;
      const difference = differences.find((each) => !told.has(keyOf(each)));
      if (difference) return ways.describe(difference);
    }
    return undefined;
  };
  if ((await differing(others)) === undefined) return { depends: [], notTested: [] };
  const depends: string[] = [];
  for (const [name, value] of Object.entries(others)) {
    const what = await differing({ [name]: value });
    if (what === undefined) continue;
    depends.push(
      `it depends on ${name}, which has to be the same in the sessions of migration and rollback: with ${value} in one of them ${what}`,
    );
  }
  return { depends, notTested: [] };
}

/** What may turn stored values into others, or write some. */
const CONVERTS: ReadonlySet<Operation['kind']> = new Set([
  'alter-type',
  'update',
  'insert',
  'delete',
  'select',
  'do-block',
  'call',
  'other',
  'transaction',
]);

function keyOf({ table, column, count }: RowDifference): string {
  return JSON.stringify([table, column, count]);
}

/** Others than the session has. Names are printed without their schema where the path has it. */
async function otherSettings(engine: Engine): Promise<Settings> {
  const own = await current(engine, ['TimeZone', 'search_path']);
  const schemas = await engine.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_catalog.pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') order by nspname`,
  );
  return {
    ...OTHERS,
    ...(own.TimeZone === OTHERS.TimeZone && { TimeZone: 'Asia/Tokyo' }),
    ...(schemas.length > 0 && {
      search_path: [own.search_path, ...schemas.map(({ name }) => name)].join(', '),
    }),
  };
}

interface Outcome {
  readonly differences: readonly RowDifference[];
  readonly failure: string | undefined;
}

/** Down, up again with some settings, and down with some; then all of it is undone. */
async function outcome(
  engine: Engine,
  { up, down, before, rows, compare }: BothWays,
  forUp: Settings,
  forDown: Settings,
): Promise<Outcome> {
  const own = await current(engine, Object.keys({ ...forUp, ...forDown }));
  const run = async (statements: readonly string[], settings: Settings): Promise<void> => {
    await set(engine, settings);
    for (const sql of statements) await engine.exec(sql);
    // Pending checks of foreign keys would stand against the next ALTER TABLE.
    await engine.exec('set constraints all immediate');
    await set(engine, own);
  };
  await engine.exec('begin');
  try {
    if (Object.keys(forUp).length > 0) {
      await run(down, {});
      await run(up, forUp);
    }
    await run(down, forDown);
    return { differences: compare(before, await rows()), failure: undefined };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return { differences: [], failure: `it fails (${error.sqlstate})` };
  } finally {
    await engine.exec('rollback');
  }
}
