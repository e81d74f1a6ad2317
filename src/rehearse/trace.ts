import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { LOCK_MODES, lockStrength } from '../postgres/lock-modes.ts';
import type { Operation } from '../review/operation.ts';
import { refusedInTransaction } from '../review/outside-transaction.ts';
import type { TransactionMode } from '../review/rule.ts';
import { operationsOf, staysOpen } from './transaction-state.ts';

export interface LockTaken {
  /** `users`, `app.users`: `public` is left out. */
  readonly relation: string;
  /** `AccessExclusiveLock` … */
  readonly mode: string;
}

/** What was seen while one statement ran. */
export interface StatementTrace {
  readonly sql: string;
  /** Strongest lock newly taken on each relation that existed before the migration. */
  readonly locks: readonly LockTaken[];
  /** Tables and indexes that were rewritten. */
  readonly rewrites: readonly string[];
  /** Tables that were read from end to end. */
  readonly scans: readonly string[];
  readonly ms: number;
  /** False where the statement cannot run in a transaction, so that its locks were gone before they could be read. */
  readonly observed: boolean;
  readonly failure?: {
    readonly sqlstate: string;
    readonly message: string;
    readonly detail: string | undefined;
  };
}

export interface TracedRun {
  readonly statements: readonly StatementTrace[];
  readonly ok: boolean;
}

/** Locks that reading and writing rows takes anyway: they block nobody but DDL. */
const ORDINARY = new Set<string>(LOCK_MODES.slice(0, 3));

/**
 * Runs statements as the migrator would (`all`, `each`: one transaction; `none`: one for each statement) and notes for
 * each what it did to what was there before. Stops at the first failure, with everything of the open transaction undone.
 * Technique: pg_locks, pg_class.relfilenode and pg_stat_get_xact_numscans, read on the same connection inside the
 * transaction (facts/safety.md §5; it counts before any flush, so that one run is enough. The view that has it,
 * pg_stat_xact_user_tables, takes twice the time of all of this, and it is asked after each statement).
 */
export async function traceStatements(
  engine: Engine,
  statements: readonly string[],
  mode: TransactionMode,
): Promise<TracedRun> {
  return run(engine, statements, { mode, existing: await relations(engine) });
}

/** Runs statements in the same way, without looking at what each does. */
export function runStatements(
  engine: Engine,
  statements: readonly string[],
  mode: TransactionMode,
): Promise<TracedRun> {
  return run(engine, statements, { mode, existing: undefined });
}

interface Watching {
  readonly mode: TransactionMode;
  /** What is watched; undefined where nobody asks. */
  readonly existing: Relations | undefined;
}

async function run(
  engine: Engine,
  statements: readonly string[],
  { mode, existing }: Watching,
): Promise<TracedRun> {
  const look = existing && (() => probe(engine, existing));
  const traced: StatementTrace[] = [];
  const wrap = mode !== 'none';
  let open = false;
  /** What was seen after the statement before, in the same transaction. */
  let last: Probe | undefined;
  const begin = async (): Promise<void> => {
    await engine.exec('begin');
    open = true;
    last = undefined;
  };
  if (wrap) await begin();
  for (const sql of statements) {
    const operations = operationsOf(sql);
    // Outside any transaction of its own a statement gets one just for being watched.
    const alone =
      look !== undefined &&
      !open &&
      !operations.some(({ kind }) => kind === 'transaction') &&
      canBeWrapped(operations);
    if (alone) await begin();
    const before = open ? (last ?? (await look?.())) : undefined;
    const started = performance.now();
    try {
      await engine.exec(sql);
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      const { sqlstate, message, detail } = error;
      traced.push({ ...unseen(sql, started), observed: open, failure: { sqlstate, message, detail } });
      if (open) await engine.exec('rollback');
      return { statements: traced, ok: false };
    }
    const ms = performance.now() - started;
    open = staysOpen(open, operations);
    const after = open && before ? await look?.() : undefined;
    last = after;
    traced.push(
      existing && before && after
        ? { sql, ...difference(before, after, existing), ms, observed: true }
        : { ...unseen(sql, started), ms },
    );
    if (alone) {
      await engine.exec('commit');
      open = false;
    }
  }
  if (!open) return { statements: traced, ok: true };
  try {
    // Deferred constraints speak up here.
    await engine.exec('commit');
    return { statements: traced, ok: true };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { sqlstate, message, detail } = error;
    const failure = { sqlstate, message, detail };
    await engine.exec('rollback');
    return { statements: [...traced, { ...unseen('COMMIT', performance.now()), failure }], ok: false };
  }
}

