import { TableplanError } from '../errors.ts';
import { LimitExceeded } from '../limits.ts';
import type { ObjectName } from '../plan/database-schema.ts';
import { quoteIdentifier } from '../postgres/quote.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { type TableRef, tableKey } from '../review/operation.ts';
import type { DumpPart } from './dump-script.ts';
import type { SeedDump } from './seed-dump.ts';
import { withoutValues } from './private-rows.ts';

/** Rows that a table has from the dump. */
export interface SeededRows {
  /** `users`, `app.users`; the whole table where its partitions were dumped. */
  readonly table: string;
  readonly count: number;
}

export interface LoadedDump {
  readonly seeded: readonly SeededRows[];
  /** What of the dump was passed over, in sentences. */
  readonly notTested: readonly string[];
}

type Insert = Extract<DumpPart, { kind: 'insert' }>;

/** INSERTs that are sent at once; where one fails, they are sent again one by one. */
const BATCH = 200;

/**
 * Loads a dump into a database that has the history's tables, in one transaction. Rows that the history itself has put
 * into a table of the dump go: they are in the dump. Triggers and foreign keys do not fire (where the user may say so), as
 * with pg_restore --disable-triggers. Tables that are not there are passed over and named.
 *
 * Throws `dump-invalid` with file and line for rows that do not fit; no message shows a value.
 */
export async function loadDump(
  engine: Engine,
  dump: SeedDump,
  migratorTables: readonly ObjectName[],
): Promise<LoadedDump> {
  const loading: Loading = { engine, dump, migratorTables, targets: new Map(), touched: new Map() };
  const [before] = await engine.query<{ search_path: string }>('show search_path');
  await engine.exec('begin');
  let line: number | undefined;
  try {
    await withoutTriggers(engine);
    for (const parts of batched(dump.parts)) {
      line = parts[0]?.line;
      await load(loading, parts);
    }
    line = undefined;
    await engine.query("select set_config('search_path', $1, false)", [before?.search_path ?? '']);
    const seeded = await countRows(loading);
    await engine.exec('commit');
    return { seeded, notTested: passedOver(loading) };
  } catch (error) {
    // Where the connection is lost, there is nothing to undo.
    await engine.exec('rollback').catch(() => undefined);
    if (error instanceof LimitExceeded) {
      // Its statements have rows in them.
      throw error.withoutStatement().during('Loading the dump', { file: dump.file, line });
    }
    throw error instanceof SqlFailure ? refused(dump, line, error) : error;
  }
}

interface Target extends TableRef {
  readonly oid: number;
  /** `r`, `p`, `v` … */
  readonly kind: string;
  readonly root: TableRef;
}

interface Loading {
  readonly engine: Engine;
  readonly dump: SeedDump;
  readonly migratorTables: readonly ObjectName[];
  /** By the name in the dump; undefined for a table that is not there. */
  readonly targets: Map<string, Target | undefined>;
  /** By oid. */
  readonly touched: Map<number, Target>;
}

/** INSERTs that follow each other into one table as one entry. */
function* batched(parts: readonly DumpPart[]): Generator<readonly DumpPart[]> {
  let batch: Insert[] = [];
  for (const part of parts) {
    const [first] = batch;
    if (first && (part.kind !== 'insert' || part.table !== first.table || batch.length >= BATCH)) {
      yield batch;
      batch = [];
    }
    if (part.kind === 'insert') batch.push(part);
    else yield [part];
  }
  if (batch.length > 0) yield batch;
}

async function load(loading: Loading, parts: readonly DumpPart[]): Promise<void> {
  const { engine, dump } = loading;
  const [part] = parts;
  if (!part) return;
  switch (part.kind) {
    case 'search-path':
      loading.targets.clear();
      return engine.exec(part.sql);
    case 'change':
      return engine.exec(part.sql);
    case 'sequence':
      // Its table is not there.
      await attempt(engine, part.sql, (failure) => failure.sqlstate === '42P01');
      return;
    case 'copy':
      if (await isWanted(loading, part.table)) {
        await engine.copyIn(part.sql, part.data).catch((error: unknown) => {
          throw error instanceof SqlFailure ? refused(dump, lineOf(part, error), error) : error;
        });
      }
      return;
    case 'insert': {
      if (!(await isWanted(loading, part.table))) return;
      if (parts.length > 1 && (await attempt(engine, parts.map(({ sql }) => sql).join(';\n'), () => true)))
        return;
      for (const { sql, line } of parts) {
        await engine.exec(sql).catch((error: unknown) => {
          throw error instanceof SqlFailure ? refused(dump, line, error) : error;
        });
      }
    }
  }
}

