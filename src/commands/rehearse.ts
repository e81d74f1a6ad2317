import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { JournalEntry } from '../orm/drizzle/artifacts.ts';
import { type DrizzleHistory, readHistory, readMigrations, snapshotFileOf } from '../orm/drizzle/history.ts';
import { requirePostgres } from '../orm/drizzle/preconditions.ts';
import { readRollback } from '../orm/drizzle/rollback-file.ts';
import type { ReverseDiffer } from '../orm/drizzle/kit/reverse.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from '../orm/drizzle/snapshot-json.ts';
import { readSnapshot, requireSnapshot } from '../orm/drizzle/snapshot.ts';
import { cacheFolder } from '../project/cache-folder.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import { requireEngine } from '../postgres/engines/open.ts';
import { majorOf, readSettings } from '../project/settings.ts';
import { prove } from '../rehearse/prove.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { rehearseFresh } from '../rehearse/fresh.ts';
import { type PastMigration, replayHistory, type ReplayOptions } from '../rehearse/replayed-history.ts';
import { readSource, type SourceCatalogs } from '../rehearse/source-drift.ts';
import { readSeedDump, type SeedDump } from '../rehearse/seed-dump.ts';
import { gate, type GateResult } from '../review/gate.ts';
import { type StartedDrizzle, startDrizzle } from '../start.ts';
import { posixRelative } from '../workspace/diff.ts';

export interface RehearseOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Tag, number or path of a migration; the newest one when absent. */
  readonly migration?: string | undefined;
  /** `pglite` (unless said), `embedded`, or the URL of an empty database. */
  readonly engine?: string | undefined;
  /** Also the whole history on an empty database, as a new environment runs it. */
  readonly fresh?: boolean | undefined;
  /** A plain SQL dump whose rows are rehearsed with, instead of invented ones. */
  readonly seedDump?: string | undefined;
  /** Stop at warnings too, whatever the settings say. */
  readonly enforce: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RehearseOutcome extends GateResult {
  readonly migration: string;
  /** Relative to the project. */
  readonly file: string;
  readonly rollbackFile: string | undefined;
  readonly rehearsal: Rehearsal | undefined;
}

/**
 * `tableplan rehearse [migration]`: an existing migration, generated or written by hand, up, down (its rollback script) and
 * up again on a disposable Postgres, after the history that comes before it. Writes nothing but its own cache.
 */
export async function runRehearseCommand(options: RehearseOptions): Promise<RehearseOutcome> {
  const { engine = 'pglite' } = options;
  requireEngine(engine);
  const seed = options.seedDump === undefined ? undefined : await readSeedDump(options.cwd, options.seedDump);
  const started = await startDrizzle(options.cwd, { config: options.config });
  options.signal?.addEventListener('abort', () => started.stop());
  try {
    return await rehearseIn(started, { ...options, engine, seed });
  } finally {
    started.stop();
  }
}