function unseen(sql: string, started: number): StatementTrace {
  return { sql, locks: [], rewrites: [], scans: [], ms: performance.now() - started, observed: false };
}

/** Postgres refuses these inside a transaction block (25001, 2D000). */
function canBeWrapped(operations: readonly Operation[]): boolean {
  return operations.every(
    (operation) => operation.kind !== 'block-commit' && refusedInTransaction(operation) === undefined,
  );
}

interface Relations {
  /** oid → name, of what was there before the migration. */
  readonly names: ReadonlyMap<number, string>;
  /** oid → file, then. */
  readonly files: ReadonlyMap<number, number>;
  /** Whatever is made from now on has a greater oid. */
  readonly newest: number;
  /** Whatever is written from now on is written by a greater transaction: a schema of a thousand tables is not read each time. */
  readonly since: string;
}

async function relations(engine: Engine): Promise<Relations> {
  const rows = await engine.query<{ oid: number; name: string; file: string }>(
    `select c.oid::int8::int4 as oid, case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name,
       relfilenode::text as file
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'm', 'i', 'I', 'v', 'S')`,
  );
  const [now] = await engine.query<{ xid: string }>('select txid_current()::text as xid');
  return {
    names: new Map(rows.map(({ oid, name }) => [oid, name])),
    files: new Map(rows.map(({ oid, file }) => [oid, Number(file)])),
    newest: rows.reduce((newest, { oid }) => Math.max(newest, oid), 0),
    since: now?.xid ?? '0',
  };
}

interface Probe {
  readonly locks: ReadonlySet<string>;
  /** Of what has been written since the start; all else has the file that it had. */
  readonly files: ReadonlyMap<number, number>;
  readonly scans: ReadonlyMap<number, number>;
}

/** What is held, written and read in the open transaction, of what was there before the migration. */
async function probe(engine: Engine, { newest, since }: Relations): Promise<Probe> {
  const rows = await engine.query<{ what: string; oid: number; value: string }>(
    `select 'lock' as what, relation::int8::int4 as oid, mode as value from pg_locks
       where locktype = 'relation' and granted and pid = pg_backend_pid() and database <> 0
         and relation between 16384 and ${newest}
     union all select 'file', oid::int8::int4, relfilenode::text from pg_class
       where oid between 16384 and ${newest} and relkind in ('r', 'm', 'i') and xmin::text::int8 > ${since}
     union all select 'scan', oid::int8::int4, pg_stat_get_xact_numscans(oid)::text from pg_class
       where oid between 16384 and ${newest} and relkind in ('r', 'm', 'p') and pg_stat_get_xact_numscans(oid) > 0`,
  );
  const of = (what: string) => rows.filter((row) => row.what === what);
  return {
    locks: new Set(of('lock').map(({ oid, value }) => `${oid} ${value}`)),
    files: new Map(of('file').map(({ oid, value }) => [oid, Number(value)])),
    scans: new Map(of('scan').map(({ oid, value }) => [oid, Number(value)])),
  };
}

function difference(
  before: Probe,
  after: Probe,
  { names, files }: Relations,
): Pick<StatementTrace, 'locks' | 'rewrites' | 'scans'> {
  const strongest = new Map<string, string>();
  for (const lock of after.locks) {
    const [oid = '', mode = ''] = lock.split(' ');
    const relation = names.get(Number(oid));
    if (relation === undefined || before.locks.has(lock) || ORDINARY.has(mode)) continue;
    const known = strongest.get(relation);
    if (known === undefined || lockStrength(known) < lockStrength(mode)) strongest.set(relation, mode);
  }
  const named = (to: ReadonlyMap<number, number>, from: (oid: number) => number | undefined): string[] =>
    [...to].flatMap(([oid, value]) => {
      const name = names.get(oid);
      return name !== undefined && value !== from(oid) ? [name] : [];
    });
  return {
    locks: [...strongest].map(([relation, mode]) => ({ relation, mode })).toSorted(byRelation),
    rewrites: named(after.files, (oid) => before.files.get(oid) ?? files.get(oid)).toSorted(),
    scans: named(after.scans, (oid) => before.scans.get(oid) ?? 0).toSorted(),
  };
}

function byRelation(a: LockTaken, b: LockTaken): number {
  return a.relation < b.relation ? -1 : 1;
}