/** Whether there is such a table, and it is the migrations' own; the first time, its rows of the history go. */
async function isWanted(loading: Loading, name: string): Promise<boolean> {
  const { engine, targets, touched, migratorTables } = loading;
  if (!targets.has(name)) targets.set(name, await findTarget(engine, name));
  const target = targets.get(name);
  if (!target || migratorTables.some((own) => tableKey(own) === tableKey(target))) return false;
  if (touched.has(target.oid)) return true;
  touched.set(target.oid, target);
  if (target.kind === 'r') await engine.exec(`delete from only ${name}`);
  return true;
}

async function findTarget(engine: Engine, name: string): Promise<Target | undefined> {
  const [found] = await engine.query<
    Omit<Target, 'root'> & { root_schema: string | null; root_name: string | null }
  >(
    `select c.oid::int8::int4 as oid, c.relkind::text as kind, n.nspname as schema, c.relname as name,
       rn.nspname as root_schema, r.relname as root_name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_class r on r.oid = pg_partition_root(c.oid) left join pg_namespace rn on rn.oid = r.relnamespace
     where c.oid = to_regclass($1)`,
    [name],
  );
  if (!found) return undefined;
  const { root_schema, root_name, ...own } = found;
  return { ...own, root: { schema: root_schema ?? own.schema, name: root_name ?? own.name } };
}

/** Only a superuser may; others load with foreign keys and triggers at work. */
async function withoutTriggers(engine: Engine): Promise<void> {
  await attempt(engine, "set local session_replication_role = 'replica'", () => true);
}

/** Runs SQL; undone and false where it fails in a way that `mayFail`. */
async function attempt(
  engine: Engine,
  sql: string,
  mayFail: (failure: SqlFailure) => boolean,
): Promise<boolean> {
  await engine.exec('savepoint dump');
  try {
    await engine.exec(sql);
    await engine.exec('release savepoint dump');
    return true;
  } catch (error) {
    if (!(error instanceof SqlFailure) || !mayFail(error)) throw error;
    await engine.exec('rollback to savepoint dump');
    return false;
  }
}

async function countRows({ engine, touched }: Loading): Promise<SeededRows[]> {
  const roots = new Map([...touched.values()].map(({ root }) => [tableKey(root), root]));
  const seeded: SeededRows[] = [];
  for (const [table, { schema, name }] of roots) {
    const [row] = await engine.query<{ count: number }>(
      `select count(*)::int4 as count from ${quoteIdentifier(schema ?? 'public')}.${quoteIdentifier(name)}`,
    );
    seeded.push({ table, count: row?.count ?? 0 });
  }
  return seeded;
}

function passedOver({ dump, targets, migratorTables }: Loading): string[] {
  const missing = [...targets].flatMap(([name, target]) =>
    target ||
    migratorTables.some((own) => tableKey(own) === name.replaceAll('"', '').replace(/^public\./, ''))
      ? []
      : [name],
  );
  if (missing.length === 0) return [];
  return [`${dump.file} has rows of tables that the history does not have: ${missing.join(', ')}.`];
}

/** Postgres counts the rows of a COPY: `COPY users, line 2, column id`. */
function lineOf(part: Extract<DumpPart, { kind: 'copy' }>, { where }: SqlFailure): number {
  const row = /\bline (\d+)/.exec(where ?? '')?.[1];
  return row === undefined ? part.line : part.dataLine + Number(row) - 1;
}

function refused({ file }: SeedDump, line: number | undefined, failure: SqlFailure): TableplanError {
  const column = /\bline \d+, column ([^:]+)/.exec(failure.where ?? '')?.[1];
  const place = column === undefined ? '' : `, column ${column}`;
  return new TableplanError(
    'dump-invalid',
    `The dump does not fit the schema before the migration: ${withoutValues(failure)}${place} (${failure.sqlstate}).`,
    {
      at: line === undefined ? { file } : { file, line },
      hint: 'Make it from a database on which the migrations before this one have run, and no others.',
    },
  );
}