async function rehearseIn(
  { project, kit, reverse }: StartedDrizzle,
  options: RehearseOptions & { readonly engine: string; readonly seed: SeedDump | undefined },
): Promise<RehearseOutcome> {
  const config = await kit.config;
  requirePostgres(config, project);
  const settings = await readSettings(project.root);
  const outDir = join(project.root, config.out ?? 'drizzle');
  const history = await readHistory(outDir);
  const entry = pick(history, options.migration);
  const index = history.entries.indexOf(entry);
  await loadSqlParser();
  const migrations = await readMigrations(history);
  const own = requireAll(history.entries.slice(0, index + 1), migrations, outDir);
  const earlierTags = new Set(history.entries.slice(0, index).map(({ tag }) => tag));
  const earlier = migrations.filter(({ name }) => earlierTags.has(name));
  const rollback = await readRollback(outDir, entry.tag);
  const file = posixRelative(project.root, join(outDir, `${entry.tag}.sql`));
  options.signal?.throwIfAborted();
  const [before, after] = await Promise.all([
    snapshotOf(history, history.entries[index - 1]),
    snapshotOf(history, entry),
  ]);
  const replay = {
    cacheFolder: await cacheFolder(project),
    keep: true,
    next: own.sql,
    signal: options.signal,
    engine: { name: options.engine, version: majorOf(settings), from: project.root },
  };
  // The source is compared on PGlite, whatever the engine of the rehearsal: a server has one database to give.
  const onPglite = { ...replay, engine: undefined };
  const source =
    after && sourceOf({ reverse, before, after, scripts: migrations.map(({ sql }) => sql) }, onPglite);
  // A run that ends early does not wait for it.
  source?.catch(() => undefined);
  const proof = await prove({
    up: own.sql,
    down: rollback?.sql,
    planned: undefined,
    source,
    schema: before && readSnapshot(before),
    review: {
      transaction: 'all',
      file,
      postgresVersion: settings.postgresVersion,
      optIn: settings.optIn,
      assumeTimeouts: settings.assumeTimeouts ?? settings.lockTimeout !== undefined,
    },
    ignoredSchemas: [config.migrations?.schema ?? 'drizzle'],
    history: replayHistory(earlier, replay),
    fresh: options.fresh ? () => rehearseFresh([...earlier, own], 'all', replay) : undefined,
    seed: options.seed,
    isManual: false,
  });
  return {
    migration: entry.tag,
    file,
    rollbackFile: rollback && posixRelative(project.root, rollback.path),
    rehearsal: proof.rehearsal,
    ...gate(proof.findings, {
      safety: undefined,
      enforce: options.enforce || settings.safety === 'enforce',
    }),
  };
}

/** By tag, number (`7`, `0007`) or file; the newest where nothing is named. */
function pick({ entries, outDir }: DrizzleHistory, wanted: string | undefined): JournalEntry {
  const newest = entries.at(-1);
  if (!newest) {
    throw new TableplanError('usage', `There is no migration in ${outDir}.`, {
      hint: 'Make one first: tableplan migration, or drizzle-kit generate.',
    });
  }
  if (wanted === undefined) return newest;
  const tag = basename(wanted).replace(/\.sql$/, '');
  const found = entries.find(
    (entry) => entry.tag === tag || (/^\d+$/.test(tag) && Number(entry.tag.split('_')[0]) === Number(tag)),
  );
  if (found) return found;
  throw new TableplanError('usage', `There is no migration ${wanted} in the journal of ${outDir}.`, {
    hint: `The newest is ${newest.tag}.`,
  });
}

/** The newest of some entries; throws where the file of one of them is not there. */
function requireAll(
  entries: readonly JournalEntry[],
  migrations: readonly PastMigration[],
  outDir: string,
): PastMigration {
  const missing = entries.find(({ tag }) => !migrations.some(({ name }) => name === tag));
  const newest = migrations.find(({ name }) => name === entries.at(-1)?.tag);
  if (!missing && newest) return newest;
  const tag = missing?.tag ?? '';
  throw new TableplanError('history-broken', `The journal names ${tag}, but there is no ${tag}.sql.`, {
    hint: 'Restore it from version control.',
    at: { file: join(outDir, `${tag}.sql`) },
  });
}

/** The snapshot of a migration; undefined where it cannot be read: the rehearsal knows without it. */
async function snapshotOf(
  history: DrizzleHistory,
  entry: JournalEntry | undefined,
): Promise<SnapshotJson | undefined> {
  if (!entry) return undefined;
  const path = join(history.outDir, 'meta', snapshotFileOf(entry));
  try {
    return requireSnapshot(JSON.parse(await readFile(path, 'utf8')), path);
  } catch {
    return undefined;
  }
}

/** What drizzle-kit would write for the two snapshots on an empty database, and what Postgres makes of it. */
async function sourceOf(
  source: {
    readonly reverse: ReverseDiffer;
    readonly before: SnapshotJson | undefined;
    readonly after: SnapshotJson;
    /** Their extensions have to be there. */
    readonly scripts: readonly string[];
  },
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const { reverse, before, after, scripts } = source;
  const sql = {
    before: before ? await reverse.diff(EMPTY_SNAPSHOT, before) : [],
    after: await reverse.diff(EMPTY_SNAPSHOT, after),
  };
  return readSource(sql, { ...options, next: scripts.join('\n') });
}
